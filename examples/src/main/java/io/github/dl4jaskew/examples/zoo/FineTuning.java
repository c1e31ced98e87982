package io.github.dl4jaskew.examples.zoo;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.task.Budget;
import io.github.dl4jaskew.examples.task.Task;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.quantized.QuantizedModel;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Fine-tunes a pretrained network on other classes: its last layer of weights is replaced, and all layers are trained on in
 * float. The second half of the epochs is either float too, or draws the weights between the first and the last layer onto a
 * grid. All share the first half.
 */
public final class FineTuning {

    private static final int STATISTICS_EXAMPLES = 10_000;
    private static final int STATISTICS_BATCH = 500;
    private static final double RATE = 1e-3;

    private final MultiLayerNetwork halfway;
    private final Split split;
    private final int batch;
    private final Budget budget;
    private final long seed;
    private final Scale scale;
    private final Runnable onEpoch;

    /**
     * A quantized network.
     *
     * @param model the network
     * @param plan what was constrained
     * @param seconds time of the second half
     */
    public record Quantized(QuantizedModel model, AskewPlan plan, double seconds) {}

    /**
     * A float network.
     *
     * @param network the network
     * @param seconds time of the second half
     */
    public record Unconstrained(MultiLayerNetwork network, double seconds) {}

    /**
     * Runs the first half.
     *
     * @param pretrained is not changed
     * @param split the new classes
     * @param batch examples of a minibatch
     * @param epochs length of each half
     * @param seed decides the new layer's first weights and the order of the examples
     * @param scale how levels are scaled, rounded and trained ones alike
     * @param onEpoch called after each epoch
     */
    public FineTuning(
            MultiLayerNetwork pretrained,
            Split split,
            int batch,
            int epochs,
            long seed,
            Scale scale,
            Runnable onEpoch) {
        this.split = split;
        this.batch = batch;
        this.budget = budget(split, batch, epochs);
        this.seed = seed;
        this.scale = scale;
        this.onEpoch = onEpoch;
        // DL4J draws the new layer's weights with the global generator, whatever the configuration's seed
        Nd4j.getRandom().setSeed(seed);
        MultiLayerNetwork network = new TransferLearning.Builder(pretrained)
                .fineTuneConfiguration(updater(new Adam(RATE)))
                .nOutReplace(
                        lastWithWeights(pretrained),
                        Math.toIntExact(split.train().getLabels().size(1)),
                        WeightInit.XAVIER)
                .build();
        fit(network, split, batch, epochs, seed, onEpoch);
        this.halfway = new TransferLearning.Builder(network)
                .fineTuneConfiguration(updater(Task.adam(RATE, budget)))
                .build();
    }

    private FineTuneConfiguration updater(IUpdater updater) {
        return new FineTuneConfiguration.Builder().updater(updater).seed(seed).build();
    }

    private static int lastWithWeights(MultiLayerNetwork network) {
        int layer = network.getnLayers() - 1;
        while (network.getLayer(layer).numParams() == 0) {
            layer--;
        }
        return layer;
    }

    /**
     * Trains a network.
     *
     * @param network trained in place
     * @param split its classes
     * @param batch examples of a minibatch
     * @param epochs length of the training
     * @param seed decides the order of the examples
     * @param onEpoch called after each epoch
     * @return seconds
     */
    public static double fit(
            MultiLayerNetwork network, Split split, int batch, int epochs, long seed, Runnable onEpoch) {
        Batches train = Batches.shuffled(split.train(), batch, seed);
        Nd4j.getRandom().setSeed(seed); // of dropout
        long start = System.nanoTime();
        for (int epoch = 0; epoch < epochs; epoch++) {
            network.fit(train);
            onEpoch.run();
        }
        return (System.nanoTime() - start) * 1e-9;
    }

    /**
     * Length of a training in minibatches.
     *
     * @param split its data
     * @param batch examples of a minibatch
     * @param epochs its length in epochs
     * @return the length
     */
    public static Budget budget(Split split, int batch, int epochs) {
        return new Budget(epochs, Batches.inOrder(split.train(), batch).count());
    }

    /**
     * Runs the second half without constraint.
     *
     * @return the network
     */
    public Unconstrained trainFloat() {
        MultiLayerNetwork network = halfway.clone();
        return new Unconstrained(network, fit(network, split, batch, budget.epochs(), seed + 1, onEpoch));
    }

    /**
     * Runs the second half with the weights between the first and the last layer on a grid.
     *
     * @param grid the levels
     * @return the model
     */
    public Quantized trainAskew(Grid grid) {
        MultiLayerNetwork network = halfway.clone();
        Askew recipe = Askew.fromTrained(budget.epochs(), budget.iterationsPerEpoch())
                .grid(grid)
                .scale(scale)
                .layers(Layers.exceptFirstAndLast())
                .build();
        AskewPlan plan = recipe.install(network);
        double seconds = fit(network, split, batch, budget.epochs(), seed + 1, onEpoch);
        return new Quantized(recipe.quantize(network, statisticsData()), plan, seconds);
    }

    /**
     * Rounds a float network to a grid: the same layers, the same scales, and batch-norm statistics estimated anew.
     *
     * @param tuned a float network, which is not changed
     * @param grid the levels
     * @return the model
     */
    public Quantized round(Unconstrained tuned, Grid grid) {
        PostTrainingQuantization rounding = PostTrainingQuantization.builder()
                .grid(grid)
                .scale(scale)
                .layers(Layers.exceptFirstAndLast())
                .build();
        MultiLayerNetwork network = tuned.network();
        return new Quantized(rounding.quantize(network, statisticsData()), rounding.plan(network), tuned.seconds());
    }

    private Batches statisticsData() {
        return Batches.inOrder(split.firstTrain(STATISTICS_EXAMPLES), STATISTICS_BATCH);
    }
}
