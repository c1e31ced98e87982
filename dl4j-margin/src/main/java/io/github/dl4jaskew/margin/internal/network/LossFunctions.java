package io.github.dl4jaskew.margin.internal.network;

import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The loss function of an output layer: each of DL4J's has one, and they share no type that does. */
public final class LossFunctions {

    private LossFunctions() {}

    /** Null for a layer that applies no loss function to its logits alone. */
    public static @Nullable ILossFunction of(Layer layer) {
        if (layer instanceof CenterLossOutputLayer || layer instanceof OCNNOutputLayer) {
            return null;
        } else if (layer instanceof BaseOutputLayer output) {
            return output.getLossFn();
        } else if (layer instanceof LossLayer output) {
            return output.getLossFn();
        } else if (layer instanceof CnnLossLayer output) {
            return output.getLossFn();
        } else if (layer instanceof Cnn3DLossLayer output) {
            return output.getLossFn();
        } else if (layer instanceof RnnLossLayer output) {
            return output.getLossFn();
        }
        return null;
    }

    /** Replaces the loss function of a layer that has one, and its activation function by the identity. */
    public static void replace(Layer layer, ILossFunction loss) {
        ((BaseLayer) layer).setActivationFn(new ActivationIdentity());
        if (layer instanceof BaseOutputLayer output) {
            output.setLossFn(loss);
        } else if (layer instanceof LossLayer output) {
            output.setLossFn(loss);
        } else if (layer instanceof CnnLossLayer output) {
            output.setLossFn(loss);
        } else if (layer instanceof Cnn3DLossLayer output) {
            output.setLossFn(loss);
        } else if (layer instanceof RnnLossLayer output) {
            output.setLossFn(loss);
        }
    }
}
