package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.askewsgd.GridConstraint;
import io.github.dl4jaskew.internal.askewsgd.Perturbation;
import io.github.dl4jaskew.internal.askewsgd.Recipe;
import io.github.dl4jaskew.internal.askewsgd.SkewSettings;
import io.github.dl4jaskew.internal.install.InitialShrinkage;
import io.github.dl4jaskew.internal.install.Target;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.plan.Variables;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

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
public final class AskewBuilder {

    private static final double DEFAULT_RESTORING_RATE = 0.3;
    private static final double DEFAULT_MAX_STEP = 0.25;

    private Grid grid = Grid.binary();
    private Scale scale = Scale.mse();
    private @Nullable ISchedule epsilon;
    private @Nullable ISchedule hull;
    private @Nullable ISchedule presetHull;
    private @Nullable Double alpha;
    private @Nullable Double restoringRate;
    private double maxStep = DEFAULT_MAX_STEP;
    private Stage stage = Stage.STEP;
    private @Nullable Perturbation perturbation;
    private @Nullable Function<Grid, IUpdater> updater;
    private LearningRateUnit unit = LearningRateUnit.WEIGHT;
    private @Nullable ProjectionMode projection;
    private Layers layers = Layers.all();
    private @Nullable Double startSpread;
    private boolean untrainedOnly;
    private @Nullable Variables variables;
    private boolean preset;

    AskewBuilder() {}

    /**
     * The levels, at unit scale. Default: {@link Grid#binary()}.
     *
     * @param value the grid
     * @return this
     */
    public AskewBuilder grid(Grid value) {
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
    public AskewBuilder scale(Scale value) {
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
    public AskewBuilder epsilon(ISchedule value) {
        epsilon = Objects.requireNonNull(value);
        preset = false;
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
    public AskewBuilder hull(ISchedule value) {
        if (value instanceof PlateauAnnealing) {
            throw new IllegalArgumentException("hull is a " + value.getClass().getSimpleName() + " (" + value
                    + "), which would stay open, as PlateauListener reports to eps alone; allowed are schedules of"
                    + " iteration and epoch");
        }
        hull = Objects.requireNonNull(value);
        return this;
    }

    /** What a preset takes at stage STEP, where no projection clips. */
    AskewBuilder presetHull(ISchedule value) {
        presetHull = value;
        return this;
    }

    /**
     * The paper's constant: the restoring rate is alpha times the learning rate. Instead of {@link #restoringRate}.
     *
     * @param value above 0; alpha times every learning rate must not exceed 1
     * @return this
     * @throws IllegalStateException if the restoring rate has been set
     */
    public AskewBuilder alpha(double value) {
        alpha = value;
        return exclusive();
    }

    /**
     * The share of its way back to the interval that an infeasible weight makes in a step, whatever the learning rate.
     * Default: 0.3, unless {@link #alpha} is set.
     *
     * @param value in (0, 1]
     * @return this
     * @throws IllegalStateException if alpha has been set
     */
    public AskewBuilder restoringRate(double value) {
        restoringRate = value;
        return exclusive();
    }

    private AskewBuilder exclusive() {
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
    public AskewBuilder stage(Stage value) {
        stage = Objects.requireNonNull(value);
        return this;
    }

    /**
     * The largest restoring displacement of a step, in half cells. Default: 0.25.
     *
     * @param value above 0; infinity for none
     * @return this
     */
    public AskewBuilder maxStep(double value) {
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
    public AskewBuilder perturbation(double deviation, long seed) {
        perturbation = new Perturbation(deviation, seed);
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
    public AskewBuilder updater(IUpdater value) {
        Objects.requireNonNull(value);
        updater = any -> value;
        preset = false;
        return this;
    }

    /** A preset's schedule, unit and updater, for the grid that is set in the end. */
    AskewBuilder preset(ISchedule schedule, Function<Grid, IUpdater> value) {
        epsilon = schedule;
        unit = LearningRateUnit.CELL;
        updater = value;
        preset = true;
        return this;
    }

    /**
     * What a learning rate of 1 means for constrained weights. Default: {@link LearningRateUnit#WEIGHT}, but CELL in the
     * builders of {@link Askew#fromScratch} and {@link Askew#fromTrained}.
     *
     * @param value the unit
     * @return this
     */
    public AskewBuilder learningRateUnit(LearningRateUnit value) {
        unit = Objects.requireNonNull(value);
        preset = false;
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
    public AskewBuilder projection(ProjectionMode value) {
        projection = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Which layers are constrained. Default: {@link Layers#all()}.
     *
     * @param value the selection
     * @return this
     */
    public AskewBuilder layers(Layers value) {
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
    public AskewBuilder variables(Variables value) {
        variables = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Makes the weights of a network small when the recipe is installed on it, for training from random weights: usual
     * initializations put most binary weights beyond their levels, and so choose signs by chance. Each channel's weights
     * are multiplied by one number, after its scale was estimated. Default: none, the weights are not changed; {@link
     * Askew#fromScratch} has one, and refuses trained networks unless it is set here.
     *
     * @param share root mean square over the largest level, above 0 and up to 1
     * @return this
     * @throws IllegalArgumentException if the share is out of range
     */
    public AskewBuilder startSpread(double share) {
        startSpread = InitialShrinkage.requireShare(share);
        untrainedOnly = false;
        return this;
    }

    /** What a preset takes, which cannot know whether the network is trained: for untrained ones alone. */
    AskewBuilder presetStartSpread(double share) {
        startSpread = share;
        untrainedOnly = true;
        return this;
    }

    /**
     * The recipe.
     *
     * @return an immutable recipe
     * @throws IllegalArgumentException if a value is out of range, the scale is not defined for the grid, or a schedule of the
     *     hull is set beside a projection or for stage GRADIENT, where one clips
     * @throws IllegalStateException if epsilon is not set
     */
    public Askew build() {
        if (epsilon == null) {
            throw new IllegalStateException("epsilon is not set: say how the intervals close, for example"
                    + " epsilon(Annealing.hold(5).thenExponential(0.7)),"
                    + " or start from Askew.fromScratch(epochs, iterationsPerEpoch)");
        }
        if (hull != null && stage == Stage.GRADIENT) {
            throw new IllegalArgumentException(
                    "hull is a schedule of stage STEP; at stage GRADIENT a projection clips");
        }
        if (hull != null && projection != null) {
            throw new IllegalArgumentException("hull is " + hull + " and projection is " + projection
                    + ", which clips to the hull at every step; set only one");
        }
        ISchedule closing = hull == null && stage == Stage.STEP && projection == null ? presetHull : hull;
        boolean unset = alpha == null && restoringRate == null;
        Double rate = unset ? Double.valueOf(DEFAULT_RESTORING_RATE) : restoringRate;
        SkewSettings dynamics = new SkewSettings(stage, alpha, rate, maxStep, perturbation);
        ProjectionMode mode =
                projection == null && stage == Stage.GRADIENT ? ProjectionMode.HULL : projection;
        IUpdater own = updater == null ? null : updater.apply(grid);
        Target target = new Target(grid, scale, layers, own, unit, startSpread);
        return new Askew(new Recipe(target, variables, epsilon, closing, dynamics, mode, preset), untrainedOnly);
    }
}
