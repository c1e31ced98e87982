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
 * @param largest magnitude, the l-infinity norm
 * @param sum of the magnitudes, the l1 norm
 * @param layerNorms of each layer with weights
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReplicaWeights(double[] values, double norm, double largest, double sum, List<LayerNorm> layerNorms) {

    public static ReplicaWeights of(NetworkReplica replica, List<ParameterBlock> blocks) {
        double[] values = onlyTrained(Doubles.of(replica.model().params()), blocks);
        double largest = 0;
        double sum = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
            sum += Math.abs(value);
        }
        // A power of 2 changes no digit, and keeps squares in the range of double.
        double scale =
                largest > 0 && largest < Double.POSITIVE_INFINITY ? Math.scalb(1.0, Math.getExponent(largest)) : 1;
        Map<String, Double> squares = new LinkedHashMap<>();
        for (ParameterBlock block : blocks) {
            if (block.trained()) {
                squares.merge(block.layer(), square(values, scale, block), Double::sum);
            }
        }
        double norm = Math.sqrt(squares.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                * scale;
        if (!(norm > 0 && norm < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the norm of the trained weights is " + norm
                    + "; the margin needs weights that are finite and not all 0");
        }
        List<LayerNorm> layers = squares.entrySet().stream()
                .map(e -> new LayerNorm(e.getKey(), Math.sqrt(e.getValue()) * scale))
                .toList();
        return new ReplicaWeights(values, norm, largest, sum, layers);
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

    private static double square(double[] values, double scale, ParameterBlock block) {
        double square = 0;
        for (int i = block.from(); i < block.to(); i++) {
            double scaled = values[i] / scale;
            square += scaled * scaled;
        }
        return square;
    }

    public double[] norms() {
        return layerNorms.stream().mapToDouble(LayerNorm::norm).toArray();
    }
}
