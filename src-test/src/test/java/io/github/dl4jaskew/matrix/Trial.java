package io.github.dl4jaskew.matrix;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.schedule.Annealing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Trains a setting on one kind of network, with the constraint or without. */
final class Trial {

    private static final double SMALLEST_EPSILON = 1e-4;
    private static final long OTHER_PROCESS = 4711;

    private final Setting setting;
    private final Kind kind;
    private final boolean constrained;
    private final Askew recipe;

    Trial(Setting setting, Kind kind, boolean constrained) {
        this.setting = setting;
        this.kind = kind;
        this.constrained = constrained;
        this.recipe = recipe(setting);
    }

    /** Free for a third of the training, closed after two thirds. */
    private static Askew recipe(Setting setting) {
        double third = setting.iterations() / 3.0;
        return setting.recipe()
                .apply(Askew.builder()
                        .grid(Grid.ternary())
                        .epsilon(Annealing.hold(third)
                                .thenExponential(SMALLEST_EPSILON, third)
                                .byIteration()))
                .build();
    }

    Model network() {
        Model network = kind.network(setting, constrained);
        if (constrained && network instanceof MultiLayerNetwork list) {
            recipe.install(list);
        } else if (constrained) {
            recipe.install((ComputationGraph) network);
        }
        return network;
    }

    QuantizedModel quantize(Model network) {
        boolean estimate = setting.hasBatchNorm();
        var data = Clusters.batches(setting.batch(), network.params().dataType());
        if (network instanceof MultiLayerNetwork list) {
            return estimate ? recipe.quantize(list, data) : recipe.quantize(list);
        }
        ComputationGraph graph = (ComputationGraph) network;
        return estimate ? recipe.quantize(graph, data) : recipe.quantize(graph);
    }

    /** Half of the training. */
    void half(Model network) {
        if (setting.isSeeded()) {
            kind.listen(network, new SeededNoise());
        }
        var data = Clusters.batches(setting.batch(), network.params().dataType());
        for (int epoch = 0; epoch < setting.epochs() / 2; epoch++) {
            kind.fit(network, data);
        }
    }

    /** What a training leaves: all numbers that the next step depends on. */
    record State(double[] params, double[] updater) {

        static State of(Kind kind, Model network) {
            INDArray updater = kind.updaterState(network);
            return new State(
                    network.params().toDoubleVector(),
                    updater == null ? null : updater.dup().reshape(-1).toDoubleVector());
        }

        boolean isEqualTo(State that) {
            return Arrays.equals(params, that.params) && Arrays.equals(updater, that.updater);
        }
    }

    /**
     * What came of a training.
     *
     * @param network at its end
     * @param resumesExactly whether the same training, saved half way and restored, ends in the same numbers to the bit
     */
    record Outcome(Model network, boolean resumesExactly) {}

    Outcome run(Path directory) throws IOException {
        Path file = directory.resolve(kind + "-" + constrained + ".zip");
        Model network = network();
        half(network);
        setting.midway().accept(network);
        ModelSerializer.writeModel(network, file.toFile(), true);
        half(network);

        Model restored = kind.restore(file);
        // ND4J's generator goes on within a process, but in another one it starts anew.
        Nd4j.getRandom().setSeed(OTHER_PROCESS);
        half(restored);
        return new Outcome(network, State.of(kind, restored).isEqualTo(State.of(kind, network)));
    }
}
