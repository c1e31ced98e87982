package io.github.dl4jaskew.margin.homogeneity;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseUpsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.SpaceToBatchLayer;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.util.MaskLayer;

/** Layers of DL4J that the degree treats alike; subclasses included. */
final class LayerKinds {

    private static final List<Class<? extends Layer>> LINEAR = List.of(
            DenseLayer.class,
            ConvolutionLayer.class,
            EmbeddingLayer.class,
            EmbeddingSequenceLayer.class,
            LocallyConnected1D.class,
            LocallyConnected2D.class,
            BaseOutputLayer.class,
            ElementWiseMultiplicationLayer.class,
            AutoEncoder.class);

    private static final List<Class<? extends Layer>> KEEPING = List.of(
            DropoutLayer.class,
            SubsamplingLayer.class,
            Subsampling3DLayer.class,
            GlobalPoolingLayer.class,
            BaseUpsamplingLayer.class,
            ZeroPaddingLayer.class,
            ZeroPadding1DLayer.class,
            ZeroPadding3DLayer.class,
            Cropping1D.class,
            Cropping2D.class,
            Cropping3D.class,
            SpaceToBatchLayer.class,
            SpaceToDepthLayer.class,
            RepeatVector.class,
            MaskLayer.class);

    private static final List<Class<? extends Layer>> LOSSES =
            List.of(LossLayer.class, CnnLossLayer.class, Cnn3DLossLayer.class, RnnLossLayer.class);

    private LayerKinds() {}

    /** {@code a(W x + b)} with the activation a. */
    static boolean isLinear(Layer layer) {
        return is(LINEAR, layer);
    }

    /** Rearranges, repeats, leaves out or pools. */
    static boolean keepsDegree(Layer layer) {
        return is(KEEPING, layer);
    }

    /** An output without weights. */
    static boolean isLoss(Layer layer) {
        return is(LOSSES, layer);
    }

    private static boolean is(List<Class<? extends Layer>> kinds, Layer layer) {
        return kinds.stream().anyMatch(kind -> kind.isInstance(layer));
    }
}
