package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The recipe of quantized-weight training: which layers, which grid and scale, how the intervals close and how
 * weights are drawn back. Immutable and thread safe; install it on as many networks as you like.
 *
 * <pre>{@code
 * Askew askew = Askew.fromScratch(20, iterationsPerEpoch).grid(Grid.binary()).build();
 * AskewPlan plan = askew.install(network);
 * network.fit(train, 20);
 * QuantizedModel model = askew.quantize(network);
 * }</pre>
 *
 * <p>Source: Leconte, Schechtman, Moulines, "ASkewSGD: An Annealed interval-constrained Optimisation method to
 * train Quantized Neural Networks", AISTATS 2023.
 */
public final class Askew implements QuantizedTraining {

    private final Recipe recipe;
    private final Installer installer;

    Askew(Recipe recipe) {
        this.recipe = recipe;
        this.installer = new Installer(recipe);
    }

    /**
     * A recipe with everything still to say: at least {@link AskewBuilder#epsilon}.
     *
     * @return a builder
     */
    public static AskewBuilder builder() {
        return new AskewBuilder();
    }

    /**
     * A recipe that trains well from random weights: eps stays 1 for four fifths of the training and then falls
     * exponentially to 1e-4; the constrained weights have an Adam of their own, whose rate starts at 0.3 half cells a step
     * and falls along a cosine to 0, so that signs are settled during the hold. Biases, batch norm and skipped layers keep
     * the network's updater.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static AskewBuilder fromScratch(int epochs, int iterationsPerEpoch) {
        return preset(epochs, iterationsPerEpoch, 0.8, 0.3).scale(Scale.mse());
    }

    /**
     * A recipe that starts from trained weights: one scale of least squared error for each output channel, a
     * smaller rate (0.03 half cells a step) that moves only the weights that the rounding hurts, and eps that falls
     * exponentially to 1e-4 in the second half.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static AskewBuilder fromTrained(int epochs, int iterationsPerEpoch) {
        return preset(epochs, iterationsPerEpoch, 0.5, 0.03).scale(Scale.mse().perChannel());
    }

    private static AskewBuilder preset(int epochs, int iterationsPerEpoch, double heldShare, double cellRate) {
        if (epochs < 1 || iterationsPerEpoch < 1) {
            throw new IllegalArgumentException("epochs is " + epochs + " and iterationsPerEpoch is "
                    + iterationsPerEpoch + "; both must be at least 1");
        }
        double iterations = (double) epochs * iterationsPerEpoch;
        return builder()
                .epsilon(Annealing.hold(heldShare * iterations)
                        .thenExponential(1e-4, (1 - heldShare) * iterations)
                        .byIteration())
                .updater(new Adam(new CosineSchedule(ScheduleType.ITERATION, cellRate, iterations)))
                .learningRateUnit(LearningRateUnit.CELL);
    }

    @Override
    public AskewPlan install(MultiLayerNetwork network) {
        return installer.install(network);
    }

    @Override
    public AskewPlan install(ComputationGraph network) {
        return installer.install(network);
    }

    @Override
    public AskewPlan install(MultiLayerConfiguration configuration) {
        return installer.install(configuration);
    }

    @Override
    public AskewPlan install(ComputationGraphConfiguration configuration) {
        return installer.install(configuration);
    }

    /**
     * Takes the constraint off a network again: everything that {@link #install(MultiLayerNetwork)} of this or another
     * {@link QuantizedTraining} added goes, and
     * replaced updaters come back. The weights stay as they are. If the recipe had an updater of its own, the network's
     * updater state starts anew.
     *
     * @param network a network
     * @return whether there was a constraint
     */
    public static boolean uninstall(MultiLayerNetwork network) {
        List<LayerSite> sites = LayerSite.of(network);
        boolean keepState = !Uninstallation.replacesUpdaters(sites);
        boolean removed = Uninstallation.run(sites);
        if (removed) {
            UpdaterState.renew(network, keepState);
        }
        return removed;
    }

    /**
     * Takes the constraint off a graph again.
     *
     * @param network a graph
     * @return whether there was a constraint
     */
    public static boolean uninstall(ComputationGraph network) {
        List<LayerSite> sites = LayerSite.of(network);
        boolean keepState = !Uninstallation.replacesUpdaters(sites);
        boolean removed = Uninstallation.run(sites);
        if (removed) {
            UpdaterState.renew(network, keepState);
        }
        return removed;
    }

    @Override
    public QuantizedModel quantize(MultiLayerNetwork network) {
        return installer.quantize(network);
    }

    @Override
    public QuantizedModel quantize(MultiLayerNetwork network, DataSetIterator data) {
        return installer.quantize(network, data);
    }

    @Override
    public QuantizedModel quantize(ComputationGraph network) {
        return installer.quantize(network);
    }

    @Override
    public QuantizedModel quantize(ComputationGraph network, DataSetIterator data) {
        return installer.quantize(network, data);
    }

    /**
     * How the intervals close.
     *
     * @return the schedule of eps; a network in training has a copy of it
     */
    public ISchedule epsilon() {
        return recipe.epsilon();
    }

    @Override
    public String toString() {
        return recipe.toString();
    }
}
