package io.github.dl4jaskew.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.AskewNets;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.interval.CellHistogram;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.testkit.Nets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.datasets.iterator.utilty.SingletonDataSetIterator;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class AskewSnapshotTest {

    private final List<AskewSnapshot> snapshots = new ArrayList<>();

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        Askew.builder()
                .epsilon(Nets.epsilon(0.25))
                .grid(Grid.ternary())
                .scale(Scale.unit())
                .layers(Layers.all().except("output"))
                .build()
                .install(network);
        return network;
    }

    @Test
    void aReceiverGetsEachReportWithItsHistograms() {
        MultiLayerNetwork network = network();
        INDArray hidden = network.getParam("0_W").assign(1);
        hidden.putScalar(0, 0, -1);
        hidden.putScalar(0, 1, 0);
        AskewReport report = new AskewListener(1).to(snapshots::add).report(network, 7, 3);
        AskewSnapshot snapshot = snapshots.get(0);
        assertThat(snapshot.report()).isSameAs(report);
        assertThat(snapshot.network()).isZero();
        assertThat(snapshot.scores()).isNull();
        CellHistogram histogram = snapshot.histograms().get(0);
        assertThat(snapshot.histograms()).hasSize(1);
        assertThat(histogram.counts()[32]).isEqualTo(1);
        assertThat(histogram.counts()[96]).isEqualTo(1);
        assertThat(histogram.counts()[160]).isEqualTo(18);
    }

    @Test
    void thePlanIsThatOfTheInstallation() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        AskewPlan plan = Askew.builder()
                .epsilon(Nets.epsilon(0.25))
                .layers(Layers.all().except("output"))
                .build()
                .install(network);
        new AskewListener(1).to(snapshots::add).report(network, 0, 0);
        assertThat(snapshots.get(0).plan().entries())
                .as("but for the weights' places at the installation")
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("levels")
                .isEqualTo(plan.entries());
        assertThat(snapshots.get(0).plan().settings())
                .first()
                .asString()
                .isEqualTo(plan.settings().get(0));
    }

    @Test
    void networksAreNumbered() {
        AskewListener listener = new AskewListener(1).to(snapshots::add);
        MultiLayerNetwork one = network();
        MultiLayerNetwork two = network();
        listener.report(one, 0, 0);
        listener.report(two, 0, 0);
        listener.report(one, 1, 0);
        assertThat(snapshots).extracting(AskewSnapshot::network).containsExactly(0, 1, 0);
    }

    @Test
    void scoresAreThoseOfTheNetworkAndOfTheQuantizedModel() {
        MultiLayerNetwork network = network();
        DataSet data = Nets.iterator(4).next();
        AskewListener listener = new AskewListener(1).scoring(data).to(snapshots::add);
        Nets.fit(network, 3);
        listener.report(network, 3, 0);
        require(network.score(data, false), served(network).score(data, false), 0);
        Nets.fit(network, 3);
        assertThat(snapshots).hasSize(1);
        listener.report(network, 6, 0);
        require(network.score(data, false), served(network).score(data, false), 1);
    }

    @Test
    void accuraciesAreThoseOfTheNetworkAndOfTheQuantizedModel() {
        MultiLayerNetwork network = network();
        DataSet data = Nets.iterator(4).next();
        AskewListener listener = new AskewListener(1).scoring(data).to(snapshots::add);
        Nets.fit(network, 3);
        listener.report(network, 3, 0);
        AskewSnapshot.Scores scores = Objects.requireNonNull(snapshots.get(0).scores());
        assertThat(scores.fullAccuracy()).isEqualTo(accuracy(network, data));
        assertThat(scores.quantizedAccuracy()).isEqualTo(accuracy(served(network), data));
    }

    private static double accuracy(MultiLayerNetwork network, DataSet data) {
        return network.evaluate(new SingletonDataSetIterator(data)).accuracy();
    }

    @Test
    void numbersThatAreNoClassesHaveNoAccuracy() {
        MultiLayerNetwork network = Nets.of(
                new Sgd(0.1),
                new OutputLayer.Builder(LossFunction.MSE)
                        .name("output")
                        .nIn(Nets.IN)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build());
        AskewNets.closing().build().install(network);
        DataSet data = new DataSet(Nd4j.rand(4, Nets.IN), Nd4j.rand(4, 1));
        new AskewListener(1).scoring(data).to(snapshots::add).report(network, 0, 0);
        assertThat(Objects.requireNonNull(snapshots.get(0).scores()).fullAccuracy())
                .isNaN();
    }

    private static MultiLayerNetwork served(MultiLayerNetwork network) {
        QuantizedModel model = AskewNets.closing().build().quantize(network);
        return model.toMultiLayerNetwork();
    }

    private void require(double full, double quantized, int snapshot) {
        AskewSnapshot.Scores scores =
                Objects.requireNonNull(snapshots.get(snapshot).scores());
        assertThat(scores.full()).isCloseTo(full, within(1e-6));
        assertThat(scores.quantized()).isCloseTo(quantized, within(1e-6));
        assertThat(full).isNotCloseTo(quantized, within(1e-3));
    }

    @Test
    void graphsAreScored() {
        ComputationGraph graph = Nets.init(Nets.base(new Sgd(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer("output", Nets.output("output", Nets.IN, Nets.OUT), "in")
                .setOutputs("output")
                .build());
        AskewNets.closing().build().install(graph);
        DataSet data = Nets.iterator(4).next();
        graph.setListeners(new AskewListener(1).scoring(data).to(snapshots::add));
        graph.fit(Nets.iterator(4), 1);
        AskewSnapshot last = snapshots.get(snapshots.size() - 1);
        assertThat(Objects.requireNonNull(last.scores()).full()).isCloseTo(graph.score(data, false), within(1e-6));
        assertThat(last.score()).isEqualTo(graph.score());
    }

    @Test
    void trainingIsAsWithoutAListenerWithDropoutToo() {
        DataSet data = Nets.iterator(4).next();
        assertThat(trained(new AskewListener(1).scoring(data).to(snapshots::add)))
                .isEqualTo(trained(new AskewListener(1000)));
        assertThat(snapshots).hasSizeGreaterThan(3);
    }

    private static float[] trained(AskewListener listener) {
        MultiLayerNetwork network = Nets.of(
                new Sgd(0.1),
                Nets.dense("hidden", Nets.IN, Nets.HIDDEN),
                new DropoutLayer.Builder(0.5).name("drop").build(),
                Nets.output("output", Nets.HIDDEN, Nets.OUT));
        AskewNets.closing().build().install(network);
        network.setListeners(listener);
        org.nd4j.linalg.factory.Nd4j.getRandom().setSeed(5);
        Nets.fit(network, 5);
        return Nets.params(network);
    }
}
