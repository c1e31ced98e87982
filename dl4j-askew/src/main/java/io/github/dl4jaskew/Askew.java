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
     * exponentially to 1e-4 in the second half. At stage STEP the hull closes around the weights during the first quarter,
     * so that the first iteration moves none of them further than its updater does.
     *
     * <p>Weights hardly travel at this rate: for new classes, fine-tune in float first, and then under the constraint.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static AskewBuilder fromTrained(int epochs, int iterationsPerEpoch) {
        AskewBuilder builder = preset(epochs, iterationsPerEpoch, 0.5, 0.03);
        double closing = 0.25 * epochs * iterationsPerEpoch;
        return builder.scale(Scale.mse().perChannel())
                .presetHull(Annealing.hold(0).thenLinear(closing).byIteration());
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
     * installation; after a float training, that holds for the schedules of the network's own updater too. If the recipe
     * has an updater of its own, the network's updater state starts anew.
     *
     * <p>With {@code TransferLearning}: build the new network first, with its {@code FineTuneConfiguration}, and install
     * then; take the constraint off with {@link #uninstall(MultiLayerNetwork)} before you transfer from a network that has one.
     * Otherwise DL4J keeps it on the layers that it keeps, schedules start anew, and where a {@code FineTuneConfiguration}
     * replaces regularization or updater, the first step of training fails and says so. Layers that are frozen, and new ones
     * that are added later, stay in full precision.
     *
     * @param network an initialised network, trained or not
     * @return what was done
     * @throws IllegalArgumentException if the recipe claims no weight or names a layer that is not there, a scale
     *     cannot be estimated, or alpha times the learning rate exceeds 1; the network is then as before
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
        // TransferLearning gives frozen layers configurations of their own, apart from the network's
        sites.addAll(ConfigurationSites.of(network.getLayerWiseConfigurations(), network));
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
        // TransferLearning gives frozen layers configurations of their own, apart from the network's
        sites.addAll(ConfigurationSites.of(network.getConfiguration(), network));
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
     * A quantized part of a network within the whole. Needed for {@code TransferLearningHelper}, where the part above the
     * frozen layers is a network of its own, on which the recipe is installed:
     *
     * <pre>{@code
     * TransferLearningHelper helper = new TransferLearningHelper(graph, "pool5");
     * askew.install(helper.unfrozenGraph());
     * ... helper.fitFeaturized(featurized) ...
     * QuantizedModel whole = Askew.insert(askew.quantize(helper.unfrozenGraph()), graph);
     * }</pre>
     *
     * @param part the quantized part; its layers have the names that they have in the whole
     * @param whole gives all other parameters; is not touched
     * @return a model of the whole network, in which the parameters of the part are the part's
     * @throws IllegalArgumentException if the whole has no such layer, or of another shape
     */
    public static QuantizedModel insert(QuantizedModel part, MultiLayerNetwork whole) {
        return Quantization.insert(part, whole);
    }

    /**
     * A quantized part of a graph within the whole, as {@link #insert(QuantizedModel, MultiLayerNetwork)} makes one.
     *
     * @param part the quantized part; its layers have the names that they have in the whole
     * @param whole gives all other parameters; is not touched
     * @return a model of the whole graph
     * @throws IllegalArgumentException if the whole has no such layer, or of another shape
     */
    public static QuantizedModel insert(QuantizedModel part, ComputationGraph whole) {
        return Quantization.insert(part, whole);
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
