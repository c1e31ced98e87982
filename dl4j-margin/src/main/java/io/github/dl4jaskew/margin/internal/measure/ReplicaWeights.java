package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.Doubles;
import io.github.dl4jaskew.margin.internal.network.NetworkReplica;
import io.github.dl4jaskew.margin.internal.network.ParameterBlock;
import io.github.dl4jaskew.margin.metrics.LayerNorm;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All weights of a network and their norms, in double.
 *
 * @param values in the order of the parameters; 0 for those that are not trained
 * @param norm euclidean norm of all
 * @param layerNorms of each layer with weights
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReplicaWeights(double[] values, double norm, List<LayerNorm> layerNorms) {

    public static ReplicaWeights of(NetworkReplica replica, List<ParameterBlock> blocks) {
        double[] values = onlyTrained(Doubles.of(replica.model().params()), blocks);
        Map<String, Double> squares = new LinkedHashMap<>();
        for (ParameterBlock block : blocks) {
            if (block.trained()) {
                squares.merge(block.layer(), square(values, block), Double::sum);
            }
        }
        double norm = Math.sqrt(
                squares.values().stream().mapToDouble(Double::doubleValue).sum());
        if (!(norm > 0 && norm < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the norm of the trained weights is " + norm
                    + "; the margin needs weights that are finite and not all 0");
        }
        List<LayerNorm> layers = squares.entrySet().stream()
                .map(e -> new LayerNorm(e.getKey(), Math.sqrt(e.getValue())))
                .toList();
        return new ReplicaWeights(values, norm, layers);
    }

    /** Sets what is not trained to 0, in place. */
    public static double[] onlyTrained(double[] values, List<ParameterBlock> blocks) {
        for (ParameterBlock block : blocks) {
            if (!block.trained()) {
                Arrays.fill(values, block.from(), block.to(), 0);
            }
        }
        return values;
    }

    private static double square(double[] values, ParameterBlock block) {
        double square = 0;
        for (int i = block.from(); i < block.to(); i++) {
            square += values[i] * values[i];
        }
        return square;
    }

    public double[] norms() {
        return layerNorms.stream().mapToDouble(LayerNorm::norm).toArray();
    }
}
