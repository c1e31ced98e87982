package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.updater.AskewSgd;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Bad input names value, layer and range, and leaves weights and configuration as they were. */
class BadInputTest {

    @ParameterizedTest
    @EnumSource
    void nanInTheData(Stage stage) {
        for (boolean inLabels : new boolean[] {true, false}) {
            MultiLayerNetwork network = Nets.mlp(new AskewSgd(0.1, 0.9));
            AskewNets.closing().stage(stage).build().install(network);
            Nets.fit(network, 3);
            float[] params = Nets.params(network);
            float[] state = network.getUpdater().getStateViewArray().dup().toFloatVector();
            String configuration = Nets.configuration(network);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.fit(bad(inLabels)))
                    .withMessageContaining("NaN");

            assertThat(Nets.params(network)).isEqualTo(params);
            assertThat(network.getUpdater().getStateViewArray().dup().toFloatVector())
                    .isEqualTo(state);
            Nets.requireSameConfiguration(network, configuration);
            Nets.fit(network, 2);
            assertThat(Nets.params(network)).doesNotContain(Float.NaN);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nanNamesLayerAndParameter(Stage stage) {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        AskewNets.closing().stage(stage).build().install(network);
        Nets.fit(network, 3);
        float[] params = Nets.params(network);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.fit(bad(true)))
                .withMessageContaining("layer 'hidden', parameter 'W', iteration 3")
                .withMessageContaining("NaN");
        assertThat(Nets.params(network)).isEqualTo(params);
        Nets.fit(network, 1);

        ComputationGraph graph = Nets.graph(new Sgd(0.1));
        AskewNets.closing().stage(stage).build().install(graph);
        Nets.fit(graph, 1);
        float[] graphParams = Nets.params(graph);
        MultiDataSet data = Nets.graphData(3);
        data.getLabels(0).putScalar(0, Double.NaN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> graph.fit(data))
                .withMessageContaining("parameter 'W'")
                .withMessageContaining("NaN");
        assertThat(Nets.params(graph)).isEqualTo(graphParams);
        Nets.fit(graph, 1);
    }

    private static DataSet bad(boolean inLabels) {
        DataSet data = Nets.data(11, 12);
        (inLabels ? data.getLabels() : data.getFeatures()).putScalar(0, Double.NaN);
        return data;
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void epsilonOutOfRange(double epsilon) {
        for (Stage stage : Stage.values()) {
            MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
            Askew.builder()
                    .epsilon(new MapSchedule.Builder(ScheduleType.ITERATION)
                            .add(0, 1)
                            .add(2, epsilon)
                            .build())
                    .stage(stage)
                    .build()
                    .install(network);
            Nets.fit(network, 2);
            float[] params = Nets.params(network);
            assertThatThrownBy(() -> Nets.fit(network, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("layer 'hidden', parameter 'W', iteration 2")
                    .hasMessageContaining("epsilon is " + epsilon + "; allowed is 0 to 1");
            assertThat(Nets.params(network)).isEqualTo(params);
        }
    }

    @Test
    void nanWeightInTraining() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        AskewNets.closing().build().install(network);
        network.getParam("0_W").putScalar(2, Double.NaN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Nets.fit(network, 1))
                .withMessageContaining("layer 'hidden', parameter 'W'")
                .withMessageContaining("NaN");
    }

    @Test
    void recipesOutOfRange() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Askew.builder().build())
                .withMessageContaining("epsilon is not set");
        assertThatIllegalStateException()
                .isThrownBy(() -> recipe().alpha(1).restoringRate(0.5))
                .withMessageContaining("alpha is 1.0 and restoringRate is 0.5");
        assertThatIllegalStateException()
                .isThrownBy(() -> recipe().restoringRate(0.5).alpha(1));
        refused(recipe().alpha(0), "alpha is 0.0");
        refused(recipe().alpha(Double.POSITIVE_INFINITY), "alpha is Infinity");
        refused(recipe().restoringRate(1.01), "restoringRate is 1.01");
        refused(recipe().restoringRate(Double.NaN), "restoringRate is NaN");
        refused(recipe().maxStep(0), "maxStep is 0.0");
        refused(recipe().maxStep(Double.NaN), "maxStep is NaN");
        refused(recipe().grid(Grid.binary()).scale(Scale.sawb()), "not for binary");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe().perturbation(0, 1))
                .withMessageContaining("perturbation is 0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> recipe().perturbation(1.5, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Askew.fromScratch(0, 10))
                .withMessageContaining("epochs is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Askew.fromTrained(1, 0))
                .withMessageContaining("iterationsPerEpoch is 0");
    }

    private static Askew.Builder recipe() {
        return Askew.builder().epsilon(Nets.epsilon(0.5));
    }

    private static void refused(Askew.Builder recipe, String message) {
        assertThatIllegalArgumentException().isThrownBy(recipe::build).withMessageContaining(message);
    }
}
