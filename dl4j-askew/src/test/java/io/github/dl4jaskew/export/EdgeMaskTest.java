package io.github.dl4jaskew.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Sequences that are shorter than those that the model was loaded for. */
class EdgeMaskTest {

    private static final int CHANNELS = 3;
    private static final int TIME = 9;

    private static Layer lstm() {
        return lstm(RNNFormat.NCW);
    }

    private static Layer lstm(RNNFormat format) {
        return new LSTM.Builder()
                .nOut(5)
                .weightInit(WeightInit.XAVIER)
                .dataFormat(format)
                .activation(Activation.TANH)
                .build();
    }

    private static Layer rnn() {
        return new SimpleRnn.Builder().nOut(4).activation(Activation.TANH).build();
    }

    private static Layer output() {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(4)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static Layer pooling(PoolingType type) {
        return new GlobalPoolingLayer.Builder(type).pnorm(3).build();
    }

    private static Bidirectional both(Layer layer) {
        return new Bidirectional(Bidirectional.Mode.CONCAT, layer);
    }

    /** Those whose masks DL4J heeds. */
    private static Stream<List<Layer>> masked() {
        Stream<List<Layer>> plain = Stream.of(
                List.of(lstm(), output()),
                List.of(rnn(), new ActivationLayer(Activation.SIGMOID), rnn()),
                List.of(lstm(), new LastTimeStep(lstm()), EdgeNets.output(3)),
                List.of(rnn(), EdgeNets.dense(6, true), rnn(), output()),
                List.of(both(rnn()), new LastTimeStep(rnn()), EdgeNets.output(3)));
        Stream<List<Layer>> pooled = Arrays.stream(PoolingType.values())
                .map(type -> List.of(both(rnn()), pooling(type), EdgeNets.output(3)));
        return Stream.concat(plain, pooled);
    }

    /** And those whose backward half DL4J lets begin behind the end. */
    private static Stream<List<Layer>> all() {
        return Stream.concat(
                masked(),
                Stream.of(
                        List.of(both(lstm()), output()),
                        List.of(both(lstm()), pooling(PoolingType.AVG), EdgeNets.output(3)),
                        List.of(both(new LastTimeStep(lstm())), EdgeNets.output(3))));
    }

    private static MultiLayerNetwork network(RNNFormat format, List<Layer> layers) {
        return EdgeNets.network(
                InputType.recurrent(CHANNELS, TIME, format),
                layers.stream().map(Layer::clone).toArray(Layer[]::new));
    }

    private static EdgeModel load(byte[] file, int length) throws IOException {
        return EdgeModel.load(new ByteArrayInputStream(file), length);
    }

    private static byte[] file(MultiLayerNetwork net) throws IOException {
        return EdgeNets.saved(QuantizedModel.of(net, EdgeNets.quantize(net, Grid.uniform(8), true)));
    }

    private static float[] numbers(int count) {
        Random random = new Random(11);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    /** The first steps of {@code [channels, time]}. */
    private static float[] first(float[] sequence, int length) {
        int channels = sequence.length / TIME;
        float[] part = new float[channels * length];
        for (int c = 0; c < channels; c++) {
            System.arraycopy(sequence, c * TIME, part, c * length, length);
        }
        return part;
    }

    @Test
    void areThoseOfAModelOfTheirLength() throws IOException {
        float[] x = numbers(CHANNELS * TIME);
        for (List<Layer> layers : all().toList()) {
            byte[] file = file(network(RNNFormat.NCW, layers));
            EdgeModel model = load(file, TIME);
            for (int length : new int[] {1, 4, TIME}) {
                float[] expected = load(file, length).predict(first(x, length));
                float[] actual = model.predict(x, length);
                float[] there = model.outputSize() % TIME == 0 ? first(actual, length) : actual;
                assertThat(there).as("%s of %s", length, layers).isEqualTo(expected);
            }
            assertThat(model.predict(x, TIME)).isEqualTo(model.predict(x));
        }
    }

    @Test
    void areWhatDl4jComputesWithAMask() throws IOException {
        float[] x = numbers(CHANNELS * TIME);
        int length = 4;
        INDArray mask = Nd4j.zeros(1, TIME);
        for (int t = 0; t < length; t++) {
            mask.putScalar(0, t, 1);
        }
        for (List<Layer> layers : masked().toList()) {
            MultiLayerNetwork net = network(RNNFormat.NCW, layers);
            EdgeModel model = load(file(net), TIME);
            INDArray features = Nd4j.createFromArray(x).reshape(1, CHANNELS, TIME);
            float[] expected =
                    net.output(features, false, mask, null).dup('c').data().asFloat();
            float[] actual = model.predict(x, length);
            boolean series = model.outputSize() % TIME == 0;
            EdgeNets.assertClose(series ? first(actual, length) : actual, series ? first(expected, length) : expected);
        }
    }

    @Test
    void doNotSeeWhatStandsBehindThem() throws IOException {
        for (RNNFormat format : RNNFormat.values()) {

            MultiLayerNetwork net = network(format, List.of(both(new LastTimeStep(lstm(format))), EdgeNets.output(3)));
            EdgeModel model = load(file(net), TIME);
            float[] x = numbers(CHANNELS * TIME);
            float[] other = x.clone();
            for (int c = 0; c < CHANNELS; c++) {
                for (int t = 4; t < TIME; t++) {
                    other[format == RNNFormat.NCW ? c * TIME + t : t * CHANNELS + c] = 1e30f;
                }
            }
            assertThat(model.predict(other, 4)).isEqualTo(model.predict(x, 4)).isNotEqualTo(model.predict(x, 5));
        }
    }

    @Test
    void areRefusedWhereAllStepsAreNeeded() throws IOException {
        Layer conv = new Convolution1DLayer.Builder(3).nOut(4).build();
        float[] x = numbers(CHANNELS * TIME);
        EdgeModel convolution = load(file(network(RNNFormat.NCW, List.of(lstm(), conv))), TIME);
        assertThatIllegalStateException()
                .isThrownBy(() -> convolution.predict(x, 4))
                .withMessage("the model takes sequences of one length only, because of layer 1, GroupedConvolution;"
                        + " load the file with another length");
        EdgeModel features = EdgeModel.load(new ByteArrayInputStream(
                file(EdgeNets.network(InputType.feedForward(3), EdgeNets.dense(4, true), EdgeNets.output(3)))));
        assertThatIllegalStateException()
                .isThrownBy(() -> features.predict(new float[3], 1))
                .withMessage("the model takes no sequences");
        EdgeModel model = load(file(network(RNNFormat.NCW, List.of(lstm(), output()))), TIME);
        for (int length : new int[] {0, TIME + 1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.predict(x, length))
                    .withMessage("length is " + length + "; allowed are 1 to " + TIME);
        }
    }
}
