package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.samediff.SameDiffUpdater;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import io.github.dl4jaskew.quantized.QuantizedSameDiff;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.SameDiffs;
import io.github.dl4jaskew.updater.AskewSgd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** SameDiff graphs train onto the levels, go on after loading as if they had never stopped, and are quantized exactly. */
class SameDiffTrainingTest {

    private static final int BEFORE = 6;
    private static final int AFTER = 6;

    @TempDir
    private Path directory;

    /**
     * One training.
     *
     * @param updater of the graph
     * @param own of the recipe, or null
     * @param stage of the rule
     */
    record Training(IUpdater updater, IUpdater own, Stage stage) {

        Askew recipe() {
            Askew.Builder builder = Askew.builder()
                    .grid(Grid.ternary())
                    .scale(Scale.mse().perChannel())
                    .epsilon(Annealing.hold(3).thenExponential(0.7).byIteration())
                    .stage(stage);
            if (own != null) {
                builder.updater(own).learningRateUnit(LearningRateUnit.CELL).perturbation(0.01, 9);
            }
            return builder.build();
        }

        SameDiff graph() {
            SameDiff graph = SameDiffs.of(updater);
            recipe().install(graph);
            return graph;
        }
    }

    static List<Training> trainings() {
        List<Training> trainings = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            trainings.add(new Training(new AskewSgd(0.2, 0.9), null, stage));
            trainings.add(new Training(new AskewSgd(0.2), new Adam(0.05), stage));
            trainings.add(new Training(new Adam(0.05), new Sgd(0.05), stage));
        }
        return trainings;
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void goesOnAfterLoading(Training training) {
        SameDiff graph = training.graph();
        SameDiffs.fit(graph, BEFORE);
        File file = directory.resolve("graph.fb").toFile();
        graph.save(file, true);
        SameDiffs.fit(graph, AFTER);

        SameDiff loaded = SameDiff.load(file, true);
        Askew.resume(loaded);
        SameDiffs.fit(loaded, AFTER);
        requireSame(loaded, graph);
    }

