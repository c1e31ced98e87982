package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.askewsgd.Perturbation;
import io.github.dl4jaskew.internal.askewsgd.Projection;
import io.github.dl4jaskew.internal.askewsgd.Recipe;
import io.github.dl4jaskew.internal.askewsgd.SkewSettings;
import io.github.dl4jaskew.internal.askewsgd.SkewedStep;
import io.github.dl4jaskew.internal.askewsgd.WeightNoise;
import io.github.dl4jaskew.internal.install.InitialShrinkage;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.install.Installer;
import io.github.dl4jaskew.internal.install.Quantization;
import io.github.dl4jaskew.internal.install.Target;
import io.github.dl4jaskew.internal.install.TrainedWeights;
import io.github.dl4jaskew.internal.install.Uninstallation;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.samediff.SameDiffInstallation;
import io.github.dl4jaskew.internal.samediff.SameDiffLink;
import io.github.dl4jaskew.internal.samediff.SameDiffQuantization;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.plan.Variables;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedSameDiff;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.learning.config.IUpdater;
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
 * train Quantized Neural Networks", AISTATS 2023, arXiv:2211.03741.
 */
public final class Askew implements QuantizedTraining {

    /** Root mean square of binary weights at the start of a training from random ones, over the larger level. */
    static final double PRESET_INITIAL_SCALE = 0.06;

    private final Recipe recipe;
    private final Installer installer;
    private final boolean untrainedOnly;

    /** A recipe; one that is for untrained networks alone refuses others. */
    Askew(Recipe recipe, boolean untrainedOnly) {
        this.recipe = recipe;
        this.installer = new Installer(recipe);
        this.untrainedOnly = untrainedOnly;
    }

    /** {@return a builder with default settings; only {@link Builder#epsilon} is required} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A recipe that trains well from random weights: {@link Recipes#fromScratch}. It makes some of them small and chooses levels
     * by their first values, so that {@code install} refuses trained ones; for those there is {@link #fromTrained}.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static Builder fromScratch(int epochs, int iterationsPerEpoch) {
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
    public static Builder fromTrained(int epochs, int iterationsPerEpoch) {
        return Recipes.fineTune(epochs, iterationsPerEpoch);
    }

    /**
     * {@inheritDoc} A {@link Builder#initialScale}, if there is one, then makes the weights small. {@link #fromScratch}
     * has one for binary weights in front of batch norm, and refuses a trained network with an IllegalArgumentException: one that has an updater and counts iterations
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
        // on more levels small weights would all be rounded to the middle
        String insist = recipe.target().grid().size() == 2
                ? ", or confirm with initialScale(" + PRESET_INITIAL_SCALE
                        + "), which makes all constrained weights small"
                : "";
        throw new IllegalArgumentException(
                "the network is trained (" + reason + "), and Askew.fromScratch is for random"
                        + " weights; use Askew.fromTrained(epochs, iterationsPerEpoch)" + insist);
    }

    @Override
    public AskewPlan plan(Model network) {
        AskewPlan plan = installer.plan(network);
        requireUntrained(network, plan);
        return plan;
    }

    /** {@inheritDoc} A {@link Builder#initialScale} needs weights, and is left out with a warning in the plan. */
    @Override
    public AskewPlan install(MultiLayerConfiguration configuration) {
        return installer.install(configuration);
    }

    /** {@inheritDoc} A {@link Builder#initialScale} needs weights, and is left out with a warning in the plan. */
    @Override
    public AskewPlan install(ComputationGraphConfiguration configuration) {
        return installer.install(configuration);
    }

