package io.github.dl4jaskew.activation;

import static io.github.dl4jaskew.activation.ActivationNets.batches;
import static io.github.dl4jaskew.activation.ActivationNets.graph;
import static io.github.dl4jaskew.activation.ActivationNets.network;
import static io.github.dl4jaskew.activation.ActivationNets.ring;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.offset;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class QuantizedActivationLayerTest {

    private static final int FIRST = 2;
    private static final int SECOND = 5;

    private static QuantizedActivationLayer four() {
        return new QuantizedActivationLayer(QuantizedActivation.unsigned(4));
    }

    private static QuantizedActivationLayer signed() {
        return new QuantizedActivationLayer(QuantizedActivation.signed(3).around(new ActivationTanH()), 0.5);
    }

    private static RunningClipLayer clip(MultiLayerNetwork network, int layer) {
        return (RunningClipLayer) network.getLayer(layer);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void keepsTheRunningAverageOfTheBatchesClips(DataType type) {
        MultiLayerNetwork network = network(type, four(), signed());
        assertThat(clip(network, FIRST).clip()).isEqualTo(-1);
        double first = Double.NaN;
        double second = Double.NaN;
        for (int i = 0; i < 5; i++) {
            DataSet batch = ring(i, 30);
            batch.setFeatures(batch.getFeatures().mul(i + 1).castTo(type));
            batch.setLabels(batch.getLabels().castTo(type));
            network.fit(batch);
            double a = clip(network, FIRST).batchClip();
            double b = clip(network, SECOND).batchClip();
            first = i == 0 ? a : 0.9 * first + 0.1 * a;
            second = i == 0 ? b : 0.5 * second + 0.5 * b;
            assertThat(clip(network, FIRST).clip()).isCloseTo(first, offset(1e-6));
            assertThat(clip(network, SECOND).clip()).isCloseTo(second, offset(1e-6));
        }
        assertThat(first).isNotCloseTo(clip(network, FIRST).batchClip(), offset(1e-6));
    }

    @Test
    void trainingUsesTheBatchsClipAndInferenceTheAverage() {
        MultiLayerNetwork network = network(four(), four());
        network.fit(batches(ring(1, 120), 30));
        INDArray x = ring(2, 40).getFeatures();
        QuantizedActivation function = QuantizedActivation.unsigned(4);
        List<INDArray> test = network.feedForward(x, false);
        INDArray before = test.get(FIRST);
        assertThat(test.get(FIRST + 1))
                .isEqualTo(function.withClip(clip(network, FIRST).clip()).getActivation(before.dup(), false));
        List<INDArray> train = network.feedForward(x, true);
        assertThat(train.get(FIRST + 1))
                .isEqualTo(function.getActivation(train.get(FIRST).dup(), true));
        // among others, as many as before, lest BLAS sums in another order
        INDArray others = x.mul(10);
        others.putRow(0, x.getRow(0));
        assertThat(network.output(others).getRow(0).toFloatVector())
                .isEqualTo(network.output(x).getRow(0).toFloatVector());
    }

    @Test
    void beforeTheFirstMinibatchInferenceHasTheBatchsClip() {
        MultiLayerNetwork network = network(four(), four());
        INDArray x = ring(2, 40).getFeatures();
        List<INDArray> test = network.feedForward(x, false);
        assertThat(test.get(FIRST + 1))
                .isEqualTo(QuantizedActivation.unsigned(4)
                        .getActivation(test.get(FIRST).dup(), false));
        assertThat(clip(network, FIRST).clip()).isEqualTo(RunningClipLayer.NO_CLIP);
    }

    @Test
    void inferenceLeavesTheInputAndTheAverageAlone() {
        MultiLayerNetwork network = network(four(), four());
        network.fit(ring(1, 30));
        INDArray x = ring(2, 40).getFeatures();
        INDArray before = x.dup();
        INDArray parameters = network.params().dup();
        network.output(x);
        assertThat(x).isEqualTo(before);
        assertThat(network.params()).isEqualTo(parameters);
    }

    @Test
    void aCloneGoesItsOwnWay() {
        MultiLayerNetwork network = network(four(), signed());
        network.fit(batches(ring(1, 90), 30));
        MultiLayerNetwork clone = network.clone();
        INDArray x = ring(2, 40).getFeatures();
        INDArray expected = network.output(x);
        assertThat(clone.output(x)).isEqualTo(expected);
        double clip = clip(network, FIRST).clip();
        clone.fit(new DataSet(x.mul(9), ring(2, 40).getLabels()));
        assertThat(clip(network, FIRST).clip()).isEqualTo(clip);
        assertThat(network.output(x)).isEqualTo(expected);
        assertThat(clip(clone, FIRST).clip()).isNotEqualTo(clip);
    }

    @Test
    void resumesBitForBit() throws IOException {
        MultiLayerNetwork straight = network(four(), signed());
        straight.fit(batches(ring(1, 90), 30), 2);
        MultiLayerNetwork resumed = restored(straight);
        assertThat(resumed.getLayerWiseConfigurations()).isEqualTo(straight.getLayerWiseConfigurations());
        assertThat(resumed.params()).isEqualTo(straight.params());
        straight.fit(batches(ring(1, 90), 30), 2);
        resumed.fit(batches(ring(1, 90), 30), 2);
        assertThat(resumed.params()).isEqualTo(straight.params());
        INDArray x = ring(2, 40).getFeatures();
        assertThat(resumed.output(x)).isEqualTo(straight.output(x));
    }

    private static MultiLayerNetwork restored(MultiLayerNetwork network) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, out, true);
        return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(out.toByteArray()), true);
    }

    @Test
    void aGraphDoesWhatTheNetworkDoesAndResumes() throws IOException {
        MultiLayerNetwork network = network(four(), signed());
        ComputationGraph graph = graph(four(), signed());
        graph.setParams(network.params());
        network.fit(batches(ring(1, 90), 30), 2);
        graph.fit(batches(ring(1, 90), 30), 2);
        assertThat(graph.params()).isEqualTo(network.params());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelSerializer.writeModel(graph, out, true);
        ComputationGraph resumed =
                ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(out.toByteArray()), true);
        graph.fit(batches(ring(1, 90), 30), 1);
        resumed.fit(batches(ring(1, 90), 30), 1);
        assertThat(resumed.params()).isEqualTo(graph.params());
        assertThat(graph.clone().outputSingle(ring(2, 9).getFeatures()))
                .isEqualTo(graph.outputSingle(ring(2, 9).getFeatures()));
    }

    @Test
    void earlyStoppingKeepsTheClipsOfTheBestEpoch() throws IOException {
        MultiLayerNetwork network = network(four(), four());
        InMemoryModelSaver<MultiLayerNetwork> saver = new InMemoryModelSaver<>();
        network.fit(ring(1, 30));
        INDArray x = ring(2, 40).getFeatures();
        INDArray best = network.output(x);
        saver.saveBestModel(network, 0);
        network.fit(batches(ring(3, 90), 30), 3);
        assertThat(network.output(x)).isNotEqualTo(best);
        assertThat(saver.getBestModel().output(x)).isEqualTo(best);
    }

    @Test
    void aFrozenLayerKeepsItsClip() {
        MultiLayerNetwork network = network(four(), four());
        network.fit(batches(ring(1, 90), 30));
        double clip = clip(network, FIRST).clip();
        MultiLayerNetwork tuned =
                new TransferLearning.Builder(network).setFeatureExtractor(FIRST).build();
        tuned.fit(batches(ring(3, 90), 30));
        assertThat(tuned.getParam(FIRST + "_clip").getDouble(0)).isEqualTo(clip);
        assertThat(clip(tuned, SECOND).clip())
                .isNotEqualTo(clip(network, SECOND).clip());
    }

    @Test
    void aLayerFrozenWithBackpropPassesTheGradientOfItsClip() {
        MultiLayerNetwork frozen = network(new FrozenLayerWithBackprop(four()), four());
        MultiLayerNetwork constant =
                network(new ActivationLayer(QuantizedActivation.unsigned(4).withClip(0.5)), four());
        constant.paramTable().forEach((key, values) -> frozen.getParam(key).assign(values));
        frozen.getParam(FIRST + "_clip").assign(0.5);
        INDArray before = constant.getParam("0_W").dup();
        frozen.fit(batches(ring(1, 90), 30));
        constant.fit(batches(ring(1, 90), 30));
        assertThat(constant.getParam("0_W")).isNotEqualTo(before);
        assertThat(frozen.getParam("0_W")).isEqualTo(constant.getParam("0_W"));
        assertThat(frozen.getParam(FIRST + "_clip").getDouble(0)).isEqualTo(0.5);
    }

    @Test
    void zeroBatchesHaveAClipOfZero() {
        MultiLayerNetwork network = network(four(), four());
        DataSet zeros =
                new DataSet(Nd4j.zeros(DataType.FLOAT, 10, 4), ring(1, 10).getLabels());
        network.fit(zeros);
        assertThat(clip(network, FIRST).clip()).isZero();
        assertThat(network.output(ring(1, 10).getFeatures()).isNaN().any()).isFalse();
    }

    @Test
    void aClipThatIsNotFiniteIsRefused() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            MultiLayerNetwork network = network(four(), four());
            network.getParam(FIRST + "_clip").assign(bad);
            INDArray x = ring(1, 10).getFeatures();
            assertThatIllegalStateException()
                    .isThrownBy(() -> network.output(x))
                    .withMessageContaining("layer name: layer2")
                    .withMessageContaining("running clip of " + bad);
        }
    }

    @Test
    void halfPrecisionHasAClip() {
        MultiLayerNetwork network = new MultiLayerNetwork(ActivationNets.base(DataType.FLOAT16)
                .updater(new Sgd(0.1))
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(8).build())
                .layer(four())
                .layer(new OutputLayer.Builder()
                        .nIn(8)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        DataSet data = ring(1, 30);
        network.fit(
                data.getFeatures().castTo(DataType.FLOAT16), data.getLabels().castTo(DataType.FLOAT16));
        assertThat(clip(network, 1).clip()).isCloseTo(clip(network, 1).batchClip(), offset(2e-3));
        assertThat(network.output(data.getFeatures().castTo(DataType.FLOAT16))
                        .isNaN()
                        .any())
                .isFalse();
    }

    @Test
    void survivesJsonWithItsDecay() {
        MultiLayerConfiguration conf = network(four(), signed()).getLayerWiseConfigurations();
        MultiLayerConfiguration copy = MultiLayerConfiguration.fromJson(conf.toJson());
        assertThat(copy).isEqualTo(conf);
        QuantizedActivationLayer layer =
                (QuantizedActivationLayer) copy.getConf(SECOND).getLayer();
        assertThat(layer.getDecay()).isEqualTo(0.5);
        assertThat(layer.activation()).isEqualTo(signed().activation());
        assertThat(layer).hasToString("QuantizedActivationLayer(A3(tanh, signed), decay 0.5)");
        assertThat(signed()).isEqualTo(signed()).hasSameHashCodeAs(signed()).isNotEqualTo(four());
    }

    @Test
    void tellsItsMemory() {
        assertThat(network(four(), four()).summary()).contains("RunningClipLayer");
        assertThat(network(four(), four())
                        .getLayerWiseConfigurations()
                        .getMemoryReport(InputType.feedForward(4))
                        .toString())
                .isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void refusesDecays(double decay) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QuantizedActivationLayer(QuantizedActivation.unsigned(4), decay))
                .withMessageContaining("decay is " + decay);
    }

    @Test
    void refusesOtherFunctionsFrozenClipsAndBadAverages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> four().setActivationFn(new ActivationReLU()))
                .withMessageContaining("must be a QuantizedActivation");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QuantizedActivationLayer(
                        QuantizedActivation.unsigned(4).withClip(1)))
                .withMessageContaining("use an ActivationLayer");
        RunningClipLayer layer = clip(network(four(), four()), FIRST);
        for (double bad : new double[] {Double.NaN, -2, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> layer.setClip(bad))
                    .withMessageContaining("clip is");
        }
    }
}
