package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.samediff.SameDiffUpdater;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.testkit.SameDiffs;
import io.github.dl4jaskew.updater.AskewSgd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A SameDiff training that was saved when version 1 was made: what {@link GoldenNetworkTest} says of networks holds here too.
 * The loss is linear in the weights, so that its gradient is the data, without a matrix product.
 */
class GoldenGraphTest {

    private static final String FILE = "samediff-training-v1.fb";
    private static final String RESULTS = "graphs-v1.txt";

    /** Writes the graph and the result of its next steps into a directory that exists. */
    public static void main(String[] args) throws IOException {
        SameDiff graph = today();
        graph.save(Path.of(args[0], FILE).toFile(), true);
        Files.write(Path.of(args[0], RESULTS), GoldenResults.lines(FILE, results(graph)));
    }

    private static Askew recipe() {
        return Askew.builder()
                .grid(Grid.ternary())
                .scale(Scale.max().perChannel())
                .epsilon(Annealing.hold(2).thenLinear(16).byIteration())
                .hull(Annealing.hold(2).thenLinear(8).byIteration())
                .restoringRate(0.5)
                .updater(new AskewSgd(0.25, 0.5))
                .learningRateUnit(LearningRateUnit.CELL)
                .build();
    }

    /** The graph as installing and training make it today. */
    private static SameDiff today() {
        SameDiff graph = SameDiff.create();
        SDVariable in = graph.placeHolder("in", DataType.FLOAT, 4, 5);
        SDVariable labels = graph.placeHolder("labels", DataType.FLOAT, 4, 3);
        SDVariable w = graph.var("w", numbers(1, 4, 5));
        SDVariable v = graph.var("v", numbers(2, 4, 3));
        SDVariable free = graph.var("free", numbers(3, 3));
        w.mul(in).sum().add("loss", v.mul(labels).add(free).sum());
        graph.setLossVariables("loss");
        graph.setTrainingConfig(SameDiffs.config(new AskewSgd(0.5)).build());
        recipe().install(graph);
        fit(graph, 3);
        return graph;
    }

    private static INDArray numbers(long seed, int... shape) {
        int count = java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return GoldenNetwork.numbers(seed, count).reshape(shape);
    }

    private static void fit(SameDiff graph, int times) {
        for (int i = 0; i < times; i++) {
            graph.fit(new DataSet(numbers(4, 4, 5), numbers(5, 4, 3)));
        }
    }

    private static Map<String, float[]> variables(SameDiff graph) {
        Map<String, float[]> variables = new TreeMap<>();
        for (String name : List.of("w", "v", "free")) {
            variables.put(name, SameDiffs.array(graph, name).dup('c').data().asFloat());
        }
        return variables;
    }

    /** After two more steps, the first of which needs the stored momentum, and of the quantized graph. */
    private static Map<String, float[]> results(SameDiff graph) {
        fit(graph, 2);
        Map<String, float[]> results = variables(graph);
        variables(recipe().quantize(graph).toSameDiff())
                .forEach((name, values) -> results.put("quantized " + name, values));
        return results;
    }

    private static SameDiff restored(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        try (InputStream in = GoldenResults.open(FILE)) {
            Files.copy(in, file);
        }
        return SameDiff.load(file.toFile(), true);
    }

    @Test
    void isRestoredAsItWouldBeInstalledToday(@TempDir Path directory) throws IOException {
        SameDiff today = today();
        SameDiff restored = restored(directory);
        assertThat(SameDiffUpdater.of(restored)).isNotNull().isEqualTo(SameDiffUpdater.of(today));
        assertThat(restored.getTrainingConfig().getIterationCount()).isEqualTo(3);
        variables(today)
                .forEach((name, values) ->
                        assertThat(variables(restored).get(name)).as(name).isEqualTo(values));
    }

    @Test
    void makesTheStepsThatItWouldHaveMade(@TempDir Path directory) throws IOException {
        SameDiff restored = restored(directory);
        Askew.resume(restored);
        assertThat(GoldenResults.lines(FILE, results(restored)))
                .isNotEmpty()
                .isEqualTo(GoldenResults.stored(RESULTS, FILE));
    }
}
