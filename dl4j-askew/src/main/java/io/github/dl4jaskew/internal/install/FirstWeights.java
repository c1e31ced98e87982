package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.packed.ParameterId;
import java.util.Locale;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How large the first weights of a layer are, relative to those of {@link WeightInit#XAVIER}. Few levels give all weights of
 * a channel about the same magnitude, and those that training has hardly moved become noise: a dense network on drawn digits
 * without batch norm, trained for 400 iterations towards two levels, reached 83, 76, 66 and 45 % from weights 1, 0.7, 0.5
 * and 0.3 times as large (towards three 90, 87, 81 and 69; mean of seeds 1 to 4), where its float accuracy hardly changed.
 */
record FirstWeights(ParameterId parameter, Layer conf, INDArray weights) {

    /** Just below {@link WeightInit#LECUN_NORMAL}, which is at least the root of a half. */
    private static final double SMALL = 0.7;

    /** The root mean square of fewer is too uncertain. */
    private static final int ENOUGH = 64;

    /** A warning if they are small; empty for layers of which {@link #usual} is not known. */
    Optional<String> warning() {
        if (weights.length() < ENOUGH) {
            return Optional.empty();
        }
        double usual = usual();
        double size = weights.norm2Number().doubleValue() / Math.sqrt((double) weights.length());
        return size < SMALL * usual
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "%s: the first weights are %.2g times as large as those of WeightInit.XAVIER (root mean square %.2g"
                                + " instead of %.2g); with few levels and without batch norm, small ones lose accuracy: use"
                                + " WeightInit.XAVIER or RELU, or put batch norm behind the layer",
                        parameter,
                        size / usual,
                        size,
                        usual))
                : Optional.empty();
    }

    /** Their root mean square with Xavier's initialization, the root of 2 / (fan-in + fan-out); NaN if unknown. */
    private double usual() {
        if (weights.rank() == 2) {
            return Math.sqrt(2.0 / (weights.size(0) + weights.size(1)));
        }
        boolean plain = conf instanceof ConvolutionLayer
                && !(conf instanceof DepthwiseConvolution2D || conf instanceof SeparableConvolution2D);
        if (!plain) {
            return Double.NaN;
        }
        double inputs = ((ConvolutionLayer) conf).getNIn();
        double outputs = ((ConvolutionLayer) conf).getNOut();
        double kernel = weights.length() / (inputs * outputs);
        return Math.sqrt(2 / ((inputs + outputs) * kernel));
    }
}
