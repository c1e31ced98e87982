package io.github.dl4jaskew.margin.homogeneity;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known of the activations behind a layer.
 *
 * @param degree in all trained weights together; 0 for the network's input
 * @param reasons of this layer and of those before it, why that is not so
 */
record Flow(int degree, Set<Reason> reasons) {

    static Flow of(int degree, Reason... reasons) {
        return new Flow(degree, new LinkedHashSet<>(Arrays.asList(reasons)));
    }

    /** The same with the reasons of what came before. */
    Flow behind(Collection<Flow> inputs) {
        Set<Reason> all = new LinkedHashSet<>();
        inputs.forEach(input -> all.addAll(input.reasons));
        all.addAll(reasons);
        return new Flow(degree, all);
    }

    Flow behind(Flow input) {
        return behind(List.of(input));
    }
}
