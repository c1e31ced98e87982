package io.github.dl4jaskew.export;

import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.Pooling1D;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.jspecify.annotations.Nullable;

/** What each of DL4J's layers becomes. Classes are compared exactly: a subclass computes something else. */
final class LayerNodes {

    /** Adds a layer to the graph. */
    @FunctionalInterface
    interface Nodes<L> {
        Tensor add(OnnxLayer layer, L configuration, Tensor input);
    }

    private static final Map<Class<? extends Layer>, Nodes<Layer>> KNOWN = known();

    private LayerNodes() {}

    /**
     * Adds a layer.
     *
     * @throws IllegalArgumentException if it cannot be exported; names layer, class and reason
     */
    static Tensor of(OnnxLayer layer, Layer conf, Tensor x) {
        Nodes<Layer> nodes = KNOWN.get(conf.getClass());
        if (nodes == null) {
            throw layer.refusal(conf, "this class of layers has no counterpart");
        }
        try {
            return nodes.add(layer, conf, x);
        } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
            // DL4J's configurations let any setting be null or of another length, and fail when they compute.
            throw layer.refusal(conf, "it lacks a setting: " + e.getMessage());
        }
    }

    /** The first layer in a configuration, itself or one that it wraps, of a class that cannot be exported. */
    static @Nullable Layer unknownIn(Layer conf) {
        if (!KNOWN.containsKey(conf.getClass())) {
            return conf;
        }
        if (conf instanceof Bidirectional both) {
            return unknownIn(both.getFwd());
        }
        Layer inner = wrapped(conf);
        return inner == null ? null : unknownIn(inner);
    }

    /** What a layer wraps, if it wraps one. */
    static @Nullable Layer wrapped(Layer conf) {
        if (conf instanceof FrozenLayer frozen) {
            return frozen.getLayer();
        }
        if (conf instanceof FrozenLayerWithBackprop frozen) {
            return frozen.getUnderlying();
        }
        if (conf instanceof LastTimeStep last) {
            return last.getUnderlying();
        }
        return conf instanceof TimeDistributed distributed ? distributed.getUnderlying() : null;
    }

    private static Map<Class<? extends Layer>, Nodes<Layer>> known() {
        Map<Class<? extends Layer>, Nodes<Layer>> known = new LinkedHashMap<>();
        features(known);
        convolutions(known);
        shapes(known);
        sequences(known);
        losses(known);
        put(known, FrozenLayer.class, (layer, conf, x) -> of(layer, conf.getLayer(), x));
        put(known, FrozenLayerWithBackprop.class, (layer, conf, x) -> of(layer, conf.getUnderlying(), x));
        return known;
    }

    private static <L extends Layer> void put(
            Map<Class<? extends Layer>, Nodes<Layer>> known, Class<? extends L> type, Nodes<L> nodes) {
        known.put(type, (layer, conf, x) -> nodes.add(layer, type.cast(conf), x));
    }

    private static void features(Map<Class<? extends Layer>, Nodes<Layer>> known) {
        put(known, DenseLayer.class, DenseNodes::dense);
        put(known, OutputLayer.class, DenseNodes::dense);
        put(known, CenterLossOutputLayer.class, DenseNodes::dense);
        put(known, ElementWiseMultiplicationLayer.class, DenseNodes::multiplication);
        put(known, EmbeddingLayer.class, DenseNodes::embedding);
        put(known, EmbeddingSequenceLayer.class, DenseNodes::embeddings);
        put(known, BatchNormalization.class, DenseNodes::batchNorm);
        put(known, LocalResponseNormalization.class, DenseNodes::localResponse);
        put(known, DropoutLayer.class, (layer, conf, x) -> x);
        put(
                known,
                ActivationLayer.class,
                (layer, conf, x) -> Activations.apply(layer, conf, conf.getActivationFn(), x, -1));
        put(known, PReLULayer.class, ShapeNodes::parametricRelu);
        put(known, QuantizedActivationLayer.class, LayerNodes::quantizedActivation);
    }

    private static Tensor quantizedActivation(OnnxLayer layer, QuantizedActivationLayer conf, Tensor x) {
        double clip = layer.numbers("clip")[0];
        if (!(clip >= 0)) {
            throw layer.refusal(conf, "it has seen no minibatch, so that its clip is unknown");
        }
        return Activations.levels(layer, conf, conf.activation(), clip, x);
    }

    private static void convolutions(Map<Class<? extends Layer>, Nodes<Layer>> known) {
        put(known, ConvolutionLayer.class, ConvolutionNodes::convolution);
        put(known, Convolution2D.class, ConvolutionNodes::convolution);
        put(known, Convolution1DLayer.class, ConvolutionNodes::convolution1d);
        put(known, Convolution1D.class, ConvolutionNodes::convolution1d);
        put(known, Convolution3D.class, ConvolutionNodes::convolution3d);
        put(known, DepthwiseConvolution2D.class, ConvolutionNodes::depthwise);
        put(known, SeparableConvolution2D.class, ConvolutionNodes::separable);
        put(known, Deconvolution2D.class, ConvolutionNodes::deconvolution);
        put(known, Deconvolution3D.class, ConvolutionNodes::deconvolution3d);
        put(known, SubsamplingLayer.class, PoolingNodes::pooling);
        put(known, Pooling2D.class, PoolingNodes::pooling);
        put(known, Subsampling1DLayer.class, PoolingNodes::pooling);
        put(known, Pooling1D.class, PoolingNodes::pooling);
        put(known, Subsampling3DLayer.class, PoolingNodes::pooling3d);
        put(known, GlobalPoolingLayer.class, PoolingNodes::globalPooling);
    }

    private static void shapes(Map<Class<? extends Layer>, Nodes<Layer>> known) {
        put(known, ZeroPadding1DLayer.class, (layer, conf, x) -> ShapeNodes.pad(layer, x, true, 1, conf.getPadding()));
        put(
                known,
                ZeroPaddingLayer.class,
                (layer, conf, x) -> ShapeNodes.pad(layer, x, isFirst(conf.getDataFormat()), 1, conf.getPadding()));
        put(known, ZeroPadding3DLayer.class, (layer, conf, x) -> ShapeNodes.pad(layer, x, true, 1, conf.getPadding()));
        put(known, Cropping1D.class, (layer, conf, x) -> ShapeNodes.pad(layer, x, true, -1, conf.getCropping()));
        put(
                known,
                Cropping2D.class,
                (layer, conf, x) -> ShapeNodes.pad(layer, x, isFirst(conf.getDataFormat()), -1, conf.getCropping()));
        put(known, Cropping3D.class, (layer, conf, x) -> ShapeNodes.pad(layer, x, true, -1, conf.getCropping()));
        put(known, Upsampling1D.class, ShapeNodes::upsampling);
        put(known, Upsampling2D.class, ShapeNodes::upsampling);
        put(known, Upsampling3D.class, ShapeNodes::upsampling);
        put(known, RepeatVector.class, ShapeNodes::repeat);
    }

    private static boolean isFirst(CNN2DFormat format) {
        return format == CNN2DFormat.NCHW;
    }

    private static void sequences(Map<Class<? extends Layer>, Nodes<Layer>> known) {
        put(known, LSTM.class, RecurrentNodes::lstm);
        put(known, SimpleRnn.class, RecurrentNodes::simpleRnn);
        put(known, Bidirectional.class, RecurrentNodes::bidirectional);
        put(known, LastTimeStep.class, RecurrentNodes::lastTimeStep);
        put(known, TimeDistributed.class, RecurrentNodes::timeDistributed);
        put(known, RnnOutputLayer.class, DenseNodes::rnnOutput);
    }

    private static void losses(Map<Class<? extends Layer>, Nodes<Layer>> known) {
        put(known, LossLayer.class, (layer, conf, x) -> Activations.apply(layer, conf, conf.getActivationFn(), x, -1));
        put(
                known,
                RnnLossLayer.class,
                (layer, conf, x) -> Activations.apply(
                        layer, conf, conf.getActivationFn(), x, conf.getRnnDataFormat() == RNNFormat.NWC ? 2 : 1));
        put(
                known,
                CnnLossLayer.class,
                (layer, conf, x) ->
                        Activations.apply(layer, conf, conf.getActivationFn(), x, isFirst(conf.getFormat()) ? 1 : 3));
        put(
                known,
                Cnn3DLossLayer.class,
                (layer, conf, x) -> Activations.apply(
                        layer,
                        conf,
                        conf.getActivationFn(),
                        x,
                        conf.getDataFormat() == Convolution3D.DataFormat.NCDHW ? 1 : 4));
    }
}
