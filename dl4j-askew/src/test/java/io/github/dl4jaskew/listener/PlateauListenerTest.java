package io.github.dl4jaskew.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.AskewNets;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.askewsgd.GridConstraint;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import io.github.dl4jaskew.testkit.Nets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

class PlateauListenerTest {

    private static final Askew RECIPE =
            Askew.builder().epsilon(new PlateauAnnealing(0.5, 2, 0)).build();

    @Test
    void epsilonFallsWhenEpochsBringNothing() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        RECIPE.install(network);
        Deque<Double> scores = new ArrayDeque<>(List.of(3.0, 2.0, 2.0, 2.5, 1.0, 1.0));
        network.setListeners(new PlateauListener(model -> scores.remove()));
        network.fit(Nets.iterator(4), 3);
        assertThat(epsilons(network)).containsOnly(1.0);
        network.fit(Nets.iterator(4), 1);
        assertThat(epsilons(network)).containsOnly(0.5);
        network.fit(Nets.iterator(4), 2);
        assertThat(epsilons(network)).containsOnly(0.5);
        assertThat(scores).isEmpty();
    }

    @Test
    void stateSurvivesASave() throws IOException {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        RECIPE.install(network);
        assertThat(PlateauListener.report(network, 1)).isFalse();
        assertThat(PlateauListener.report(network, 1)).isFalse();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        MultiLayerNetwork restored =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes.toByteArray()), true);
        // One report of the patience has passed already
        assertThat(PlateauListener.report(restored, 1)).isTrue();
        assertThat(epsilons(restored)).containsOnly(0.5);
        assertThat(epsilons(network)).containsOnly(1.0);
    }

    @Test
    void lowersEveryLayerOfAGraph() {
        ComputationGraph graph = Nets.graph(new Sgd(0.1));
        RECIPE.install(graph);
        for (int i = 0; i < 5; i++) {
            PlateauListener.report(graph, 1);
        }
        assertThat(epsilons(graph)).hasSize(4).containsOnly(0.25);
    }

    @Test
    void lowersTheProjectionToo() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        Askew.builder()
                .epsilon(new PlateauAnnealing(0.5))
                .projection(ProjectionMode.INTERVAL)
                .build()
                .install(network);
        PlateauListener.report(network, 1);
        PlateauListener.report(network, 1);
        assertThat(network.getLayer(0).conf().getLayer().getConstraints())
                .filteredOn(GridConstraint.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        GridConstraint.class,
                        c -> assertThat(c.epsilon().valueAt(0, 0)).isEqualTo(0.5));
        assertThat(epsilons(network)).containsOnly(0.5);
    }

    @Test
    void lowersWhatTheForwardPassGoesBy() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        Askew.builder()
                .epsilon(new PlateauAnnealing(0.5))
                .straightThroughHold()
                .build()
                .install(network);
        MultiLayerNetwork clone = network.clone();
        assertThat(seesLevels(network)).isTrue();
        PlateauListener.report(network, 1);
        PlateauListener.report(network, 1);
        assertThat(seesLevels(network)).isFalse();
        assertThat(seesLevels(clone)).isTrue();
    }

    private static boolean seesLevels(MultiLayerNetwork network) {
        IWeightNoise noise = ((BaseLayer) network.getLayer(0).conf().getLayer()).getWeightNoise();
        INDArray weights = network.getParam("0_W");
        INDArray seen = noise.getParameter(network.getLayer(0), "W", 0, 0, true, LayerWorkspaceMgr.noWorkspaces());
        return !seen.equals(weights);
    }

    @Test
    void reportsAreChecked() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        assertThatIllegalStateException()
                .isThrownBy(() -> PlateauListener.report(network, 1))
                .withMessageContaining("PlateauAnnealing");
        AskewNets.closing().scale(Scale.max()).build().install(network);
        assertThatIllegalStateException().isThrownBy(() -> PlateauListener.report(network, 1));

        MultiLayerNetwork plateau = Nets.mlp(new Sgd(0.1));
        RECIPE.install(plateau);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlateauListener.report(plateau, Double.NaN))
                .withMessageContaining("NaN");
    }

    private static List<Double> epsilons(Model network) {
        return AskewNets.steps(network).stream()
                .map(step -> step.skew().epsilon().valueAt(0, 0))
                .toList();
    }
}