    @Test
    void aLoadedGraphDoesNotTrainWithoutItsConstraint() {
        SameDiff graph = trainings().get(0).graph();
        SameDiffs.fit(graph, BEFORE);
        for (boolean state : new boolean[] {true, false}) {
            File file = directory.resolve("graph.fb").toFile();
            graph.save(file, state);
            SameDiff loaded = SameDiff.load(file, state);
            Map<String, float[]> before = SameDiffs.variables(loaded);
            assertThatThrownBy(() -> SameDiffs.fit(loaded, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Askew.resume(graph)");
            before.forEach((name, values) ->
                    assertThat(SameDiffs.variables(loaded).get(name)).isEqualTo(values));
            assertThatIllegalStateException()
                    .isThrownBy(() -> trainings().get(0).recipe().install(loaded))
                    .withMessageContaining("Askew.resume(graph)");
            Askew.resume(loaded);
            Askew.resume(loaded);
            SameDiffs.fit(loaded, 1);
        }
    }

    @Test
    void aCopyIsAsExactAsAFile() {
        SameDiff graph = trainings().get(1).graph();
        SameDiffs.fit(graph, BEFORE);
        SameDiff copy = graph.dup();
        assertThatThrownBy(() -> SameDiffs.fit(copy, 1)).hasMessageContaining("Askew.resume(graph)");
        SameDiff copyOfTheCopy = copy.dup();
        Askew.resume(copyOfTheCopy);
        SameDiffs.fit(graph, AFTER);
        SameDiffs.fit(copyOfTheCopy, AFTER);
        requireSame(copyOfTheCopy, graph);
    }

    @Test
    void aLoadedGraphCanBeFreed() {
        SameDiff graph = SameDiffs.of(new Adam(0.05));
        trainings().get(0).recipe().install(graph);
        SameDiffs.fit(graph, BEFORE);
        SameDiff copy = graph.dup();
        assertThat(Askew.uninstall(copy)).isTrue();
        Askew.uninstall(graph);
        SameDiffs.fit(copy, 2);
        SameDiffs.fit(graph, 2);
        requireSame(copy, graph);
        assertThat(copy.getTrainingConfig().getUpdater()).isEqualTo(new Adam(0.05));
    }

    @Test
    void epochsCountAsInSameDiff() {
        SameDiff graph = SameDiffs.of(new Sgd(0.1));
        Askew.builder()
                .grid(Grid.ternary())
                .epsilon(Annealing.hold(2).thenLinear(2))
                .restoringRate(1)
                .build()
                .install(graph);
        List<Double> epsilons = new ArrayList<>();
        for (int epoch = 0; epoch < 5; epoch++) {
            AskewListener listener = new AskewListener(1);
            graph.setListeners(listener.forSameDiff());
            graph.fit(SameDiffs.data(), 1);
            epsilons.add(listener.lastReport().epsilon());
        }
        assertThat(epsilons).containsExactly(1.0, 1.0, 1.0, 0.5, 0.0);
    }

    @Tag("training")
    @Test
    void trainsOntoTheLevelsAndReports() {
        SameDiff graph = SameDiffs.of(new Adam(Nets.resting(0.05)));
        Askew recipe = Askew.builder()
                .grid(Grid.ternary())
                .epsilon(Annealing.hold(10).thenLinear(15).byIteration())
                .restoringRate(1)
                .maxStep(1)
                .build();
        recipe.install(graph);
        AskewListener listener = new AskewListener(10);
        graph.setListeners(listener.forSameDiff());
        SameDiffs.fit(graph, 41);
        AskewReport report = listener.lastReport();
        assertThat(report.iteration()).isEqualTo(40);
        assertThat(report.epsilon()).isZero();
        assertThat(report.total().weights()).isEqualTo(35);
        assertThat(report.parameters())
                .extracting(AskewReport.Row::parameter)
                .containsExactly(SameDiffs.HIDDEN, SameDiffs.OUTPUT);
        assertThat(report.total().flips()).isNotNegative();
        DistanceBound.requireNear(report, DistanceBound.atRest(recipe.epsilon(), 1, 1, 15, 41));
        assertThat(listener.report(graph, 40, 0).total().maxDistance())
                .isEqualTo(report.total().maxDistance());
    }

    @Test
    void reportsAtTheEndOfEpochs() {
        SameDiff graph = SameDiffs.of(new Adam(0.05));
        trainings().get(0).recipe().install(graph);
        AskewListener listener = new AskewListener(2).byEpoch();
        graph.fit(new MultiDataSetIteratorAdapter(SameDiffs.data()), 2, listener.forSameDiff());
        assertThat(listener.lastReport().epoch()).isZero();
        graph.fit(new MultiDataSetIteratorAdapter(SameDiffs.data()), 1, listener.forSameDiff());
        assertThat(listener.lastReport().epoch()).isEqualTo(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> listener.report(SameDiffs.of(new Sgd(1)), 0, 0))
                .withMessageContaining("no interval constraint");
    }

    @Test
    void quantizesACopyExactly() {
        Training training = trainings().get(1);
        SameDiff graph = training.graph();
        SameDiffs.fit(graph, BEFORE);
        Map<String, float[]> before = SameDiffs.variables(graph);
        String config = graph.getTrainingConfig().toJson();

        QuantizedSameDiff model = training.recipe().quantize(graph);

        assertThat(graph.getTrainingConfig().toJson()).isEqualTo(config);
        before.forEach((name, values) ->
                assertThat(SameDiffs.variables(graph).get(name)).isEqualTo(values));
        SameDiff served = model.toSameDiff();
        assertThat(SameDiffUpdater.of(served)).isNull();
        assertThat(model.parameters())
                .extracting(QuantizedParameter::name)
                .containsExactly(SameDiffs.HIDDEN, SameDiffs.OUTPUT);
        for (QuantizedParameter p : model.parameters()) {
            float[] weights = SameDiffs.variables(served).get(p.name());
            ScaledGrid grid = p.grid();
            for (int i = 0; i < weights.length; i++) {
                int channel = grid.channels().of(i);
                assertThat(weights[i])
                        .isEqualTo((float) grid.level(channel, p.codes().get(i)));
                assertThat(p.codes().get(i)).isEqualTo(grid.code(channel, before.get(p.name())[i]));
            }
        }
        assertThat(SameDiffs.variables(served).get("hidden/b")).isEqualTo(before.get("hidden/b"));
        Map<String, INDArray> features = Map.of("in", Nets.normal(7, 5, Nets.IN));
        assertThat(model.output(features, "out").get("out"))
                .isEqualTo(served.output(features, "out").get("out"))
                .isNotEqualTo(graph.output(features, "out").get("out"));
        assertThatThrownBy(() -> SameDiffs.fit(served, 1)).hasMessageContaining("AskewSgd has no interval constraint");
    }

    @Test
    void survivesJavaSerializationWithoutItsGraph() throws IOException, ClassNotFoundException {
        SameDiffUpdater updater = SameDiffUpdater.of(trainings().get(1).graph());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(updater);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            SameDiffUpdater copy = (SameDiffUpdater) in.readObject();
            assertThat(copy).isEqualTo(updater).hasSameHashCodeAs(updater).isEqualTo(updater.clone());
            assertThat(copy.graph()).isNull();
            assertThat(copy.hasLearningRate()).isTrue();
            copy.setLrAndSchedule(0.7, null);
            assertThat(copy.getLearningRate(0, 0)).isEqualTo(0.7);
            assertThat(copy).isNotEqualTo(updater);
        }
        assertThat(updater.toString()).contains("2 constrained variables");
    }

    private static void requireSame(SameDiff actual, SameDiff expected) {
        SameDiffs.variables(expected)
                .forEach(
                        (name, values) -> assertThat(SameDiffs.variables(actual).get(name))
                                .as(name)
                                .isEqualTo(values));
    }
}