    /**
     * Installs the constraint on a SameDiff graph, through its training configuration. The scales are estimated from the
     * variables; these are not changed, unless the recipe has a {@link Builder#initialScale}, as {@link #fromScratch}
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
     * #resume} after loading. Regularizations that act behind the updater (weight decay) still do so, in front of the
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
        InitialShrinkage start = InitialShrinkage.of(recipe.target());
        return start == null ? plan : start.apply(SameDiffLink.parameters(graph), plan);
    }

    /**
     * Re-attaches the constraint to a SameDiff graph that was loaded or copied, so that training can resume. Call it before training: until then every
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
     * an updater of its own, the network's updater state is reset.
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
     * constraints run. While the hull is open ({@link Builder#hull}), weights beyond it are moved to where it is open.
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
     * {@return the schedule of eps, by which the intervals close; a network in training has a copy of it. Of the recipes in
     * {@link Recipes} it is the one for networks of which not all layers see their levels in the forward pass; see {@link
     * #epsilon(Model)}}
     */
    public ISchedule epsilon() {
        return recipe.skew().epsilon();
    }

    /**
     * The schedule of eps by which the intervals of a network close.
     *
     * @param network a MultiLayerNetwork or ComputationGraph with the constraint of an Askew installed
     * @return a copy
     * @throws IllegalStateException if there is none
     */
    public static ISchedule epsilon(Model network) {
        return InstalledParameter.of(network).stream()
                .map(InstalledParameter::step)
                .filter(SkewedStep.class::isInstance)
                .map(step -> ((SkewedStep) step).skew().epsilon().clone())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no Askew is installed on this network"));
    }

    /** The recipe in words: levels, scale, layers, updater, and how the intervals close. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        words.add(recipe.target().toString());
        words.addAll(recipe.settings());
        Recipe other = recipe.whereLevelsAreSeen();
        if (other != null) {
            words.add("where all layers see their levels: "
                    + other.target().optimizerDescription(other.target().updater()));
            words.addAll(other.settings());
        }
        return "Askew(" + String.join("; ", words) + ")";
    }

    /**
     * Collects a recipe. What must be said is how the intervals close, {@link #epsilon}; {@link Askew#fromScratch} and {@link
     * Askew#fromTrained} are builders that have said so, with rates and lengths that were tried. All else has a default:
     *
     * <pre>{@code
     * Askew askew = Askew.builder()
     *         .grid(Grid.uniform(4))                                         // which levels: binary
     *         .scale(Scale.mse().perChannel())                               // times what: Scale.mse(), one for each tensor
     *         .epsilon(Annealing.hold(16).thenExponential(1e-4, 4))          // how the intervals close: no default
     *         .updater(new Adam(new CosineSchedule(ScheduleType.EPOCH, 0.3, 20)))   // who moves the weights: the network's
     *         .learningRateUnit(LearningRateUnit.CELL)                       // by how much: LearningRateUnit.WEIGHT
     *         .restoringRate(0.3)                                            // how fast they are drawn back: 0.3
     *         .layers(Layers.all().except("output"))                         // which layers: Layers.all()
     *         .build();
     * }</pre>
     *
     * <p>Each method returns this builder; {@link #build} can be called repeatedly. Not thread safe.
     */
    public static final class Builder {

        static final double DEFAULT_RESTORING_RATE = 0.3;
        private static final double DEFAULT_MAX_STEP = 0.25;

        private Grid grid = Grid.binary();
        private @Nullable Scale scale;
        private @Nullable ISchedule epsilon;
        private @Nullable ISchedule hull;
        private @Nullable Double alpha;
        private @Nullable Double restoringRate;
        private @Nullable Double maxStep;
        private Stage stage = Stage.STEP;
        private @Nullable Perturbation perturbation;
        private @Nullable StraightThrough straightThrough;
        private @Nullable WeightNoise weightNoise;
        private boolean crossing;
        private @Nullable IUpdater updater;
        private @Nullable LearningRateUnit unit;
        private @Nullable ProjectionMode projection;
        private Layers layers = Layers.all();
        private @Nullable Double initialScale;
        private boolean untrainedOnly;
        private @Nullable Variables variables;
        private @Nullable Integer delay;
        private final @Nullable Preset preset;
        private final @Nullable Preset presetWhereLevelsAreSeen;

        /** A builder without presets. */
        Builder() {
            this(null, null);
        }

