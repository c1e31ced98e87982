package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.askewsgd.GridConstraint;
import io.github.dl4jaskew.internal.askewsgd.Perturbation;
import io.github.dl4jaskew.internal.askewsgd.SkewSettings;
import io.github.dl4jaskew.internal.askewsgd.WeightNoise;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.listener.PlateauListener;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.updater.AskewSgd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Everything that install adds is part of the configuration: JSON, YAML, Java serialization, clones. */
class ConfigurationTest {

    /** Between them they use every class that can end up in a configuration, with every field off its default. */
    static List<Askew> recipes() {
        return List.of(
                Askew.builder()
                        .epsilon(Annealing.hold(2).thenPolynomial(10, 2).inTau().byIteration())
                        .maxStep(Double.POSITIVE_INFINITY)
                        .alpha(0.3)
                        .perturbation(0.02, Long.MIN_VALUE + 7)
                        .scale(Scale.max().perChannel())
                        .build(),
                Askew.builder()
                        .grid(Grid.powersOfTwo(3))
                        .epsilon(new PlateauAnnealing(0.7, 2, 1e-3))
                        .stage(Stage.GRADIENT)
                        .updater(new AskewSgd(new CosineSchedule(ScheduleType.EPOCH, 0.4, 9), 0.5))
                        .learningRateUnit(LearningRateUnit.CELL)
                        .projection(ProjectionMode.INTERVAL)
                        .build(),
                Askew.builder()
                        .grid(Grid.of(-1.5, -0.1, 0.3, 2))
                        .epsilon(new ExponentialSchedule(ScheduleType.EPOCH, 1, 0.5))
                        .updater(new Adam(0.2))
                        .learningRateUnit(LearningRateUnit.CELL)
                        .projection(ProjectionMode.GRID)
                        .layers(Layers.firstAndLast())
                        .build());
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void networkSurvives(Askew recipe) throws Exception {
        MultiLayerConfiguration conf = Nets.mlpConf(new AskewSgd(0.1, 0.9));
        recipe.install(conf);
        for (MultiLayerConfiguration copy : List.of(
                MultiLayerConfiguration.fromJson(conf.toJson()),
                MultiLayerConfiguration.fromYaml(conf.toYaml()),
                javaCopy(conf),
                conf.clone())) {
            assertThat(copy).isEqualTo(conf);
            assertThat(copy.toJson()).isEqualTo(conf.toJson());
            for (int i : new int[] {0, 2}) {
                BaseLayer expected = (BaseLayer) conf.getConf(i).getLayer();
                BaseLayer actual = (BaseLayer) copy.getConf(i).getLayer();
                assertThat(actual.getRegularization())
                        .isEqualTo(expected.getRegularization())
                        .isNotEmpty();
                assertThat(actual.getConstraints()).isEqualTo(expected.getConstraints());
                assertThat(actual.getIUpdater()).isEqualTo(expected.getIUpdater());
                assertThat(actual.getBiasUpdater()).isEqualTo(expected.getBiasUpdater());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void graphSurvives(Askew recipe) throws Exception {
        ComputationGraphConfiguration conf = Nets.graphConf(new AskewSgd(0.1, 0.9));
        recipe.install(conf);
        for (ComputationGraphConfiguration copy : List.of(
                ComputationGraphConfiguration.fromJson(conf.toJson()),
                ComputationGraphConfiguration.fromYaml(conf.toYaml()),
                javaCopy(conf),
                conf.clone())) {
            assertThat(copy).isEqualTo(conf);
            assertThat(copy.toJson()).isEqualTo(conf.toJson());
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void clonesTrainIdentically(Askew recipe) {
        MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
        recipe.install(network);
        Nets.fit(network, 2);
        MultiLayerNetwork copy = network.clone();
        Nets.fit(network, 3);
        Nets.fit(copy, 3);
        assertThat(Nets.params(copy)).isEqualTo(Nets.params(network));

        ComputationGraph graph = Nets.graph(new Adam(0.01));
        recipe.install(graph);
        ComputationGraph graphCopy = graph.clone();
        Nets.fit(graph, 3);
        Nets.fit(graphCopy, 3);
        assertThat(Nets.params(graphCopy)).isEqualTo(Nets.params(graph));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void twoNetworksShareNoState(Askew recipe) {
        MultiLayerNetwork one = Nets.mlp(new Sgd(0.1));
        MultiLayerNetwork two = Nets.mlp(new Sgd(0.1));
        recipe.install(one);
        recipe.install(two);
        String before = Nets.configuration(two);
        if (AskewNets.steps(one).get(0).skew().epsilon() instanceof PlateauAnnealing) {
            PlateauListener.report(one, 1);
            PlateauListener.report(one.clone(), 1);
            assertThat(PlateauListener.report(one, 1)).isFalse();
            assertThat(PlateauListener.report(one, 1)).isTrue();
        }
        Nets.requireSameConfiguration(two, before);
        assertThat(recipe.toString()).contains("eps: ");
    }

    static Stream<Object> serializables() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.ternary(), 0.5);
        return Stream.of(
                new AskewSgd(0.1, 0.2),
                GridConstraint.hull(grid),
                GridConstraint.grid(grid),
                GridConstraint.interval(grid, Annealing.hold(1).thenCosine(3)),
                cellLearningRate(),
                new Perturbation(0.1, 4),
                new SkewSettings(
                        Nets.epsilon(0.5),
                        null,
                        Stage.STEP,
                        null,
                        0.4,
                        3,
                        new Perturbation(0.1, 4),
                        StraightThrough.HOLD,
                        new WeightNoise(0.1, 2),
                        false));
    }

    /** What turns the steps of a learning rate per cell into those of weights, behind the updater. */
    private static Regularization cellLearningRate() {
        MultiLayerConfiguration configuration = Nets.mlpConf(new Sgd(0.1));
        Askew.builder()
                .epsilon(Nets.epsilon(1))
                .stage(Stage.GRADIENT)
                .learningRateUnit(LearningRateUnit.CELL)
                .build()
                .install(configuration);
        return ((BaseLayer) configuration.getConf(0).getLayer())
                .getRegularization().stream()
                        .filter(r -> r.getClass().getSimpleName().equals("CellLearningRate"))
                        .findFirst()
                        .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("serializables")
    void javaSerializationKeepsTheValue(Object value) throws Exception {
        assertThat(javaCopy(value)).isEqualTo(value).hasSameHashCodeAs(value);
    }

    @SuppressWarnings("unchecked")
    private static <T> T javaCopy(T value) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
