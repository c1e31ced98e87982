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
public final class Askew {

    private final Recipe recipe;

    Askew(Recipe recipe) {
        this.recipe = recipe;
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

    /**
     * Installs the constraint on an initialised network. The scales are estimated from its weights; the weights
     * themselves are not changed. The network's iteration and epoch counts are set to 0, as all schedules count from the
     * installation; after a float training, that holds for the schedules of the network's own updater too. If the recipe has an updater of its own, the network's updater state starts anew.
     *
     * @param network an initialised network, trained or not
     * @return what was done
     * @throws IllegalArgumentException if the recipe claims no weight or names a layer that is not there, a scale
     *     cannot be estimated, alpha times the learning rate exceeds 1, or a constraint of the layer's own (such as a unit
     *     norm) moves weights off every level; the network is then as before
     * @throws IllegalStateException if the network is not initialised, or has a constraint already
     */
    public AskewPlan install(MultiLayerNetwork network) {
        if (!network.isInitCalled()) {
            throw new IllegalStateException("call init() on the network before install");
        }
        AskewPlan plan = new Installation(recipe, LayerSite.of(network)).run();
        network.getLayerWiseConfigurations().setIterationCount(0);
        network.getLayerWiseConfigurations().setEpochCount(0);
        UpdaterState.renew(network, recipe.updater() == null);
        return plan;
    }

    /**
     * Installs the constraint on an initialised graph, as {@link #install(MultiLayerNetwork)} does.
     *
     * @param network an initialised graph, trained or not
     * @return what was done
     * @throws IllegalArgumentException as for a MultiLayerNetwork
     * @throws IllegalStateException as for a MultiLayerNetwork
     */
    public AskewPlan install(ComputationGraph network) {
        if (network.getVertices() == null) {
            throw new IllegalStateException("call init() on the network before install");
        }
        AskewPlan plan = new Installation(recipe, LayerSite.of(network)).run();
        network.getConfiguration().setIterationCount(0);
        network.getConfiguration().setEpochCount(0);
        UpdaterState.renew(network, recipe.updater() == null);
        return plan;
    }

    /**
     * Installs the constraint on a configuration. Scales that depend on the weights are estimated from those that
     * the configuration's seed gives, which a throw-away network shows.
     *
     * @param configuration a complete configuration, all sizes known; changed in place
     * @return what was done
     * @throws IllegalArgumentException as for a network
     * @throws IllegalStateException if the configuration has a constraint already
     */
    public AskewPlan install(MultiLayerConfiguration configuration) {
        MultiLayerNetwork probe = new MultiLayerNetwork(configuration.clone());
        probe.init();
        return new Installation(recipe, ConfigurationSites.of(configuration, probe)).run();
    }

    /**
     * Installs the constraint on a graph's configuration, as {@link #install(MultiLayerConfiguration)} does.
     *
     * @param configuration a complete configuration, all sizes known; changed in place
     * @return what was done
     * @throws IllegalArgumentException as for a network
     * @throws IllegalStateException if the configuration has a constraint already
     */
    public AskewPlan install(ComputationGraphConfiguration configuration) {
        ComputationGraph probe = new ComputationGraph(configuration.clone());
        probe.init();
        return new Installation(recipe, ConfigurationSites.of(configuration, probe)).run();
    }

    /**
     * Takes the constraint off a network again: everything that {@link #install(MultiLayerNetwork)} added goes, and
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

    /**
     * The quantized model: every constrained weight on its nearest level of the grid that is installed on the network,
     * by this recipe or another. Works on a copy; the network is not touched.
     *
     * @param network a network with the constraint installed, trained by this recipe or restored from a file
     * @return exact levels, codes and scales
     * @throws IllegalStateException if no constraint is installed
     * @throws IllegalArgumentException if a weight is not finite
     */
    public QuantizedModel quantize(MultiLayerNetwork network) {
        return Quantization.of(network, null);
    }

    /**
     * The quantized model, with batch-norm statistics estimated anew on the quantized weights.
     *
     * @param network a network with the constraint installed
     * @param data training data; is reset and read once
     * @return exact levels, codes and scales
     * @throws IllegalStateException if no constraint is installed
     * @throws IllegalArgumentException if a weight is not finite, or the data is empty
     */
    public QuantizedModel quantize(MultiLayerNetwork network, DataSetIterator data) {
        return Quantization.of(network, data);
    }

    /**
     * The quantized model of a graph.
     *
     * @param network a graph with the constraint installed
     * @return exact levels, codes and scales
     * @throws IllegalStateException if no constraint is installed
     * @throws IllegalArgumentException if a weight is not finite
     */
    public QuantizedModel quantize(ComputationGraph network) {
        return Quantization.of(network, null);
    }

    /**
     * The quantized model of a graph, with batch-norm statistics estimated anew on the quantized weights.
     *
     * @param network a graph of one input with the constraint installed
     * @param data training data; is reset and read once
     * @return exact levels, codes and scales
     * @throws IllegalStateException if no constraint is installed
     * @throws IllegalArgumentException if a weight is not finite, or the data is empty
     */
    public QuantizedModel quantize(ComputationGraph network, DataSetIterator data) {
        return Quantization.of(network, data);
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
