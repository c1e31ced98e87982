package io.github.dl4jaskew.margin.internal.network;

import io.github.dl4jaskew.margin.metrics.LayerSpectrum;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An upper bound of how much the logits of a chain of layers can change with its input, in euclidean norms. A dense layer changes by at
 * most its spectral norm. A convolution is that of its filters on all windows, and no input is in more than {@code ceil(k / s)}
 * windows of an axis, which gives a factor of the square root of their number; pooling the same. Activations are those with slopes of at most 1.
 */
public final class LipschitzChain {

    private static final Set<Class<? extends IActivation>> SLOPE_ONE = Set.of(
            ActivationIdentity.class,
            ActivationReLU.class,
            ActivationReLU6.class,
            ActivationTanH.class,
            ActivationHardTanH.class,
            ActivationSigmoid.class,
            ActivationSoftPlus.class);

    /** The error in excess of {@code n^(2^-(SQUARINGS + 1))} of the true norm. */
    private static final int SQUARINGS = 16;

    private final List<LayerSpectrum> spectra = new ArrayList<>();
    private double bound = 1;
    private @Nullable String reason;

    private LipschitzChain() {}

    /** Follows a network from its input to its logits. */
    static LipschitzChain of(MultiLayerNetwork network) {
        LipschitzChain chain = new LipschitzChain();
        for (int i = 0; i < network.getnLayers(); i++) {
            String name = network.getLayerNames().get(i);
            chain.preprocessor(name, network.getLayerWiseConfigurations().getInputPreProcess(i));
            chain.add(name, network.getLayer(i), i == network.getnLayers() - 1);
        }
        return chain;
    }

    /** Nothing but a reason. */
    static LipschitzChain none(String reason) {
        LipschitzChain chain = new LipschitzChain();
        chain.reason = reason;
        return chain;
    }

    /** Of all layers together. */
    public double bound() {
        return bound;
    }

    /** Why there is no bound, or null. */
    public @Nullable String reason() {
        return reason;
    }

    public List<LayerSpectrum> spectra() {
        return spectra;
    }

    private void preprocessor(String layer, @Nullable InputPreProcessor preprocessor) {
        if (preprocessor != null
                && !(preprocessor instanceof CnnToFeedForwardPreProcessor)
                && !(preprocessor instanceof FeedForwardToCnnPreProcessor)) {
            refuse(layer, "its preprocessor " + preprocessor.getClass().getSimpleName() + " has no known bound");
        }
    }

    private void add(String name, Layer layer, boolean last) {
        org.deeplearning4j.nn.conf.layers.Layer conf = layer.conf().getLayer();
        Class<?> type = conf.getClass();
        if (type == DenseLayer.class || type == OutputLayer.class) {
            DenseLayer dense = conf instanceof DenseLayer d ? d : null;
            if (dense != null && dense.hasLayerNorm()) {
                refuse(name, "layer normalization has no known bound");
            }
            INDArray w = layer.getParam("W").castTo(DataType.DOUBLE);
            bound *= spectrum(name, w.transpose());
        } else if (type == ConvolutionLayer.class) {
            ConvolutionLayer convolution = (ConvolutionLayer) conf;
            INDArray w = layer.getParam("W").castTo(DataType.DOUBLE);
            bound *= spectrum(name, w.dup('c').reshape('c', w.size(0), w.length() / w.size(0)))
                    * overlap(convolution.getKernelSize(), convolution.getStride(), convolution.getDilation());
        } else if (type == SubsamplingLayer.class) {
            SubsamplingLayer pooling = (SubsamplingLayer) conf;
            if (pooling.getPoolingType() != PoolingType.MAX && pooling.getPoolingType() != PoolingType.AVG) {
                refuse(name, "pooling " + pooling.getPoolingType() + " has no known bound");
            }
            bound *= overlap(pooling.getKernelSize(), pooling.getStride(), pooling.getDilation());
        } else if (type != ActivationLayer.class && type != LossLayer.class && type != DropoutLayer.class) {
            refuse(name, type.getSimpleName() + " has no known bound");
        }
        if (!last) {
            IActivation activation = conf instanceof BaseLayer base
                    ? base.getActivationFn()
                    : conf instanceof ActivationLayer a ? a.getActivationFn() : null;
            if (activation != null && !SLOPE_ONE.contains(activation.getClass())) {
                refuse(name, "activation " + activation + " is not known to have slopes of at most 1");
            }
        }
    }

    private void refuse(String layer, String why) {
        if (reason == null) {
            reason = "certificate: of layer \"" + layer + "\", " + why;
        }
    }

    /** Square root of the largest number of windows that an input is in. */
    private static double overlap(int[] kernel, int[] stride, int[] dilation) {
        double windows = 1;
        for (int i = 0; i < kernel.length; i++) {
            windows *= dilation[i] == 1 ? Math.ceil((double) kernel[i] / stride[i]) : kernel[i];
        }
        return Math.sqrt(windows);
    }

    private double spectrum(String name, INDArray matrix) {
        double norm = spectralNorm(matrix);
        double frobenius = matrix.norm2Number().doubleValue();
        double stableRank = norm == 0 ? 0 : Math.max(1, frobenius * frobenius / (norm * norm));
        spectra.add(new LayerSpectrum(name, norm, stableRank));
        return norm;
    }

    /**
     * From above: {@code ||G^(2^m)||_F^(1 / 2^m)} of {@code G = W W^T} is at least its largest eigenvalue, and at most
     * {@code n^(1 / 2^(m + 1))} times it.
     */
    static double spectralNorm(INDArray matrix) {
        double largest = matrix.amaxNumber().doubleValue();
        if (largest == 0) {
            return 0;
        }
        INDArray w = matrix.div(largest);
        INDArray gram =
                w.rows() <= w.columns() ? w.mmul(w.transpose()) : w.transpose().mmul(w);
        double logEigenvalue = 0;
        double power = 1;
        for (int i = 0; i <= SQUARINGS; i++) {
            double size = gram.norm2Number().doubleValue();
            logEigenvalue += Math.log(size) / power;
            if (i < SQUARINGS) {
                gram.divi(size);
                gram = gram.mmul(gram);
                power *= 2;
            }
        }
        return largest * Math.exp(logEigenvalue / 2);
    }
}
