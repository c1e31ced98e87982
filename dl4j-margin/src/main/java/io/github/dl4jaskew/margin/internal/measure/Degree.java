package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.homogeneity.Homogeneity;
import io.github.dl4jaskew.margin.homogeneity.Reason;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * The degree of homogeneity of a network's output.
 *
 * @param value L, empty if the output is not homogeneous
 * @param isChain whether the layers are a chain of degree 1 each
 * @param reasons why not, and why there is no chain
 */
record Degree(OptionalDouble value, boolean isChain, List<String> reasons) {

    private static final String CHAIN = "product of norms and balance: ";

    static Degree of(Model network, int output, OptionalDouble named) {
        Homogeneity homogeneity = network instanceof MultiLayerNetwork multiLayer
                ? Homogeneity.of(multiLayer)
                : Homogeneity.of((ComputationGraph) network);
        String name = homogeneity.outputs().get(output);
        List<Reason> reasons = homogeneity.reasons(name);
        // Logits are measured at inference, where dropout does nothing.
        OptionalInt degree = reasons.isEmpty() ? homogeneity.degree(name) : homogeneity.degreeAtInference(name);
        if (named.isPresent() && named.getAsDouble() != degree.orElse(0)) {
            String text = "the degree was named, and those of the single layers are not known";
            return new Degree(named, false, List.of(CHAIN + text));
        } else if (degree.isPresent() && degree.getAsInt() > 0) {
            Optional<String> obstacle = homogeneity.obstacleToChain(name);
            return new Degree(
                    OptionalDouble.of(degree.getAsInt()),
                    obstacle.isEmpty(),
                    obstacle.stream()
                            .map(text -> CHAIN + text + "; they need a chain of layers that add 1 each")
                            .toList());
        } else if (reasons.isEmpty()) {
            String text = "degree: it is 0, no trained weight changes the logits";
            return new Degree(OptionalDouble.empty(), false, List.of(text));
        }
        return new Degree(
                OptionalDouble.empty(),
                false,
                reasons.stream().map(reason -> "degree: " + reason).toList());
    }
}
