package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.homogeneity.Homogeneity;
import io.github.dl4jaskew.margin.homogeneity.Reason;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * The degree of homogeneity of a network's output.
 *
 * @param value L, empty if the output is not homogeneous
 * @param reasons why not
 */
record Degree(OptionalDouble value, List<String> reasons) {

    static Degree of(Model network, int output, OptionalDouble named) {
        if (named.isPresent()) {
            return new Degree(named, List.of());
        }
        Homogeneity homogeneity = network instanceof MultiLayerNetwork multiLayer
                ? Homogeneity.of(multiLayer)
                : Homogeneity.of((ComputationGraph) network);
        String name = homogeneity.outputs().get(output);
        List<Reason> reasons = homogeneity.reasons(name);
        // Logits are measured at inference, where dropout does nothing.
        OptionalInt degree = reasons.isEmpty() ? homogeneity.degree(name) : homogeneity.degreeAtInference(name);
        if (degree.isPresent() && degree.getAsInt() > 0) {
            return new Degree(OptionalDouble.of(degree.getAsInt()), List.of());
        }
        if (reasons.isEmpty()) {
            return new Degree(OptionalDouble.empty(), List.of("degree: it is 0, no trained weight changes the logits"));
        }
        return new Degree(
                OptionalDouble.empty(),
                reasons.stream().map(reason -> "degree: " + reason).toList());
    }
}
