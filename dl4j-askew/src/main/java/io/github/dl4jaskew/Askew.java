package io.github.dl4jaskew;

import io.github.dl4jaskew.internal.askewsgd.Projection;
import io.github.dl4jaskew.internal.askewsgd.Recipe;
import io.github.dl4jaskew.internal.install.InitialShrinkage;
import io.github.dl4jaskew.internal.install.Installer;
import io.github.dl4jaskew.internal.install.MeasuredParameter;
import io.github.dl4jaskew.internal.install.Quantization;
import io.github.dl4jaskew.internal.install.TrainedWeights;
import io.github.dl4jaskew.internal.install.Uninstallation;
import io.github.dl4jaskew.internal.network.LayerSite;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.OwnConfiguration;
import io.github.dl4jaskew.internal.samediff.SameDiffInstallation;
import io.github.dl4jaskew.internal.samediff.SameDiffLink;
import io.github.dl4jaskew.internal.samediff.SameDiffQuantization;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedSameDiff;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.schedule.ISchedule;

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
    private final boolean untrainedOnly;

    /** A recipe; one that is for untrained networks alone refuses others. */
    Askew(Recipe recipe, boolean untrainedOnly) {
        this.recipe = recipe;
        this.installer = new Installer(recipe);
        this.untrainedOnly = untrainedOnly;
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
     * A recipe that trains well from random weights: {@link Recipes#fromScratch}. It makes them small, so that {@code install}
     * refuses trained ones; for those there is {@link #fromTrained}.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static AskewBuilder fromScratch(int epochs, int iterationsPerEpoch) {
        return Recipes.fromScratch(epochs, iterationsPerEpoch);
    }

    /**
     * A recipe that starts from trained weights: {@link Recipes#fineTune}.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static AskewBuilder fromTrained(int epochs, int iterationsPerEpoch) {
        return Recipes.fineTune(epochs, iterationsPerEpoch);
    }

    /**
     * {@inheritDoc} A {@link AskewBuilder#startSpread}, if there is one, then makes the weights small. {@link #fromScratch}
     * has one, and refuses a trained network with an IllegalArgumentException: one that has an updater and counts iterations
     * or epochs, or has a constrained layer whose parameters are not what its initialization gives.
     */
    @Override
    public AskewPlan install(Model network) {
        return installer.install(network, plan -> requireUntrained(network, plan));
    }

    private void requireUntrained(Model network, AskewPlan plan) {
        if (untrainedOnly) {
            TrainedWeights.reason(network, plan).ifPresent(this::refuseTrained);
        }
    }

    private void refuseTrained(String reason) {
        throw new IllegalArgumentException("the network is trained (" + reason + "), and "
                + recipe.target().start() + " of Askew.fromScratch would destroy its weights; use"
                + " Askew.fromTrained(epochs, iterationsPerEpoch), or insist with startSpread("
                + recipe.target().startSpread() + ")");
    }

    @Override
    public AskewPlan plan(Model network) {
        AskewPlan plan = installer.plan(network);
        requireUntrained(network, plan);
        return plan;
    }

    /** {@inheritDoc} A {@link AskewBuilder#startSpread} needs weights, and is left out with a warning in the plan. */
    @Override
    public AskewPlan install(MultiLayerConfiguration configuration) {
        return installer.install(configuration);
    }

    /** {@inheritDoc} A {@link AskewBuilder#startSpread} needs weights, and is left out with a warning in the plan. */
    @Override
    public AskewPlan install(ComputationGraphConfiguration configuration) {
        return installer.install(configuration);
    }

    /**
     * Installs the constraint on a SameDiff graph, through its training configuration. The scales are estimated from the
     * variables; these are not changed, unless the recipe has a {@link AskewBuilder#startSpread}, as {@link #fromScratch}
     * has, which refuses a graph that counts iterations or epochs. The iteration and epoch counts of the training configuration are set to 0. A graph
     * that was trained before keeps the state of its updaters, except that of constrained variables if the recipe has an
     * updater of its own.
     *
     * <pre>{@code
     * graph.setTrainingConfig(TrainingConfig.builder().updater(new Adam(1e-3))...build());
     * Askew askew = Askew.fromScratch(20, iterationsPerEpoch).variables(Variables.all().except("logits/w")).build();
     * System.out.println(askew.install(graph));
     * graph.fit(train, 20);
     * }</pre>
     *
     * <p>It becomes part of the graph's training configuration, of which the graph gets a copy of its own first, and {@code graph.save(file, true)} saves it: call {@link
     * #resume} after loading. Regularizations that act behind the updater (weight decay) go on doing so, in front of the
     * rule. A projection holds up to rounding, since SameDiff subtracts the update itself. Variables keep their names and
     * shapes, and the training configuration is not replaced, until {@link #uninstall(SameDiff)}.
     *
     * @param graph a graph with a training configuration, trained or not
     * @return what was done
     * @throws IllegalArgumentException if the recipe claims no variable, names one that is not there or not trained, a
     *     scale cannot be estimated, alpha times the learning rate exceeds 1, layers are selected, or {@link #fromScratch}
     *     meets a trained graph; the graph is then as before
     * @throws IllegalStateException if the graph has no training configuration, or has a constraint already
     */
    public AskewPlan install(SameDiff graph) {
        if (untrainedOnly) {
            TrainedWeights.reason(graph).ifPresent(this::refuseTrained);
        }
        AskewPlan plan = new SameDiffInstallation(recipe, graph).run();
        InitialShrinkage start = recipe.target().start();
        return start == null ? plan : start.apply(SameDiffLink.parameters(graph), plan);
    }

    /**
     * Goes on with the constraint of a SameDiff graph that was loaded or copied. Call it before training: until then every
     * update of the graph fails, since SameDiff itself does not tell a saved updater where it is. Training then continues as
     * SameDiff's own does; if the file has the updaters' state, exactly. A graph in training is left as it is.
     *
     * @param graph a graph that was saved with the constraint
     * @throws IllegalStateException if no constraint is installed, or variables have other names or shapes than they had
     */
    public static void resume(SameDiff graph) {
        SameDiffLink.resume(graph);
    }

    /**
     * Takes the constraint off a SameDiff graph again, loaded or not: updater and regularizations are what they were, the
     * variables stay as they are. State of the recipe's own updater is lost.
     *
     * @param graph a graph
     * @return whether there was a constraint
     */
    public static boolean uninstall(SameDiff graph) {
        return SameDiffLink.uninstall(graph);
    }

    /**
     * Whether a network has the constraint of this or another {@link QuantizedTraining}.
     *
     * @param network a MultiLayerNetwork or ComputationGraph
     * @return true from an installation to {@link #uninstall(Model)}, also after saving and loading
     */
    public static boolean isInstalled(Model network) {
        return Network.of(network).sites().stream().anyMatch(Uninstallation::isInstalled);
    }

    /**
     * Takes the constraint off a network again: everything that {@link #install(Model)} of this or another
     * {@link QuantizedTraining} added goes, and replaced updaters come back. The weights stay as they are. If the recipe had
     * an updater of its own, the network's updater state starts anew.
     *
     * @param network a network
     * @return whether there was a constraint
     */
    public static boolean uninstall(Model network) {
        return Uninstallation.from(Network.of(network));
    }

    /**
     * Restores the constraint on weights that something else than DL4J's training steps has moved, such as the averaging of
     * ParallelWrapper or Spark: every constrained weight goes to the nearest point of its interval, {@code argmin |x - w|}
     * with {@code psi(t(x)) <= eps}, eps at the network's iteration and epoch counts; after that the network's own layer
     * constraints run. While the hull is open ({@link AskewBuilder#hull}), weights beyond it are moved to where it is open.
     * With methods that have no intervals, the layer constraints alone run. {@link ParallelTraining} calls this after every
     * epoch.
     *
     * @param network a MultiLayerNetwork or ComputationGraph with the constraint installed
     * @return how many parameters have changed
     * @throws IllegalStateException if no constraint is installed
     * @throws IllegalArgumentException if a weight is not finite, or this is another kind of network
     */
    public static long project(Model network) {
        return Projection.run(network);
    }

    @Override
    public QuantizedModel quantize(Model network) {
        return Quantization.of(network, null);
    }

    @Override
    public QuantizedModel quantize(Model network, DataSetIterator data) {
        return Quantization.of(network, new MultiDataSetIteratorAdapter(data));
    }

    @Override
    public QuantizedModel quantize(Model network, MultiDataSetIterator data) {
        return Quantization.of(network, data);
    }

    /**
     * The quantized model of a SameDiff graph: every constrained variable on its nearest level. Works on a copy; the graph is
     * not touched.
     *
     * @param graph a graph with the constraint installed, trained by this recipe or loaded from a file
     * @return exact levels, codes and scales
     * @throws IllegalStateException if no constraint is installed
     * @throws IllegalArgumentException if a weight is not finite
     */
    public QuantizedSameDiff quantize(SameDiff graph) {
        return SameDiffQuantization.of(graph);
    }

    /**
     * A quantized part of a network within the whole. Needed for {@code TransferLearningHelper}, where the part above the
     * frozen layers is a network of its own, on which the recipe is installed:
     *
     * <pre>{@code
     * TransferLearningHelper helper = new TransferLearningHelper(graph, "pool5");
     * askew.install(helper.unfrozenGraph());
     * ... helper.fitFeaturized(featurized) ...
     * QuantizedModel whole = Askew.mergeInto(graph, askew.quantize(helper.unfrozenGraph()));
     * }</pre>
     *
     * @param whole gives all other parameters; is not touched
     * @param part the quantized part; its layers have the names that they have in the whole
     * @return a model of the whole network, in which the parameters of the part are the part's
     * @throws IllegalArgumentException if the whole has no such layer, or of another shape
     */
    public static QuantizedModel mergeInto(Model whole, QuantizedModel part) {
        return Quantization.mergeInto(whole, part);
    }

    /**
     * How the intervals close.
     *
     * @return the schedule of eps; a network in training has a copy of it
     */
    public ISchedule epsilon() {
        return recipe.epsilon();
    }

    /** The recipe in words: levels, scale, layers, updater, and how the intervals close. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        words.add(recipe.target().toString());
        words.addAll(recipe.settings());
        return "Askew(" + String.join("; ", words) + ")";
    }
}
