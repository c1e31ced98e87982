package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.TrainingCounts;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.testkit.Nets;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** What an engine leaves undone at the end of its epochs. */
class ParallelTrainingTest {

    private static final double EPS = 0.01;

    private static Askew.Builder recipe() {
        return Askew.builder()
                .grid(Grid.binary())
                .scale(Scale.unit())
                .epsilon(Nets.epsilon(EPS))
                .layers(Layers.named("hidden"));
    }

    @Test
    void theAverageOfTwoLevelsGoesBackToAnInterval() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        recipe().build().install(network);
        INDArray weights = network.getLayer("hidden").getParam("W");
        weights.assign(1);
        // Workers on both levels, a worker beyond the hull, and one that is where it may be.
        weights.putScalar(0, 0, 0);
        weights.putScalar(0, 1, -0.5);
        weights.putScalar(0, 2, 1.5);
        weights.putScalar(0, 3, -0.97);

        assertThat(Askew.project(network)).isEqualTo(3);
        float tau = (float) Interval.tau(EPS);
        assertThat(weights.getFloat(0, 0)).isEqualTo(tau);
        assertThat(weights.getFloat(0, 1)).isEqualTo(-tau);
        assertThat(weights.getFloat(0, 2)).isEqualTo(1);
        assertThat(weights.getFloat(0, 3)).isEqualTo(-0.97f);
        assertThat(Askew.project(network)).isZero();
    }

    @Test
    void weightsBeyondAnOpenHullStayThereAndTheOthersGoBackToAnInterval() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        recipe().hull(Nets.epsilon(0.2)).build().install(network);
        INDArray weights = network.getLayer("hidden").getParam("W");
        weights.assign(1);
        weights.putScalar(0, 0, 0);
        weights.putScalar(0, 1, 1.2);
        weights.putScalar(0, 2, -1.5);

        assertThat(Askew.project(network)).isEqualTo(2);
        assertThat(weights.getFloat(0, 0)).isEqualTo((float) Interval.tau(EPS));
        assertThat(weights.getFloat(0, 1)).isEqualTo(1.2f);
        assertThat(weights.getFloat(0, 2)).isEqualTo(-1.25f);
    }

    @Test
    void theNetworksOwnConstraintsRunToo() {
        ComputationGraph network = Nets.graph(new Sgd(0.1));
        Askew.builder()
                .scale(Scale.unit())
                .epsilon(Nets.epsilon(EPS))
                .projection(ProjectionMode.GRID)
                .build()
                .install(network);
        network.getLayer("left").getParam("W").assign(0.2);
        Askew.project(network);
        assertThat(Nets.param(network, "left_W")).containsOnly(1f);
    }

    @Test
    void aNetworkWithoutConstraintIsRefused() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        assertThatIllegalStateException()
                .isThrownBy(() -> Askew.project(network))
                .withMessageContaining("install");
        assertThatIllegalStateException()
                .isThrownBy(() -> ParallelTraining.run(network, 1, 1, () -> {}))
                .withMessageContaining("install");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParallelTraining.run(network, 0, 1, () -> {}))
                .withMessageContaining("epochs is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParallelTraining.run(network, 1, 0, () -> {}))
                .withMessageContaining("iterationsPerEpoch is 0");
    }

    @Test
    void onlyNetworksAreProjected() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Askew.project(network.getLayer(0)))
                .withMessageContaining("MultiLayerNetwork or ComputationGraph");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsAndListenersGoOnWhateverTheEngineCounts(boolean graph) {
        Model network = graph ? Nets.graph(new Sgd(0.1)) : Nets.mlp(new Sgd(0.1));
        Askew recipe =
                Askew.builder().epsilon(Annealing.hold(1).thenExponential(0.1)).build();
        if (network instanceof ComputationGraph g) {
            recipe.install(g);
        } else {
            recipe.install((MultiLayerNetwork) network);
        }
        List<TrainingCounts> ends = new ArrayList<>();
        List<Double> epsilons = new ArrayList<>();
        network.setListeners(new BaseTrainingListener() {
            @Override
            public void onEpochEnd(Model model) {
                TrainingCounts counts = Network.of(model).counts();
                ends.add(counts);
                epsilons.add(InstalledParameter.of(model).get(0).step().epsilonAt(counts.iteration(), counts.epoch()));
            }
        });
        ParallelTraining.run(network, 3, 5, () -> Network.of(network).setCounts(new TrainingCounts(77, 33)));
        assertThat(ends)
                .containsExactly(new TrainingCounts(5, 0), new TrainingCounts(10, 1), new TrainingCounts(15, 2));
        assertThat(epsilons.get(0)).isEqualTo(1);
        assertThat(epsilons.get(2)).isLessThan(epsilons.get(1));
        assertThat(Network.of(network).counts()).isEqualTo(new TrainingCounts(15, 3));
    }

    @Test
    void theUpdaterOutlivesAnEngineThatDropsIt() {
        MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
        recipe().build().install(network);
        Nets.fit(network, 2);
        INDArray state = network.getUpdater().getStateViewArray().dup();
        assertThat(state.norm1Number().doubleValue()).isPositive();
        // What a ParallelWrapper does at the end of fit.
        ParallelTraining.run(network, 1, 1, network::clear);
        assertThat(network.getUpdater(false).getStateViewArray()).isEqualTo(state);

        ComputationGraph graph = Nets.graph(new Adam(0.01));
        Askew.builder().epsilon(Nets.epsilon(EPS)).build().install(graph);
        Nets.fit(graph, 2);
        INDArray graphState = graph.getUpdater().getStateViewArray().dup();
        ParallelTraining.run(graph, 1, 1, () -> graph.setUpdater(null));
        assertThat(graph.getUpdater(false).getStateViewArray()).isEqualTo(graphState);
    }
}