        /** A builder with a preset, and another for networks in which all forward passes see the nearest levels. */
        Builder(@Nullable Preset preset, @Nullable Preset presetWhereLevelsAreSeen) {
            this.preset = preset;
            this.presetWhereLevelsAreSeen = presetWhereLevelsAreSeen;
        }

        /**
         * The levels, at unit scale. Default: {@link Grid#binary()}.
         *
         * @param value the grid
         * @return this
         */
        public Builder grid(Grid value) {
            grid = Objects.requireNonNull(value);
            return this;
        }

        /**
         * How the levels are scaled: the factor is estimated from the weights at the installation, and then stays. Default: {@link
         * Scale#mse()}, per tensor.
         *
         * @param value the estimator
         * @return this
         */
        public Builder scale(Scale value) {
            scale = Objects.requireNonNull(value);
            return this;
        }

        /**
         * How the intervals close: eps by iteration and epoch, counted from the installation. At 1 weights are free, at 0 on their
         * levels; it should end at 1e-3 or below, or rounding will move weights, of which {@code quantize} warns; {@code new
         * FixedSchedule(1)} is for rounding without training. Must be set.
         *
         * @param value {@link Annealing} or any schedule with values in [0, 1]
         * @return this
         */
        public Builder epsilon(ISchedule value) {
            epsilon = Objects.requireNonNull(value);
            return this;
        }

        /**
         * How the hull of the levels closes around weights that are beyond it, as those of a trained network are: where the
         * schedule's value is {@code h}, a weight may be {@code h / (1 - h)} half cells beyond its end. At 1 that is any
         * distance, at 0.5 one half cell, and at 0 none. Default: the hull is closed from the first step, which moves all
         * weights that are outside to its ends at once.
         *
         * @param value {@link Annealing} or any schedule with values in [0, 1]; for {@link Stage#STEP} without {@link
         *     #projection} alone
         * @return this
         * @throws IllegalArgumentException if it is a {@link PlateauAnnealing}, whose scores go to eps alone
         */
        public Builder hull(ISchedule value) {
            if (value instanceof PlateauAnnealing) {
                throw new IllegalArgumentException(
                        "hull is a " + value.getClass().getSimpleName() + " (" + value
                                + "), which would stay open, as PlateauListener reports to eps alone; allowed are schedules of"
                                + " iteration and epoch");
            }
            hull = Objects.requireNonNull(value);
            return this;
        }

        /**
         * The paper's constant: the restoring rate is alpha times the learning rate. Instead of {@link #restoringRate}.
         *
         * @param value above 0; alpha times every learning rate must not exceed 1
         * @return this
         * @throws IllegalStateException if the restoring rate has been set
         */
        public Builder alpha(double value) {
            alpha = value;
            return exclusive();
        }

        /**
         * The share of its way back to the interval that an infeasible weight makes in a step, whatever the learning rate.
         * Default: 0.3, or what a recipe of {@link Recipes} has, unless {@link #alpha} is set.
         *
         * @param value in (0, 1]
         * @return this
         * @throws IllegalStateException if alpha has been set
         */
        public Builder restoringRate(double value) {
            restoringRate = value;
            return exclusive();
        }

        private Builder exclusive() {
            if (alpha != null && restoringRate != null) {
                throw new IllegalStateException(
                        "alpha is " + alpha + " and restoringRate is " + restoringRate + "; set only one");
            }
            return this;
        }

        /**
         * Where the rule acts: on the step that the updater proposes, or on the gradient that it is given, as published. With plain
         * SGD both give the same weights. Default: {@link Stage#STEP}.
         *
         * @param value the stage
         * @return this
         */
        public Builder stage(Stage value) {
            stage = Objects.requireNonNull(value);
            return this;
        }

        /**
         * The largest restoring displacement of a step, in half cells. Default: 0.25.
         *
         * @param value above 0; infinity for none
         * @return this
         */
        public Builder maxStep(double value) {
            maxStep = value;
            return this;
        }

