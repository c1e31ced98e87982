package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.homogeneity.Homogeneity;
import io.github.dl4jaskew.margin.internal.network.BehindBatchNorm;
import io.github.dl4jaskew.margin.internal.network.ParameterBlock;
import io.github.dl4jaskew.margin.metrics.NearMargin;
import io.github.dl4jaskew.margin.metrics.NormalizedMargin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Measures the margin of a network that is homogeneous but for biases and batch norm. Immutable. */
final class NearHomogeneous {

    private final OptionalInt degree;
    private final List<String> reasons;
    private final List<ParameterBlock> counted = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    NearHomogeneous(Model network, int output, List<ParameterBlock> blocks) {
        Homogeneity nearly = network instanceof MultiLayerNetwork multiLayer
                ? Homogeneity.withoutBiases(multiLayer)
                : Homogeneity.withoutBiases((ComputationGraph) network);
        String name = nearly.outputs().get(output);
        degree = nearly.degreeAtInference(name);
        reasons = nearly.reasons(name).stream().map(Object::toString).toList();
        Set<String> behind = BehindBatchNorm.layers(network, output);
        Set<String> biased = new LinkedHashSet<>();
        Set<String> before = new LinkedHashSet<>();
        List<ParameterBlock> trained =
                blocks.stream().filter(ParameterBlock::trained).toList();
        for (ParameterBlock block : trained) {
            if (!behind.contains(block.layer())) {
                before.add(block.layer());
            } else if (block.bias()) {
                biased.add(block.layer());
            } else {
                counted.add(block);
            }
        }
        if (!biased.isEmpty()) {
            leftOut.add("biases of the layers " + biased);
        }
        if (!before.isEmpty()) {
            leftOut.add("the layers " + before + ", whose scale batch norm takes away");
        }
    }

    void measure(Measurement measurement) {
        double[] values = measurement.weights().values();
        double norm = 0;
        for (ParameterBlock block : counted) {
            norm = Math.hypot(norm, Norm.of(Arrays.copyOfRange(values, block.from(), block.to())));
        }
        if (degree.isEmpty()) {
            reasons.forEach(reason -> measurement.exclude("near margin: " + reason));
        } else if (degree.getAsInt() == 0 || norm == 0) {
            measurement.exclude("near margin: no weight but biases changes the logits");
        } else {
            double minimum = measurement.margins().minimum();
            double margin = NormalizedMargin.of(minimum, norm, degree.getAsInt());
            if (Double.isFinite(margin)) {
                measurement.add(new NearMargin(degree.getAsInt(), norm, margin, leftOut));
            } else {
                measurement.exclude("near margin: the minimum margin " + minimum + " over the norm " + norm
                        + " to the power " + degree.getAsInt() + " is beyond the range of double");
            }
        }
    }
}
