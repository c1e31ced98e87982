package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.updater.AskewSgd;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/** A training that was saved in the middle of the annealing goes on as if it had never stopped. */
class ResumeTest {

    private static final int BEFORE = 6;
    private static final int AFTER = 6;

    @TempDir
    private Path directory;

    /**
     * One training.
     *
     * @param graph whether the network is a graph
     * @param updater of the network
     * @param stage of the rule
     * @param own whether the recipe has an updater of its own, in cells, with noise
     */
    record Training(boolean graph, IUpdater updater, Stage stage, boolean own) {

        Model network() {
            Askew.Builder builder = Askew.builder()
                    .grid(Grid.ternary())
                    .epsilon(Annealing.hold(3).thenExponential(0.7).byIteration())
                    .stage(stage);
            if (own) {
                builder.updater(updater.clone())
                        .learningRateUnit(LearningRateUnit.CELL)
                        .perturbation(0.01, 9);
            }
            Askew recipe = builder.build();
            if (graph) {
                ComputationGraph network = Nets.graph(updater);
                recipe.install(network);
                return network;
            }
            MultiLayerNetwork network = Nets.mlp(updater);
            recipe.install(network);
            return network;
        }
    }

    static List<Training> trainings() {
        List<Training> trainings = new ArrayList<>();
        for (boolean graph : new boolean[] {false, true}) {
            for (IUpdater updater : List.of(new AskewSgd(0.2, 0.9), new Adam(0.05))) {
                for (Stage stage : Stage.values()) {
                    for (boolean own : new boolean[] {false, true}) {
                        trainings.add(new Training(graph, updater, stage, own));
                    }
                }
            }
        }
        return trainings;
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void goesOnAfterRestore(Training training) throws IOException {
        Model network = training.network();
        Nets.fit(network, BEFORE);
        File file = directory.resolve("network.zip").toFile();
        ModelSerializer.writeModel(network, file, true);
        Nets.fit(network, AFTER);

        Model restored = restore(file);
        Nets.fit(restored, AFTER);
        assertThat(Nets.params(restored)).isEqualTo(Nets.params(network));
        Nets.requireSameConfiguration(restored, Nets.configuration(network));
        assertThat(Nets.params(network)).isNotEqualTo(Nets.params(training.network()));
    }

    @Tag("slow")
    @Test
    void goesOnInAnotherProcess() throws Exception {
        for (Training training : List.of(
                new Training(false, new AskewSgd(0.2, 0.9), Stage.STEP, true),
                new Training(true, new Adam(0.05), Stage.GRADIENT, false))) {
            Model network = training.network();
            Nets.fit(network, BEFORE);
            Path file = directory.resolve("before.zip");
            ModelSerializer.writeModel(network, file.toFile(), true);
            Nets.fit(network, AFTER);

            Path result = directory.resolve("after.zip");
            Path log = directory.resolve("log.txt");
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx1g",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Resume.class.getName(),
                            file.toString(),
                            result.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
            assertThat(Nets.params(restore(result.toFile()))).isEqualTo(Nets.params(network));
        }
    }

    /** Restores the first file, trains on, saves to the second. */
    static final class Resume {
        public static void main(String[] files) throws IOException {
            Model network = restore(new File(files[0]));
            Nets.fit(network, AFTER);
            ModelSerializer.writeModel(network, new File(files[1]), true);
        }
    }

    private static Model restore(File file) throws IOException {
        try {
            return ModelSerializer.restoreMultiLayerNetwork(file, true);
        } catch (RuntimeException | IOException e) {
            return ModelSerializer.restoreComputationGraph(file, true);
        }
    }
}
