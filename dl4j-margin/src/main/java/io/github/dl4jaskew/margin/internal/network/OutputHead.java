package io.github.dl4jaskew.margin.internal.network;

import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import io.github.dl4jaskew.margin.metrics.Loss;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * What an output layer makes of its logits.
 *
 * @param name the layer's
 * @param activation of the layer, applied to the logits
 * @param lossFunction of the layer
 * @param classesLast whether the classes are the last axis of the output, not axis 1
 */
public record OutputHead(String name, IActivation activation, ILossFunction lossFunction, boolean classesLast) {

    /** Refuses a layer that has no logits. */
    public static OutputHead of(Layer layer) {
        ILossFunction loss = LossFunctions.of(layer);
        if (loss == null) {
            throw new IllegalArgumentException("layer \"" + layer.getLayerName() + "\" ("
                    + layer.getClass().getSimpleName()
                    + ") has no logits that a loss function is applied to; the margin is measured at OutputLayer, "
                    + "RnnOutputLayer, LossLayer, CnnLossLayer, Cnn3DLossLayer and RnnLossLayer");
        }
        OutputHead head =
                new OutputHead(layer.getLayerName(), ((BaseLayer) layer).getActivationFn(), loss, classesLast(layer));
        if (head.activation instanceof ActivationIdentity && head.isEntropy()) {
            throw new IllegalArgumentException("layer \"" + head.name + "\" applies "
                    + loss.getClass().getSimpleName() + " to its input as it is, which then holds probabilities and no"
                    + " logits; give this layer the activation softmax or sigmoid");
        }
        return head;
    }

    /**
     * The loss as function of the margin.
     *
     * @param outputs number of logits of an example
     * @param independent whether each is a decision of its own
     * @return null if the loss is not one of the known functions of the margin
     */
    @Nullable
    public Loss loss(int outputs, boolean independent) {
        if (lossFunction instanceof LogDomainLoss known) {
            return independent && known.loss() == Loss.CROSS_ENTROPY ? null : known.loss();
        }
        if (isSoftmax() && lossFunction instanceof LossMCXENT entropy && entropy.getWeights() == null) {
            return independent ? null : Loss.CROSS_ENTROPY;
        }
        if (activation instanceof ActivationSigmoid
                && lossFunction instanceof LossBinaryXENT entropy
                && entropy.getWeights() == null) {
            return outputs == 1 || independent ? Loss.LOGISTIC : null;
        }
        return null;
    }

    /** Why there is no loss as function of the margin. */
    public String reason(int outputs) {
        if (activation instanceof ActivationSigmoid && lossFunction instanceof LossBinaryXENT && outputs > 1) {
            return "loss: the sum of " + outputs
                    + " sigmoid losses is not a function of the margin between the classes; with independentOutputs() each output has its own margin, and the loss is a function of it";
        }
        return "loss: " + lossFunction.getClass().getSimpleName() + " of layer \"" + name + "\" with activation "
                + activation + " is not known as a function of the margin; if it is one, name it by loss(...)";
    }

    public boolean hasClassIndices() {
        return lossFunction instanceof LossSparseMCXENT;
    }

    public boolean isSoftmax() {
        return activation instanceof ActivationSoftmax;
    }

    /** Where DL4J clips the probabilities, which stops late training; 0 for nowhere. */
    public double clip() {
        if (lossFunction instanceof LossBinaryXENT entropy) {
            return entropy.getClipEps();
        }
        return lossFunction instanceof LossMCXENT entropy ? entropy.getSoftmaxClipEps() : 0;
    }

    private boolean isEntropy() {
        return lossFunction instanceof LossMCXENT || lossFunction instanceof LossBinaryXENT;
    }

    private static boolean classesLast(Layer layer) {
        if (layer instanceof RnnOutputLayer output) {
            return output.getRnnDataFormat() == RNNFormat.NWC;
        } else if (layer instanceof RnnLossLayer output) {
            return output.getRnnDataFormat() == RNNFormat.NWC;
        } else if (layer instanceof CnnLossLayer output) {
            return output.getFormat() == CNN2DFormat.NHWC;
        }
        return layer instanceof Cnn3DLossLayer output && output.getDataFormat() == Convolution3D.DataFormat.NDHWC;
    }
}
