package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.testkit.SameDiffs;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** The same dense network as a MultiLayerNetwork and as a SameDiff graph, from the same start, with the same data. */
class SameDiffGroundTruthTest {

    private static final double ROUNDING = 1e-12;
    private static final int EPOCHS = 4;

    /**
     * One training in double precision, where an error of order and sign cannot hide in rounding.
     *
     * @param updater of the network
     * @param own of the recipe, or null
     * @param stage of the rule
     * @param unit of the learning rate
     * @param projection behind each step, or null
     * @param perChannel whether each channel has a scale
     */
    record Training(
            IUpdater updater,
            IUpdater own,
            Stage stage,
            LearningRateUnit unit,
            ProjectionMode projection,
            boolean perChannel) {

        Askew recipe() {
            Askew.Builder builder = Askew.builder()
                    .grid(Grid.ternary())
                    .scale(perChannel ? Scale.max().perChannel() : Scale.max())
                    .epsilon(Annealing.hold(4).thenExponential(0.85).byIteration())
                    .stage(stage)
                    .learningRateUnit(unit);
            if (own != null) {
                builder.updater(own);
            }
            if (projection != null) {
                builder.projection(projection);
            }
            return builder.build();
        }
    }

    static List<Training> trainings() {
        List<Training> trainings = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            for (LearningRateUnit unit : LearningRateUnit.values()) {
                trainings.add(new Training(new AskewSgd(0.3, 0.9), null, stage, unit, null, false));
                trainings.add(new Training(new Sgd(0.2), new Adam(0.05), stage, unit, null, true));
                trainings.add(new Training(new Adam(0.02), new Nesterovs(0.2, 0.8), stage, unit, null, true));
            }
        }
        for (ProjectionMode mode : ProjectionMode.values()) {
            trainings.add(new Training(new Adam(0.03), null, Stage.STEP, LearningRateUnit.WEIGHT, mode, true));
        }
        return trainings;
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void sameWeights(Training training) {
        MultiLayerNetwork network = doubles(training.updater());
        SameDiff graph = SameDiffs.like(network);
        graph.setTrainingConfig(SameDiffs.config(training.updater().clone())
                .initialLossDataType(DataType.DOUBLE)
                .build());
        training.recipe().install(network);
        training.recipe().install(graph);

        network.fit(SameDiffs.data(), EPOCHS);
        graph.fit(SameDiffs.data(), EPOCHS);

        requireSame(network, graph);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void sameWeightsWithL2AndWeightDecay(Training training) {
        MultiLayerNetwork network = doubles(training.updater());
        SameDiff graph = SameDiffs.like(network);
        var l2 = new L2Regularization(0.01);
        var decay = new WeightDecay(0.02, true);
        for (Layer layer : network.getLayers()) {
            BaseLayer conf = (BaseLayer) layer.conf().getLayer();
            conf.setRegularization(new ArrayList<>(List.of(l2, decay)));
            conf.setRegularizationBias(new ArrayList<>(List.of(l2, decay)));
        }
        graph.setTrainingConfig(SameDiffs.config(training.updater().clone())
                .initialLossDataType(DataType.DOUBLE)
                .regularization(new ArrayList<>(List.of(l2, decay)))
                .build());
        training.recipe().install(network);
        training.recipe().install(graph);

        network.fit(SameDiffs.data(), EPOCHS);
        graph.fit(SameDiffs.data(), EPOCHS);

        requireSame(network, graph);
    }

    private static MultiLayerNetwork doubles(IUpdater updater) {
        return SameDiffs.network(updater.clone()).convertDataType(DataType.DOUBLE);
    }

    private static void requireSame(MultiLayerNetwork network, SameDiff graph) {
        for (String layer : List.of("hidden", "output")) {
            requireSame(network.getLayer(layer).getParam("W"), graph, layer + "/w");
            requireSame(network.getLayer(layer).getParam("b"), graph, layer + "/b");
        }
    }

    private static void requireSame(INDArray expected, SameDiff graph, String name) {
        INDArray actual = SameDiffs.array(graph, name);
        assertThat(actual.dataType()).isEqualTo(DataType.DOUBLE);
        assertThat(actual.dup('c').data().asDouble())
                .as(name)
                .containsExactly(expected.dup('c').data().asDouble(), Offset.offset(ROUNDING));
    }
}