        /**
         * Adds Gaussian noise to every step of a constrained weight, whatever the learning rate. At stage GRADIENT it is added
         * to the gradient, so that an updater which ignores the gradient's size changes its deviation. Default: none.
         *
         * @param deviation standard deviation in half cells, above 0 and up to 1
         * @param seed makes the noise repeatable
         * @return this
         * @throws IllegalArgumentException if the deviation is out of range
         */
        public Builder perturbation(double deviation, long seed) {
            perturbation = new Perturbation(deviation, seed);
            return this;
        }

        /**
         * When the forward and backward pass see the nearest level {@code Q(w)} of each weight, whose gradient then moves the
         * real weight, which stays in the hull:
         *
         * <pre>  w &lt;- clip(w - gamma dL/dQ(w), c_1, c_K).  </pre>
         *
         * <p>Signs are then chosen by the loss of the quantized network. After a {@link StraightThrough#HOLD} the network
         * computes with w itself; with {@link StraightThrough#ALWAYS} it uses the levels, and the closing intervals
         * settle which one each weight keeps. At inference, {@code output} and {@code evaluate} see what training does.
         * Default: {@link StraightThrough#NEVER}, but ALWAYS in {@link Askew#fromScratch} and {@link Askew#fromTrained}.
         *
         * <p>While eps is 1 that is BinaryConnect (Courbariaux, Bengio, David, NeurIPS 2015, arXiv:1511.00363), on grids of
         * several levels known as straight-through estimator; AskewSGD is what closes the intervals. For networks of layers,
         * not for SameDiff graphs; on a layer that reads its weights past DL4J's weight noise (1D convolution, embedding,
         * attention) it does not act, and the plan says so. Where it is a default, such layers and graphs are trained with
         * w itself, at a rate of their own.
         *
         * @param value when
         * @return this
         */
        public Builder straightThrough(StraightThrough value) {
            straightThrough = Objects.requireNonNull(value);
            return this;
        }

        /**
         * The same as {@link #straightThrough} with {@link StraightThrough#HOLD}.
         *
         * @return this
         */
        public Builder straightThroughHold() {
            return straightThrough(StraightThrough.HOLD);
        }

        /**
         * Adds Gaussian noise to the weights that the forward and backward pass of training see, as wide as the intervals:
         *
         * <pre>  x = w + sigma (1 - tau) h n,    w &lt;- w - gamma dL/dx,  </pre>
         *
         * <p>with h the channel's mean half cell, n standard normal and {@code tau = sqrt(1 - sqrt(eps))}, so that the noise has
         * the given deviation while eps is 1 and vanishes as the intervals close. During a {@link #straightThroughHold} it is
         * added to Q(w). Inference sees no noise. It is drawn again in each iteration, from seed, layer, parameter and iteration
         * count alone, so that a resumed training sees the same. Default: none.
         *
         * <p>This is weight noise as of old (Graves, Mohamed, Hinton, "Speech recognition with deep recurrent neural
         * networks", ICASSP 2013, arXiv:1303.5778) in units of the cell; the paper of AskewSGD has none. Where it acts: as for
         * {@link #straightThroughHold}.
         *
         * @param deviation sigma in half cells, above 0 and up to 1; 0.15 was tried, for short trainings
         * @param seed makes the noise repeatable
         * @return this
         * @throws IllegalArgumentException if the deviation is out of range
         */
        public Builder weightNoise(double deviation, long seed) {
            weightNoise = new WeightNoise(deviation, seed);
            return this;
        }

