package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.internal.network.LayerSite;
import org.deeplearning4j.nn.conf.layers.AbstractLSTM;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Which parameters can be constrained at all, and for what reason the others cannot. */
public final class Eligibility {

    private Eligibility() {}

    /** Null if the parameter is a weight that can be constrained, else the reason why not. */
    public static @Nullable String exclusionReason(LayerSite site, String key) {
        return site.frozen() && !site.parts().isEmpty() ? "frozen" : exclusionReasonUnlessFrozen(site, key);
    }

    /** Null if the parameter could be constrained if its layer were not frozen, else the reason why not. */
    static @Nullable String exclusionReasonUnlessFrozen(LayerSite site, String key) {
        if (site.parts().isEmpty()) {
            return "a graph vertex, not a layer";
        }
        if (isMisplaced(site)) {
            return "DL4J updates a wrong slice of it; use hasBias(false)";
        }
        Layer conf = site.partOf(key).conf();
        String name = site.keyInPart(key);
        if (conf instanceof BatchNormalization) {
            return "batch norm";
        }
        if (!(conf instanceof BaseLayer || conf instanceof AbstractSameDiffLayer)
                || conf instanceof VariationalAutoencoder) {
            return conf.getClass().getSimpleName() + " is not supported";
        }
        if (conf.initializer().isBiasParam(conf, name)) {
            return "bias";
        }
        if (conf instanceof PReLULayer) {
            return "slope of an activation";
        }
        if (conf instanceof ElementWiseMultiplicationLayer || name.equals(DefaultParamInitializer.GAIN_KEY)) {
            return "gain";
        }
        return conf.initializer().isWeightParam(conf, name) ? null : "no weight";
    }

    /**
     * DL4J finds the slice that belongs to a parameter by summing up lengths in the order of the layer's table. For
     * depthwise and separable convolutions with a bias that is not the order in memory.
     */
    private static boolean isMisplaced(LayerSite site) {
        long end = Long.MIN_VALUE;
        for (INDArray parameter : site.params().values()) {
            if (parameter.offset() < end) {
                return true;
            }
            end = parameter.offset() + parameter.length();
        }
        return false;
    }

    /** Whether DL4J hands this parameter to the regularizations of its layer's weights. */
    static boolean isRegularized(LayerSite site, String key) {
        Layer conf = site.partOf(key).conf();
        return conf.initializer().isWeightParam(conf, site.keyInPart(key));
    }

    /** Whether DL4J's implementation of a layer asks its weight noise for the weights, in the forward and backward pass. */
    static boolean seesWeightNoise(Layer conf) {
        // The 1D convolution and OCNN have code of their own that reads the parameters themselves.
        return !(conf instanceof Convolution1DLayer || conf instanceof OCNNOutputLayer)
                && (conf instanceof DenseLayer
                        || conf instanceof BaseOutputLayer
                        || conf instanceof ConvolutionLayer
                        || conf instanceof AbstractLSTM
                        || conf instanceof SimpleRnn);
    }
}
