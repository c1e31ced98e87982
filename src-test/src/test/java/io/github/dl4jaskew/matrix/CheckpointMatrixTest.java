package io.github.dl4jaskew.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.checkpoint.CheckpointDirectory;
import io.github.dl4jaskew.checkpoint.ResumableTraining;
import io.github.dl4jaskew.checkpoint.SavedCheckpoint;
import io.github.dl4jaskew.plan.ProjectionMode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** DL4J's CheckpointListener: save every few iterations or every epoch, restore, go on. */
@Tag("training")
class CheckpointMatrixTest {

    private static final int STOP_AFTER_EPOCHS = 5;

    @TempDir
    private Path directory;

    static Stream<Arguments> cases() {
        return Stream.of(
                        Setting.named("Adam"),
                        Setting.named("dropout, seeded")
                                .hidden(b -> b.dropOut(0.9))
                                .seeded(),
                        Setting.named("largest norm").network(b -> b.constrainWeights(new MaxNormConstraint(0.9, 1))),
                        Setting.named("the recipe's updater and projection")
                                .recipe(r -> RecipeSettings.inCells(r).projection(ProjectionMode.INTERVAL)),
                        Setting.named("noise of the recipe's own").recipe(r -> r.perturbation(0.001, 3)))
                .flatMap(s -> Stream.of(Kind.values()).map(k -> Arguments.of(s, k)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void resumesExactly(Setting setting, Kind kind) throws Exception {
        for (boolean constrained : List.of(false, true)) {
            Trial trial = new Trial(setting, kind, constrained);
            Model whole = trial.network();
            fit(setting, whole, setting.epochs());
            for (boolean byEpoch : List.of(false, true)) {
                CheckpointDirectory checkpoints =
                        new CheckpointDirectory(directory.resolve(constrained + "-" + byEpoch));
                CheckpointListener.Builder listener = checkpoints.newRun().keepLast(1);
                Model stopped = trial.network();
                kind.listen(stopped, (byEpoch ? listener.saveEveryEpoch() : listener.saveEveryNIterations(4)).build());
                fit(setting, stopped, STOP_AFTER_EPOCHS);

                SavedCheckpoint saved = checkpoints.newest().orElseThrow();
                Model restored = kind == Kind.LIST
                        ? saved.restoreMultiLayerNetwork(setting.batchesPerEpoch())
                        : saved.restoreComputationGraph(setting.batchesPerEpoch());
                fit(setting, restored, setting.epochs());
                assertThat(Trial.State.of(kind, restored).isEqualTo(Trial.State.of(kind, whole)))
                        .as("constrained %s, by epoch %s", constrained, byEpoch)
                        .isTrue();

                // Without the repair Adam's corrections and all schedules are an iteration behind.
                Model loaded = kind.restore(saved.file());
                fit(setting, loaded, setting.epochs());
                assertThat(Trial.State.of(kind, loaded).isEqualTo(Trial.State.of(kind, whole)))
                        .as("loaded without repair, constrained %s, by epoch %s", constrained, byEpoch)
                        .isEqualTo(byEpoch);
            }
        }
    }

    private static void fit(Setting setting, Model network, int epochs) {
        if (setting.isSeeded()) {
            Kind kind = network instanceof MultiLayerNetwork ? Kind.LIST : Kind.GRAPH;
            kind.listen(network, new SeededNoise());
        }
        if (network instanceof MultiLayerNetwork list) {
            ResumableTraining.fit(
                    list, epochs, setting.batchesPerEpoch(), e -> Clusters.batches(setting.batch(), DataType.FLOAT));
        } else {
            ResumableTraining.fit(
                    (ComputationGraph) network,
                    epochs,
                    setting.batchesPerEpoch(),
                    e -> Clusters.batches(setting.batch(), DataType.FLOAT));
        }
    }
}