        /**
         * Lets weights cross from interval to interval while these close, so that signs stay free to the end and eps can
         * fall during the whole training. A weight keeps its relative place in the interval as this shrinks; at its inner
         * border it crosses to the next interval in the direction of its step. In half cells around the nearest level q,
         *
         * <pre>  y = q + (w - q) / (1 - tau_0),    y' = clip(y + d, c_1, c_K),    w' = q' + (1 - tau) (y' - q'),  </pre>
         *
         * <p>with q' the nearest level of y', d the updater's displacement, and tau_0 and tau of the iteration before and of
         * this one; in one cell this is {@link io.github.dl4jaskew.interval.Interval#cross}. There is no restoring step, as no
         * weight is left behind. Let eps end above 0, at 1e-4 say: at 0 weights have no place in their interval any more.
         * Default: no, a weight on its inner border stays on its side.
         *
         * <p>y moves as the latent weights of BinaryRelax do and w is its blend with {@code tau = lambda / (1 + lambda)}
         * (Yin, Zhang, Lyu, Osher, Qi, Xin, SIAM Journal on Imaging Sciences 11(4), 2018, arXiv:1801.06313); of AskewSGD are the
         * intervals and their annealing. What is stored and served is w. For {@link Stage#STEP} without {@link #projection},
         * {@link #alpha}, {@link #restoringRate} and {@link #maxStep}, and for schedules of eps by iteration.
         *
         * @return this
         */
        public Builder crossing() {
            crossing = true;
            return this;
        }

