package io.github.dl4jaskew.testkit;

import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A layer of every type that has weights, in the smallest network that trains it. */
public enum LayerCase {
    DENSE(() -> new DenseLayer.Builder().nOut(5).build(), InputType.feedForward(4), "W"),
    DENSE_GAIN(() -> new DenseLayer.Builder().nOut(5).hasLayerNorm(true).build(), InputType.feedForward(4), "W"),
    CONVOLUTION_1D(() -> new Convolution1D.Builder(2).nOut(3).build(), InputType.recurrent(2, 5), "W"),
    CONVOLUTION_2D(() -> new ConvolutionLayer.Builder(2, 3).nOut(3).build(), InputType.convolutional(5, 5, 2), "W"),
    CONVOLUTION_2D_LAST(
            () -> new ConvolutionLayer.Builder(2, 3)
                    .nOut(3)
                    .dataFormat(CNN2DFormat.NHWC)
                    .build(),
            InputType.convolutional(5, 5, 2, CNN2DFormat.NHWC),
            "W"),
    CONVOLUTION_3D(
            () -> new Convolution3D.Builder(2, 2, 2).nOut(3).build(),
            InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 3, 3, 3, 2),
            "W"),
    DEPTHWISE(
            () -> new DepthwiseConvolution2D.Builder(2, 2)
                    .depthMultiplier(2)
                    .nOut(6)
                    .hasBias(false)
                    .build(),
            InputType.convolutional(4, 4, 3),
            "W"),
    SEPARABLE(
            () -> new SeparableConvolution2D.Builder(2, 2)
                    .depthMultiplier(2)
                    .nOut(6)
                    .hasBias(false)
                    .build(),
            InputType.convolutional(4, 4, 3),
            "W",
            "pW"),
    DECONVOLUTION_2D(() -> new Deconvolution2D.Builder(2, 2).nOut(3).build(), InputType.convolutional(3, 3, 2), "W"),
    DECONVOLUTION_3D(
            () -> new Deconvolution3D.Builder().kernelSize(2, 2, 2).nOut(3).build(),
            InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 2, 2, 2, 2),
            "W"),
    LSTM(() -> new LSTM.Builder().nOut(3).build(), InputType.recurrent(4, 3), "W", "RW"),
    GRAVES_LSTM(() -> graves(), InputType.recurrent(4, 3), "W", "RW"),
    SIMPLE_RNN(() -> new SimpleRnn.Builder().nOut(3).build(), InputType.recurrent(4, 3), "W", "RW"),
    // W and RW are equally long, so that only the offset tells them apart
    SIMPLE_RNN_SQUARE(() -> new SimpleRnn.Builder().nOut(4).build(), InputType.recurrent(4, 3), "W", "RW"),
    BIDIRECTIONAL(
            () -> new Bidirectional(
                    Bidirectional.Mode.CONCAT, new LSTM.Builder().nOut(3).build()),
            InputType.recurrent(3, 3),
            "fW",
            "fRW",
            "bW",
            "bRW"),
    LAST_TIME_STEP(() -> new LastTimeStep(new LSTM.Builder().nOut(3).build()), InputType.recurrent(4, 3), "W", "RW"),
    LAST_TIME_STEP_BIDIRECTIONAL(
            () -> new LastTimeStep(new Bidirectional(
                    Bidirectional.Mode.CONCAT, new SimpleRnn.Builder().nOut(3).build())),
            InputType.recurrent(4, 3),
            "fW",
            "fRW",
            "bW",
            "bRW"),
    MASK_ZERO(
            () -> new MaskZeroLayer.Builder()
                    .setUnderlying(new SimpleRnn.Builder().nIn(4).nOut(3).build())
                    .setMaskValue(0)
                    .build(),
            InputType.recurrent(4, 3),
            "W",
            "RW"),
    TIME_DISTRIBUTED(
            () -> new TimeDistributed(new DenseLayer.Builder().nOut(5).build(), RNNFormat.NCW),
            InputType.recurrent(4, 3),
            "W"),
    EMBEDDING(() -> new EmbeddingLayer.Builder().nIn(6).nOut(3).build(), null, "W"),
    EMBEDDING_SEQUENCE(
            () -> new EmbeddingSequenceLayer.Builder()
                    .nIn(6)
                    .nOut(3)
                    .inputLength(4)
                    .inferInputLength(false)
                    .build(),
            null,
            "W"),
    SELF_ATTENTION(
            () -> new SelfAttentionLayer.Builder()
                    .nIn(4)
                    .nOut(4)
                    .nHeads(2)
                    .headSize(3)
                    .projectInput(true)
                    .build(),
            InputType.recurrent(4, 3),
            "Wq",
            "Wk",
            "Wv",
            "Wo"),
    RECURRENT_ATTENTION(
            () -> new RecurrentAttentionLayer.Builder()
                    .nIn(4)
                    .nOut(4)
                    .nHeads(1)
                    .headSize(3)
                    .projectInput(true)
                    .hasBias(false)
                    .build(),
            InputType.recurrent(4, 3),
            "W",
            "RW",
            "Wq",
            "Wk",
            "Wv",
            "Wo"),
    LOCALLY_CONNECTED_1D(
            () -> new LocallyConnected1D.Builder()
                    .kernelSize(2)
                    .convolutionMode(ConvolutionMode.Truncate)
                    .nOut(3)
                    .setInputSize(5)
                    .build(),
            InputType.recurrent(2, 5),
            "W"),
    LOCALLY_CONNECTED_2D(
            () -> new LocallyConnected2D.Builder()
                    .kernelSize(2, 2)
                    .convolutionMode(ConvolutionMode.Truncate)
                    .nOut(3)
                    .setInputSize(4, 4)
                    .build(),
            InputType.convolutional(4, 4, 2),
            "W");

    private static final int ROWS = 6;

    private final Supplier<Layer> layer;
    private final InputType input;
    private final Set<String> weights;

    LayerCase(Supplier<Layer> layer, InputType input, String... weights) {
        this.layer = layer;
        this.input = input;
        this.weights = Set.of(weights);
    }

    @SuppressWarnings("deprecation")
    private static Layer graves() {
        return new GravesLSTM.Builder().nOut(3).build();
    }

    /** Keys of the parameters that can be constrained. */
    public Set<String> weights() {
        return weights;
    }

    /** The layer "first", pooled over time and space if need be, and a classifier "last". */
    public MultiLayerConfiguration configuration(IUpdater updater, Activation activation) {
        Layer copy = layer.get();
        copy.setLayerName("first");
        NeuralNetConfiguration.ListBuilder list =
                Nets.base(updater).activation(activation).list();
        list.layer(copy);
        if (!outputsVectors()) {
            list.layer(new GlobalPoolingLayer.Builder().name("pool").build());
        }
        OutputLayer.Builder last = new OutputLayer.Builder(LossFunction.MCXENT)
                .name("last")
                .nOut(2)
                .activation(Activation.SOFTMAX);
        if (input == null) {
            last.nIn(3);
        } else {
            list.setInputType(input);
        }
        return list.layer(last.build()).build();
    }

    private boolean outputsVectors() {
        return Stream.of(DENSE, DENSE_GAIN, LAST_TIME_STEP, LAST_TIME_STEP_BIDIRECTIONAL, EMBEDDING)
                .anyMatch(this::equals);
    }

    public INDArray features() {
        if (input == null) {
            INDArray indices = Nd4j.zeros(ROWS, this == EMBEDDING ? 1 : 4);
            for (int i = 0; i < indices.length(); i++) {
                indices.putScalar(i, (i * 5 + 1) % 6);
            }
            return indices;
        }
        return Nets.normal(3, input.getShape(true).length == 0 ? new long[0] : shape());
    }

    private long[] shape() {
        long[] shape = input.getShape(true).clone();
        shape[0] = ROWS;
        return shape;
    }

    public DataSet data() {
        return new DataSet(features(), Nets.oneHot(5, ROWS, 2));
    }
}
