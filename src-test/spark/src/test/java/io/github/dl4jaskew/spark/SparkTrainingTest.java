package io.github.dl4jaskew.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.ParallelTraining;
import io.github.dl4jaskew.examples.spark.SparkContexts;
import io.github.dl4jaskew.examples.spark.SparkEngine;
import io.github.dl4jaskew.examples.spark.SparkTraining;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.testkit.Quadrants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Spark's workers end on the grid, whatever happens to them. */
@Tag("training")
@DisabledForJreRange(
        minVersion = 24,
        disabledReason = "Hadoop of Spark 3.3 needs Subject.getSubject, which Java 24 took out")
class SparkTrainingTest {

    private static final int BATCH = 16;
    private static final int BATCHES = 48;
    private static final int EPOCHS = 4;
    private static final int WORKERS = 2;
    private static final int MIDDLE = EPOCHS * BATCHES / WORKERS / 2;

    @TempDir
    private Path directory;

    /** Two threads of this process; a task may fail twice. */
    @Test
    void averagingOnThreadsEndsOnTheGridThoughATaskThrows() {
        try (JavaSparkContext context = SparkContexts.start("local[2,3]")) {
            endsOnTheGrid(context, SparkEngine.AVERAGING, List.of());
            Path file = directory.resolve("thrown");
            endsOnTheGrid(context, SparkEngine.AVERAGING, List.of(new Fails(Fails.How.THROWS, MIDDLE, file)));
            assertThat(file).exists();
        }
    }

    /** Two processes of one core, of which one dies and is started again. */
    @Test
    void executorsEndOnTheGridThoughOneDies() {
        try (JavaSparkContext context = SparkContexts.start("local-cluster[2,1,1024]")) {
            endsOnTheGrid(context, SparkEngine.SHARED, List.of());
            Path file = directory.resolve("died");
            endsOnTheGrid(context, SparkEngine.AVERAGING, List.of(new Fails(Fails.How.DIES, MIDDLE, file)));
            assertThat(file).exists();
        }
    }

    private static void endsOnTheGrid(JavaSparkContext context, SparkEngine engine, List<TrainingListener> listeners) {
        MultiLayerNetwork network = Quadrants.list(new Sgd(0.05));
        int iterations = BATCHES / WORKERS;
        Askew recipe = engine.adapt(
                        Askew.fromScratch(EPOCHS, iterations).grid(Grid.binary()), EPOCHS * iterations, WORKERS)
                .build();
        recipe.install(network);
        engine.run(new SparkEngine.Training(
                context, network, Quadrants.batches(BATCHES, 1), BATCH, WORKERS, EPOCHS, listeners));

        assertThat(network.getIterationCount()).isEqualTo(EPOCHS * iterations);
        AskewReport report = new AskewListener().report(network, network.getIterationCount(), network.getEpochCount());
        assertThat(report.epsilon()).isLessThan(1.01e-4);
        assertThat(report.total().maxDistance()).isLessThanOrEqualTo(1 - Interval.tau(1e-4) + 1e-5);
        assertThat(network.params().isNaN().any()).isFalse();

        MultiLayerNetwork idle = Quadrants.list(new Sgd(0.05));
        recipe.install(idle);
        ParallelTraining.run(idle, EPOCHS, iterations, () -> {});
        assertThat(network.params()).as("not of an engine that only projects").isNotEqualTo(idle.params());
    }

    @Test
    void theExampleWritesItsResults() throws IOException {
        assertThat(SparkTraining.run("--epochs", "2", "--examples", "256", "--results", directory.toString()))
                .isZero();
        JsonNode results =
                new ObjectMapper().readTree(directory.resolve("spark.json").toFile());
        assertThat(results.get("engine").asText()).isEqualTo("AVERAGING");
        for (String model : List.of("float", "rounded", "askew")) {
            assertThat(results.get(model + "_accuracy").asDouble()).as(model).isBetween(0.0, 1.0);
        }
        assertThat(directory.resolve("spark.png")).isNotEmptyFile();
    }

    @Test
    void theExampleRefusesWhatWouldHang() {
        assertThat(SparkTraining.run("--engine", "shared", "--results", directory.toString()))
                .isEqualTo(1);
        assertThat(SparkTraining.run("--workers", "0", "--results", directory.toString()))
                .isEqualTo(1);
    }
}