        /**
         * An updater for the constrained weights alone; biases, batch norm and skipped layers keep the network's. Default: the
         * one of {@link Askew#fromScratch} or {@link Askew#fromTrained}, whose learning rates are in {@link
         * LearningRateUnit#CELL}; in other builders none, the network's updater moves everything.
         *
         * @param value any updater
         * @return this
         */
        public Builder updater(IUpdater value) {
            updater = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Trains the weights in float for some iterations before anything is quantized, as TensorFlow's {@code quant_delay}
         * does: the forward pass sees them as they are, the hull is open and the updater alone moves them. Then their scales
         * are estimated again, by least squared error, and the rule begins. A layer whose scale no batch norm takes out
         * learns it in that time, where that of random weights may be wrong. An {@link #updater} of the recipe's
         * takes over from the network's then, with an empty state, and its schedule by iteration counts from there (one by
         * epoch goes on, as the epoch of the delay's end is not known); the network's updater of the biases begins anew
         * then, too. Let the hull close gradually behind it ({@link #hull}), or weights beyond it are clipped at once. Default:
         * none; in {@link Askew#fromScratch} half of the training, for layers without batch norm, unless epsilon, updater, unit,
         * stage, projection, another scale, initialScale or {@link StraightThrough#NEVER} are set; in {@link Askew#fromTrained}
         * up to a quarter of a training of more than 250 iterations, unless one of these or the hull is set, for
         * layers without batch norm that see their levels and are not recurrent.
         *
         * <p>For networks of layers; a bidirectional layer is quantized from the first iteration. With replicas of a network
         * (ParallelWrapper, Spark) each estimates the scales for itself. Set in a builder of {@link Askew#fromScratch} or {@link
         * Askew#fromTrained}, it is for all layers, and the preset's hull and learning rates are those of the iterations that
         * are left; up to four levels the former's updater trains the weights in float too, but for recurrent layers, unless one
         * of the values is set that are named above.
         *
         * @param iterations how many; 0 for none
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder quantizationDelay(int iterations) {
            if (iterations < 0) {
                throw new IllegalArgumentException(
                        "quantizationDelay is " + iterations + " iterations; allowed is 0 (none) and above");
            }
            delay = iterations;
            return this;
        }

        /**
         * What a learning rate of 1 means for constrained weights. Default: {@link LearningRateUnit#WEIGHT}, but CELL in the
         * builders of {@link Askew#fromScratch} and {@link Askew#fromTrained}.
         *
         * @param value the unit
         * @return this
         */
        public Builder learningRateUnit(LearningRateUnit value) {
            unit = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Projects after every step, in addition to the rule. Default: none at stage STEP, whose pass clips to the hull
         * itself; HULL at stage GRADIENT. Every projection clips to the hull from the first step: {@link
         * Askew#fromTrained}'s closing hull is left out where one is set.
         *
         * @param value onto what
         * @return this
         */
        public Builder projection(ProjectionMode value) {
            projection = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Which layers are constrained. Default: {@link Layers#all()}.
         *
         * @param value the selection
         * @return this
         */
        public Builder layers(Layers value) {
            layers = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Which variables of a SameDiff graph are constrained. Default: {@link Variables#all()}. For SameDiff alone, as {@link
         * #layers} is for networks: a recipe that selects what its network does not have is refused at install.
         *
         * @param value the selection
         * @return this
         */
        public Builder variables(Variables value) {
            variables = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Makes the weights of a network small when the recipe is installed on it, for training from random weights: usual
         * initializations put most binary weights beyond their levels, and so choose signs by chance. Each channel's weights
         * are multiplied by one number, after its scale was estimated. Default: none, the weights are not changed; {@link
         * Askew#fromScratch} has one for binary weights in front of batch norm, and refuses trained networks unless it is set here,
         * for all constrained weights, two levels then with the learning rate of those in front of batch norm.
         *
         * @param share root mean square over the largest level, above 0 and up to 1
         * @return this
         * @throws IllegalArgumentException if the share is out of range
         */
        public Builder initialScale(double share) {
            initialScale = InitialShrinkage.requireShare(share);
            untrainedOnly = false;
            return this;
        }

        /** What a preset takes, which cannot know whether the network is trained: for untrained ones alone. */
        Builder presetInitialScale(double share) {
            initialScale = share;
            untrainedOnly = true;
            return this;
        }

        /**
         * The recipe.
         *
         * @return an immutable recipe
         * @throws IllegalArgumentException if a value is out of range, the scale is not defined for the grid, or a schedule of the
         *     hull is set together with a projection or for stage GRADIENT, where one clips, or {@link #crossing} or {@link
         *     #quantizationDelay} together with what it excludes
         * @throws IllegalStateException if epsilon is not set
         */
        public Askew build() {
            if (hull != null && stage == Stage.GRADIENT) {
                throw new IllegalArgumentException(
                        "hull is a schedule of stage STEP; at stage GRADIENT a projection clips");
            }
            if (hull != null && projection != null) {
                throw new IllegalArgumentException("hull is " + hull + " and projection is " + projection
                        + ", which clips to the hull at every step; set only one");
            }
            if (crossing) {
                requireNoneBesideCrossing("alpha", alpha);
                requireNoneBesideCrossing("restoringRate", restoringRate);
                requireNoneBesideCrossing("maxStep", maxStep);
                requireNoneBesideCrossing("projection", projection);
            }
            return new Askew(
                    recipe(preset, closesBriefly() ? recipe(presetWhereLevelsAreSeen, null) : null), untrainedOnly);
        }

        /** Whether nothing is set that needs a learning rate, or more time, while the intervals close. */
        private boolean closesBriefly() {
            return presetWhereLevelsAreSeen != null
                    && isPreset()
                    && stage == Stage.STEP
                    && straightThrough != StraightThrough.HOLD
                    && straightThrough != StraightThrough.NEVER
                    && !crossing
                    && Stream.of(alpha, restoringRate, maxStep, hull, projection, perturbation, weightNoise)
                            .allMatch(Objects::isNull);
        }

        /** Whether schedule, updater and unit are those of the preset. */
        private boolean isPreset() {
            return preset != null && epsilon == null && updater == null && unit == null;
        }

        private Recipe recipe(@Nullable Preset defaults, @Nullable Recipe whereLevelsAreSeen) {
            ISchedule presetHull =
                    defaults == null || stage == Stage.GRADIENT || projection != null ? null : defaults.hull();
            double presetRate = defaults == null ? DEFAULT_RESTORING_RATE : defaults.restoringRate();
            StraightThrough presetForward = defaults == null ? StraightThrough.NEVER : StraightThrough.ALWAYS;
            SkewSettings skew = new SkewSettings(
                    epsilon(defaults),
                    hull == null ? presetHull : hull,
                    stage,
                    alpha,
                    alpha == null && restoringRate == null ? Double.valueOf(presetRate) : restoringRate,
                    maxStep == null ? DEFAULT_MAX_STEP : maxStep,
                    perturbation,
                    straightThrough == null ? presetForward : straightThrough,
                    weightNoise,
                    crossing);
            ProjectionMode mode = projection == null && stage == Stage.GRADIENT ? ProjectionMode.HULL : projection;
            // with a level in between, small weights would all be rounded to it, and a network of zeros has no gradient
            Double start = untrainedOnly && grid.size() > 2 ? null : initialScale;
            Preset moving = updater == null ? defaults : null;
            IUpdater own = moving == null ? updater : moving.updater().apply(grid);
            IUpdater normalized = moving == null ? null : moving.normalized().apply(grid);
            IUpdater plain = moving == null ? null : moving.plain().apply(grid);
            if (straightThrough == StraightThrough.NEVER && plain != null) {
                own = plain;
            } else if (grid.size() == 2 && initialScale != null && !untrainedOnly && normalized != null) {
                // small by the user's choice, wherever batch norm is
                own = normalized;
            }
            LearningRateUnit presetUnit = defaults == null ? LearningRateUnit.WEIGHT : LearningRateUnit.CELL;
            Target target = new Target(
                    grid, scale == null ? Scale.mse() : scale, layers, own, unit == null ? presetUnit : unit, start);
            return new Recipe(
                    target,
                    variables,
                    skew,
                    mode,
                    normalized,
                    plain,
                    straightThrough == null,
                    untrainedOnly,
                    checkedDelay(defaults),
                    isPreset(),
                    whereLevelsAreSeen);
        }

        private ISchedule epsilon(@Nullable Preset defaults) {
            if (epsilon != null) {
                return epsilon;
            }
            if (defaults == null) {
                throw new IllegalStateException("epsilon is not set: specify how the intervals shrink, for example"
                        + " epsilon(Annealing.hold(5).thenExponential(0.7)),"
                        + " or start from Askew.fromScratch(epochs, iterationsPerEpoch)");
            }
            return defaults.epsilon();
        }

        /** A preset gives way to what it cannot be combined with. */
        private Recipe.@Nullable Delay checkedDelay(@Nullable Preset defaults) {
            boolean chosen = delay != null;
            int presetDelay = defaults == null ? 0 : defaults.delay();
            int iterations = delay == null ? presetDelay : delay;
            boolean estimated = scale == null || scale.perTensor().equals(Scale.mse());
            boolean seesLevels = straightThrough != StraightThrough.NEVER;
            if (iterations == 0) {
                return null;
            }
            if (chosen) {
                require(estimated, "estimates scales by Scale.mse(), per tensor or channel, but the scale is " + scale);
                require(stage == Stage.STEP, "is for stage STEP, but the stage is " + stage);
                require(projection == null, "leaves weights free, but the projection is " + projection);
            } else if (!(estimated
                    && (untrainedOnly || (initialScale == null && hull == null))
                    && isPreset()
                    && stage == Stage.STEP
                    && projection == null
                    && seesLevels)) {
                return null;
            }
            Preset moving = isPreset() && seesLevels ? defaults : null;
            return new Recipe.Delay(
                    iterations,
                    moving != null && (untrainedOnly || !chosen)
                            ? moving.updaterInFloat().apply(grid)
                            : null,
                    hull == null && defaults != null ? defaults.hullBehind().apply(iterations) : null,
                    moving == null
                            ? null
                            : moving.updaterBehind().apply(iterations).apply(grid),
                    scale == null && defaults != null ? Scale.mse().perChannel() : null,
                    !chosen);
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalArgumentException("quantizationDelay " + otherwise);
            }
        }

        private static void requireNoneBesideCrossing(String name, @Nullable Object value) {
            if (value != null) {
                throw new IllegalArgumentException(
                        name + " is " + value + ", but with crossing() no weight is left behind to"
                                + " be drawn back or projected; set only one");
            }
        }
    }
}
