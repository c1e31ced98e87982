package io.github.dl4jaskew.quantized;

import static io.github.dl4jaskew.activation.ActivationNets.batches;
import static io.github.dl4jaskew.activation.ActivationNets.graph;
import static io.github.dl4jaskew.activation.ActivationNets.network;
import static io.github.dl4jaskew.activation.ActivationNets.ring;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import io.github.dl4jaskew.activation.RunningClipLayer;
import io.github.dl4jaskew.internal.network.Network;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

class ActivationStatisticsTest {

    private static final QuantizedActivation FOUR = QuantizedActivation.unsigned(4);
    private static final int FIRST = 2;
    private static final int SECOND = 5;

    private static QuantizedActivation function(MultiLayerNetwork network, int layer) {
        return (QuantizedActivation) ((ActivationLayer)
                        network.getLayerWiseConfigurations().getConf(layer).getLayer())
                .getActivationFn();
    }

    private static MultiLayerNetwork trained(Layer first, Layer second) {
        MultiLayerNetwork network = network(first, second);
        network.fit(batches(ring(1, 90), 30));
        return network;
    }

    /** The mean over minibatches of the clip that the input of a layer has. */
    private static double mean(MultiLayerNetwork network, DataSet data, int size, int layer) {
        List<DataSet> parts = data.batchBy(size);
        return parts.stream()
                .mapToDouble(part -> FOUR.batchClip(network.feedForwardToLayer(layer - 1, part.getFeatures(), false)
                        .get(layer)))
                .average()
                .orElseThrow();
    }

    @Test
    void functionsAreFrozenToTheMeanOfTheBatchesClips() {
        MultiLayerNetwork network = trained(new ActivationLayer(FOUR), new ActivationLayer(FOUR));
        DataSet data = ring(5, 100);
        double first = mean(network, data, 20, FIRST);
        double second = mean(network, data, 20, SECOND);
        INDArray parameters = network.params().dup();
        ActivationStatistics.estimate(network, batches(data, 20));
        assertThat(function(network, FIRST).clip()).isCloseTo(first, offset(1e-12));
        assertThat(function(network, SECOND).clip()).isCloseTo(second, offset(1e-12));
        assertThat(network.params()).isEqualTo(parameters);
        assertThat(((ActivationLayer) network.getLayer(FIRST).conf().getLayer()).getActivationFn())
                .isEqualTo(function(network, FIRST));
    }

    @Test
    void oneSharedFunctionGivesEachLayerItsOwnClip() {
        MultiLayerNetwork network = trained(new ActivationLayer(FOUR), new ActivationLayer(FOUR));
        assertThat(function(network, FIRST)).isSameAs(function(network, SECOND));
        ActivationStatistics.estimate(network, batches(ring(5, 100), 20));
        assertThat(function(network, FIRST).clip())
                .isNotEqualTo(function(network, SECOND).clip());
        assertThat(FOUR.clip()).isNull();
    }

    @Test
    void runningAveragesAreReplacedByTheSameMeans() {
        MultiLayerNetwork functions = trained(new ActivationLayer(FOUR), new ActivationLayer(FOUR));
        MultiLayerNetwork layers = trained(new QuantizedActivationLayer(FOUR), new QuantizedActivationLayer(FOUR));
        ActivationStatistics.estimate(functions, batches(ring(5, 100), 20));
        ActivationStatistics.estimate(layers, batches(ring(5, 100), 20));
        for (int layer : new int[] {FIRST, SECOND}) {
            double expected = function(functions, layer).clip();
            assertThat(((RunningClipLayer) layers.getLayer(layer)).clip()).isCloseTo(expected, offset(1e-6));
        }
        INDArray x = ring(6, 50).getFeatures();
        assertThat(layers.output(x).equalsWithEps(functions.output(x), 1e-3)).isTrue();
    }

    @Test
    void estimatingTwiceIsEstimatingOnce() {
        MultiLayerNetwork network = trained(new ActivationLayer(FOUR), new QuantizedActivationLayer(FOUR));
        ActivationStatistics.estimate(network, batches(ring(5, 100), 20));
        Double clip = function(network, FIRST).clip();
        INDArray parameters = network.params().dup();
        ActivationStatistics.estimate(network, batches(ring(5, 100), 20));
        assertThat(function(network, FIRST).clip()).isEqualTo(clip);
        assertThat(network.params()).isEqualTo(parameters);
    }

    @Test
    void graphsAsNetworks() {
        ComputationGraph graph = graph(new ActivationLayer(FOUR), new QuantizedActivationLayer(FOUR));
        MultiLayerNetwork network = network(new ActivationLayer(FOUR), new QuantizedActivationLayer(FOUR));
        network.setParams(graph.params());
        ActivationStatistics.estimate(graph, batches(ring(5, 100), 20));
        ActivationStatistics.estimate(network, batches(ring(5, 100), 20));
        assertThat(graph.params()).isEqualTo(network.params());
        ActivationLayer layer = (ActivationLayer) graph.getLayer("a1").conf().getLayer();
        assertThat(layer.getActivationFn()).isEqualTo(function(network, FIRST));
        assertThat(graph.outputSingle(ring(6, 9).getFeatures()))
                .isEqualTo(network.output(ring(6, 9).getFeatures()));
    }

    @Test
    void layersThatAreFrozenOrWrappedHaveTheirFunctionsFrozen() {
        MultiLayerNetwork network = trained(new ActivationLayer(FOUR), new ActivationLayer(FOUR));
        MultiLayerNetwork tuned =
                new TransferLearning.Builder(network).setFeatureExtractor(FIRST).build();
        ActivationStatistics.estimate(tuned, batches(ring(5, 100), 20));
        ActivationStatistics.estimate(network, batches(ring(5, 100), 20));
        INDArray x = ring(6, 9).getFeatures();
        assertThat(tuned.output(x)).isEqualTo(network.output(x));
        assertThat(((MultiLayerNetwork) Network.of(tuned).copy().model()).output(x))
                .isEqualTo(network.output(x));
        SimpleRnn rnn = new SimpleRnn.Builder().nIn(2).nOut(2).activation(FOUR).build();
        List<ActivationSlot> slots = ActivationSlot.of(new LastTimeStep(rnn));
        slots.get(0).setter().accept(FOUR.withClip(2));
        assertThat(slots).hasSize(1);
        assertThat(rnn.getActivationFn()).isEqualTo(FOUR.withClip(2));
        assertThat(ActivationSlot.of(new Bidirectional(rnn))).hasSize(2);
    }

    @Test
    void refusesEmptyDataUnlessThereIsNothingToEstimate() {
        MultiLayerNetwork network = network(new ActivationLayer(FOUR), new ActivationLayer(FOUR));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ActivationStatistics.estimate(network, new ListDataSetIterator<>(List.of(), 5)))
                .withMessageContaining("empty");
        MultiLayerNetwork plain = network(
                new BatchNormalization.Builder().nIn(64).nOut(64).build(),
                new BatchNormalization.Builder().nIn(64).nOut(64).build());
        INDArray parameters = plain.params().dup();
        ActivationStatistics.estimate(plain, new ListDataSetIterator<>(List.of(), 5));
        assertThat(plain.params()).isEqualTo(parameters);
    }
}
