package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.conv;
import static io.github.dl4jaskew.export.EdgeNets.dense;
import static io.github.dl4jaskew.export.EdgeNets.network;
import static io.github.dl4jaskew.export.EdgeNets.output;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.onnxruntime.OrtException;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
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
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** ONNX Runtime gives DL4J's outputs for every layer that is exported. */
class OnnxLayersTest {

    private static final InputType NCHW = InputType.convolutional(9, 8, 3);
    private static final InputType NHWC = InputType.convolutional(9, 8, 3, CNN2DFormat.NHWC);
    private static final InputType NCW = InputType.recurrent(5, 7, RNNFormat.NCW);
    private static final InputType NWC = InputType.recurrent(5, 7, RNNFormat.NWC);
    private static final InputType NCDHW = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 5, 6, 7, 2);
    private static final InputType NDHWC = InputType.convolutional3D(Convolution3D.DataFormat.NDHWC, 5, 6, 7, 2);

    static Stream<Arguments> images() {
        int[] two = {2, 2};
        return Stream.of(
                arguments("convolution", NCHW, List.of(conv(4, 3), output(3))),
                arguments("convolution NHWC", NHWC, List.of(conv(4, 3), conv(3, 2), output(3))),
                arguments("Same, strides", NCHW, List.of(same(4, 3, 2, 1), same(4, 2, 1, 2), output(3))),
                arguments("Same, strides NHWC", NHWC, List.of(same(4, 3, 2, 1), same(4, 2, 1, 2), output(3))),
                arguments(
                        "padding, dilation",
                        NCHW,
                        List.of(
                                conv(
                                        4,
                                        new int[] {3, 2},
                                        two,
                                        new int[] {1, 2},
                                        2,
                                        ConvolutionMode.Truncate,
                                        Activation.ELU),
                                output(3))),
                arguments("depthwise", NCHW, List.of(depthwise(2), output(3))),
                arguments("depthwise NHWC", NHWC, List.of(depthwise(2), depthwise(1), output(3))),
                arguments("separable", NCHW, List.of(separable(2), output(3))),
                arguments("separable NHWC", NHWC, List.of(separable(3), output(3))),
                arguments("deconvolution", NCHW, List.of(deconvolution(ConvolutionMode.Truncate), output(3))),
                arguments("deconvolution, Same", NCHW, List.of(deconvolution(ConvolutionMode.Same), output(3))),
                arguments("deconvolution NHWC", NHWC, List.of(deconvolution(ConvolutionMode.Truncate), output(3))),
                arguments("max pooling", NCHW, List.of(pool(PoolingType.MAX), output(3))),
                arguments("max pooling, Same NHWC", NHWC, List.of(samePool(PoolingType.MAX), output(3))),
                arguments("mean pooling", NCHW, List.of(pool(PoolingType.AVG), output(3))),
                arguments("mean pooling, Same", NCHW, List.of(samePool(PoolingType.AVG), output(3))),
                arguments("norm pooling", NCHW, List.of(pool(PoolingType.PNORM), output(3))),
                arguments("batch norm", NCHW, List.of(conv(4, 3), new BatchNormalization(), output(3))),
                arguments("batch norm NHWC", NHWC, List.of(new BatchNormalization(), conv(4, 3), output(3))),
                arguments(
                        "batch norm, deviations",
                        NCHW,
                        List.of(new BatchNormalization.Builder().useLogStd(true).build(), output(3))),
                arguments("local response", NCHW, List.of(new LocalResponseNormalization.Builder().build(), output(3))),
                arguments(
                        "zero padding",
                        NCHW,
                        List.of(new ZeroPaddingLayer.Builder(1, 2, 3, 0).build(), conv(2, 3), output(3))),
                arguments(
                        "zero padding NHWC",
                        NHWC,
                        List.of(
                                new ZeroPaddingLayer.Builder(1, 2, 3, 0)
                                        .dataFormat(CNN2DFormat.NHWC)
                                        .build(),
                                conv(2, 3),
                                output(3))),
                arguments("cropping", NCHW, List.of(new Cropping2D(1, 0, 2, 1), conv(2, 3), output(3))),
                arguments(
                        "upsampling",
                        NCHW,
                        List.of(
                                new Upsampling2D.Builder(2)
                                        .size(new int[] {2, 3})
                                        .build(),
                                output(3))),
                arguments(
                        "upsampling NHWC",
                        NHWC,
                        List.of(
                                new Upsampling2D.Builder(2)
                                        .dataFormat(CNN2DFormat.NHWC)
                                        .build(),
                                output(3))),
                arguments(
                        "PReLU",
                        NCHW,
                        List.of(
                                conv(4, 2),
                                new PReLULayer.Builder()
                                        .inputShape(4, 8, 7)
                                        .sharedAxes(2, 3)
                                        .build(),
                                output(3))),
                arguments("global mean", NCHW, List.of(conv(4, 3), global(PoolingType.AVG), output(3))),
                arguments("global norm", NCHW, List.of(conv(4, 3), global(PoolingType.PNORM), output(3))),
                arguments(
                        "softmax per pixel",
                        NCHW,
                        List.of(
                                conv(4, 3),
                                new CnnLossLayer.Builder(LossFunction.MCXENT)
                                        .activation(Activation.SOFTMAX)
                                        .build())));
    }

    static Stream<Arguments> sequences() {
        return Stream.of(
                arguments("LSTM", NCW, List.of(lstm(4), rnnOutput(3))),
                arguments("LSTM NWC", NWC, List.of(lstm(4), rnnOutput(3))),
                arguments(
                        "LSTM, hard gates",
                        NCW,
                        List.of(
                                new LSTM.Builder()
                                        .nOut(4)
                                        .activation(Activation.SOFTSIGN)
                                        .gateActivationFunction(Activation.HARDSIGMOID)
                                        .build(),
                                rnnOutput(3))),
                arguments("simple RNN", NCW, List.of(rnn(4), rnnOutput(3))),
                arguments("simple RNN NWC", NWC, List.of(rnn(4), rnnOutput(3))),
                arguments("last step", NCW, List.of(new LastTimeStep(lstm(4)), output(3))),
                arguments("last step NWC", NWC, List.of(new LastTimeStep(lstm(4)), output(3))),
                arguments(
                        "both ways", NCW, List.of(new Bidirectional(Bidirectional.Mode.CONCAT, lstm(4)), rnnOutput(3))),
                arguments(
                        "both ways NWC",
                        NWC,
                        List.of(new Bidirectional(Bidirectional.Mode.CONCAT, lstm(4)), rnnOutput(3))),
                arguments(
                        "both ways, added",
                        NCW,
                        List.of(new Bidirectional(Bidirectional.Mode.ADD, rnn(4)), rnnOutput(3))),
                arguments(
                        "both ways, product",
                        NCW,
                        List.of(new Bidirectional(Bidirectional.Mode.MUL, rnn(4)), rnnOutput(3))),
                arguments(
                        "both ways, mean",
                        NCW,
                        List.of(new Bidirectional(Bidirectional.Mode.AVERAGE, rnn(4)), rnnOutput(3))),
                arguments("last of both ways", NCW, List.of(new LastTimeStep(new Bidirectional(lstm(4))), output(3))),
                arguments("convolution 1D", NCW, List.of(conv1d(4, ConvolutionMode.Truncate, 1), rnnOutput(3))),
                arguments("convolution 1D NWC", NWC, List.of(conv1d(4, ConvolutionMode.Same, 1), rnnOutput(3))),
                arguments("causal, dilated", NCW, List.of(conv1d(4, ConvolutionMode.Causal, 2), rnnOutput(3))),
                arguments("causal, dilated NWC", NWC, List.of(conv1d(4, ConvolutionMode.Causal, 2), rnnOutput(3))),
                arguments(
                        "pooling 1D",
                        NCW,
                        List.of(
                                new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.MAX, 2, 2).build(),
                                rnnOutput(3))),
                arguments(
                        "pooling 1D NWC",
                        NWC,
                        List.of(
                                conv1d(4, ConvolutionMode.Same, 1),
                                new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.MAX, 2, 2).build(),
                                conv1d(5, ConvolutionMode.Same, 1),
                                rnnOutput(3))),
                arguments(
                        "padding 1D",
                        NCW,
                        List.of(new ZeroPadding1DLayer.Builder(1, 2).build(), new Cropping1D(2, 1), rnnOutput(3))),
                arguments("upsampling 1D", NCW, List.of(new Upsampling1D.Builder(2).build(), rnnOutput(3))),
                arguments("global maximum", NCW, List.of(lstm(4), global(PoolingType.MAX), output(3))),
                arguments(
                        "global sum NWC",
                        NWC,
                        List.of(
                                lstm(4),
                                new GlobalPoolingLayer.Builder(PoolingType.SUM)
                                        .poolingDimensions(1)
                                        .build(),
                                output(3))),
                arguments("dense on steps", NCW, List.of(lstm(4), dense(6, true), rnn(3), rnnOutput(3))),
                arguments(
                        "batch norm NWC",
                        NWC,
                        List.of(
                                lstm(4),
                                new BatchNormalization.Builder()
                                        .dataFormat(CNN2DFormat.NHWC)
                                        .build(),
                                rnnOutput(3))),
                arguments(
                        "time-distributed",
                        NCW,
                        List.of(new TimeDistributed(dense(4, true), RNNFormat.NCW), rnnOutput(3))),
                arguments(
                        "time-distributed NWC",
                        NWC,
                        List.of(new TimeDistributed(dense(4, true), RNNFormat.NWC), rnnOutput(3))),
                arguments(
                        "loss alone",
                        NCW,
                        List.of(
                                lstm(4),
                                new RnnLossLayer.Builder(LossFunction.MCXENT)
                                        .activation(Activation.SOFTMAX)
                                        .build())));
    }

    static Stream<Arguments> volumesAndFeatures() {
        InputType flat = InputType.feedForward(6);
        return Stream.of(
                arguments(
                        "convolution 3D",
                        NCDHW,
                        List.of(conv3d(Convolution3D.DataFormat.NCDHW), global(PoolingType.AVG), output(3))),
                arguments("convolution 3D NDHWC", NDHWC, List.of(conv3d(Convolution3D.DataFormat.NDHWC), output(3))),
                arguments(
                        "deconvolution 3D",
                        NCDHW,
                        List.of(
                                new Deconvolution3D.Builder()
                                        .kernelSize(2, 2, 2)
                                        .nOut(3)
                                        .activation(Activation.TANH)
                                        .build(),
                                conv3d(Convolution3D.DataFormat.NCDHW),
                                global(PoolingType.AVG),
                                output(3))),
                arguments(
                        "pooling 3D",
                        NCDHW,
                        List.of(
                                new Subsampling3DLayer.Builder(
                                                Subsampling3DLayer.PoolingType.AVG,
                                                new int[] {2, 2, 2},
                                                new int[] {2, 2, 2})
                                        .build(),
                                output(3))),
                arguments(
                        "upsampling 3D",
                        NCDHW,
                        List.of(
                                new Upsampling3D.Builder(2).build(),
                                conv3d(Convolution3D.DataFormat.NCDHW),
                                global(PoolingType.AVG),
                                output(3))),
                arguments(
                        "padding 3D",
                        NCDHW,
                        List.of(
                                new ZeroPadding3DLayer.Builder(1, 0, 2, 1, 0, 1).build(),
                                new Cropping3D(1, 0, 0, 1, 2, 1),
                                conv3d(Convolution3D.DataFormat.NCDHW),
                                global(PoolingType.AVG),
                                output(3))),
                arguments("dense", flat, List.of(dense(5, true), dense(4, false), output(3))),
                arguments(
                        "layer norm",
                        flat,
                        List.of(
                                new DenseLayer.Builder()
                                        .nOut(5)
                                        .hasLayerNorm(true)
                                        .activation(Activation.TANH)
                                        .build(),
                                output(3))),
                arguments(
                        "dense batch norm",
                        flat,
                        List.of(dense(5, false), new BatchNormalization(), new DropoutLayer(0.5), output(3))),
                arguments(
                        "products",
                        flat,
                        List.of(
                                new ElementWiseMultiplicationLayer.Builder()
                                        .nIn(6)
                                        .nOut(6)
                                        .activation(Activation.TANH)
                                        .build(),
                                output(3))),
                arguments("repeated", flat, List.of(repeated(4), lstm(3), rnnOutput(2))),
                arguments("image of features", InputType.convolutionalFlat(6, 5, 2), List.of(conv(4, 3), output(3))));
    }

    private static Layer same(int channels, int kernel, int stride, int dilation) {
        return conv(
                channels,
                new int[] {kernel, kernel},
                new int[] {stride, stride},
                new int[2],
                dilation,
                ConvolutionMode.Same,
                Activation.TANH);
    }

    private static Layer depthwise(int multiplier) {
        return new DepthwiseConvolution2D.Builder(3, 2)
                .depthMultiplier(multiplier)
                .nOut(3 * multiplier)
                .activation(Activation.TANH)
                .build();
    }

    private static Layer separable(int multiplier) {
        return new SeparableConvolution2D.Builder(3, 2)
                .depthMultiplier(multiplier)
                .nOut(5)
                .activation(Activation.TANH)
                .build();
    }

    private static Layer deconvolution(ConvolutionMode mode) {
        return new Deconvolution2D.Builder(3, 2)
                .stride(2, 2)
                .convolutionMode(mode)
                .nOut(4)
                .activation(Activation.TANH)
                .build();
    }

    private static Layer pool(PoolingType type) {
        return EdgeNets.pool(
                type, new int[] {3, 2}, new int[] {2, 2}, new int[] {1, 1}, ConvolutionMode.Truncate, true);
    }

    private static Layer samePool(PoolingType type) {
        return EdgeNets.pool(type, new int[] {3, 2}, new int[] {2, 2}, new int[2], ConvolutionMode.Same, false);
    }

    private static Layer global(PoolingType type) {
        return new GlobalPoolingLayer.Builder(type).pnorm(3).build();
    }

    /** DL4J's builder takes itself for its own type. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    private static Layer repeated(int times) {
        return new RepeatVector.Builder(times).build();
    }

    private static Layer lstm(int size) {
        return new LSTM.Builder().nOut(size).activation(Activation.TANH).build();
    }

    /** Equal sums have the deviation 0, by which DL4J does not divide. */
    @Test
    void layerNormOfEqualNumbers() throws OrtException {
        MultiLayerNetwork net = EdgeNets.network(
                InputType.feedForward(4),
                new DenseLayer.Builder().nOut(6).hasLayerNorm(true).build(),
                output(3));
        INDArray zeros = Nd4j.zeros(2, 4);
        byte[] file = OnnxRun.exported(QuantizedModel.of(net, List.of()), OnnxOptions.defaults());
        OnnxRun.assertClose(
                OnnxRun.run(file, zeros).get(0),
                net.output(zeros.dup()).dup('c').data().asFloat());
    }

    private static Layer rnn(int size) {
        return new SimpleRnn.Builder().nOut(size).activation(Activation.TANH).build();
    }

    private static Layer conv1d(int channels, ConvolutionMode mode, int dilation) {
        return new Convolution1DLayer.Builder(3)
                .dilation(dilation)
                .convolutionMode(mode)
                .nOut(channels)
                .activation(Activation.TANH)
                .build();
    }

    private static Layer conv3d(Convolution3D.DataFormat format) {
        return new Convolution3D.Builder(2, 3, 2)
                .dataFormat(format)
                .nOut(3)
                .activation(Activation.TANH)
                .build();
    }

    private static Layer rnnOutput(int classes) {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"images", "sequences", "volumesAndFeatures"})
    void agree(String name, InputType type, List<Layer> layers) throws OrtException {
        long[] shape = type.getShape(true);
        shape[0] = 3;
        if (type instanceof InputType.InputTypeConvolutional3D c
                && c.getDataFormat() == Convolution3D.DataFormat.NDHWC) {
            shape = new long[] {3, c.getDepth(), c.getHeight(), c.getWidth(), c.getChannels()};
        }
        if (type instanceof InputType.InputTypeConvolutionalFlat flat) {
            shape = new long[] {3, flat.getFlattenedSize()};
        }
        INDArray features = OnnxRun.random(shape);
        for (boolean perChannel : new boolean[] {false, true}) {
            MultiLayerNetwork net =
                    network(type, layers.stream().map(Layer::clone).toArray(Layer[]::new));
            OnnxRun.assertAgrees(OnnxRun.quantized(net, Grid.ternary(), perChannel), OnnxOptions.defaults(), features);
        }
        MultiLayerNetwork net = network(type, layers.stream().map(Layer::clone).toArray(Layer[]::new));
        OnnxRun.assertAgrees(QuantizedModel.of(net, List.of()), OnnxOptions.opset(13), features);
    }

    @Test
    void bothWaysOfLastStepsAgree() throws OrtException {
        Layer last = new LastTimeStep(new LSTM.Builder()
                .nOut(4)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .build());
        MultiLayerNetwork net = network(NCW, new Bidirectional(Bidirectional.Mode.CONCAT, last), output(3));
        OnnxRun.assertAgrees(QuantizedModel.of(net, List.of()), OnnxOptions.defaults(), OnnxRun.random(3, 5, 7));
    }
}
