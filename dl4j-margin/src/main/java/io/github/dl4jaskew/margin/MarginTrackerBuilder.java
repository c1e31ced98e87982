package io.github.dl4jaskew.margin;

import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.Loss;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Builds a {@link MarginTracker}; see {@link MarginTracker#builder} and {@link MarginTracker#free}. Not thread safe. */
public final class MarginTrackerBuilder {

    /** Measurements whose gradients the windowed alignment averages, unless told otherwise. */
    public static final int DEFAULT_WINDOW = 100;

    private final @Nullable IteratorData data;
    private final int freeMinibatches;
    private int every = 1;
    private boolean byEpoch = true;
    private @Nullable String output;
    private @Nullable Loss loss;
    private boolean independent;
    private @Nullable Double degree;
    private boolean gradient;
    private int window = DEFAULT_WINDOW;
    private double nearKinks;
    private boolean collapse;
    private @Nullable Boolean inMemory;

    MarginTrackerBuilder(@Nullable IteratorData data, int freeMinibatches) {
        this.data = data;
        this.freeMinibatches = freeMinibatches;
    }

    /**
     * How often a {@link MarginListener} measures. Follow it with {@link #iterations} or {@link #epochs}; the default
     * is every epoch.
     *
     * @param n at least 1
     * @return this
     * @throws IllegalArgumentException if n is below 1
     */
    public MarginTrackerBuilder every(int n) {
        every = atLeastOne("every", n);
        return this;
    }

    /**
     * Measures after every n-th training step.
     *
     * @return this
     */
    public MarginTrackerBuilder iterations() {
        byEpoch = false;
        return this;
    }

    /**
     * Measures at the end of every n-th epoch.
     *
     * @return this
     */
    public MarginTrackerBuilder epochs() {
        byEpoch = true;
        return this;
    }

    /**
     * The output to measure at, in a graph with several.
     *
     * @param name of the output layer
     * @return this
     */
    public MarginTrackerBuilder output(String name) {
        output = name;
        return this;
    }

    /**
     * Names the loss as function of the margin, for a loss function of your own. Softmax with MCXENT or negative log
     * likelihood, and sigmoid with XENT, are recognized.
     *
     * @param loss the loss that the network is trained with
     * @return this
     */
    public MarginTrackerBuilder loss(Loss loss) {
        this.loss = loss;
        return this;
    }

    /**
     * Takes each of several outputs for a binary decision of its own, with labels of its own, as the loss XENT does. An
     * example then has as many margins as the network has outputs. Without this, the margin is that between classes.
     *
     * @return this
     */
    public MarginTrackerBuilder independentOutputs() {
        independent = true;
        return this;
    }

    /**
     * Names the degree of homogeneity, for a network with layers that are not known.
     *
     * @param degree L, positive and finite
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public MarginTrackerBuilder degree(double degree) {
        if (!(degree > 0 && degree < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("degree is " + degree + "; allowed is above 0, finite");
        }
        this.degree = degree;
        return this;
    }

    /**
     * Measures also what needs the gradient of the full training set: one more forward and backward pass.
     *
     * @return this
     */
    public MarginTrackerBuilder gradients() {
        gradient = true;
        return this;
    }

    /**
     * The gradients that the windowed alignment averages.
     *
     * @param measurements at least 1; default {@value #DEFAULT_WINDOW}
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public MarginTrackerBuilder window(int measurements) {
        window = atLeastOne("window", measurements);
        return this;
    }

    /**
     * Counts also how many inputs of ReLU and LeakyReLU are near 0, where {@link
     * GradientMetrics#alignment} says little and the windowed one is to be read. Implies {@link
     * #gradients}, in whose pass it is done; costs a copy of those inputs.
     *
     * @param share what counts as near, relative to the root mean square of the inputs of a layer in a minibatch; above 0,
     *     finite, for instance 1e-3
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public MarginTrackerBuilder nearKinks(double share) {
        if (!(share > 0 && share < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("share is " + share + "; allowed is above 0, finite");
        }
        nearKinks = share;
        return gradients();
    }

    /**
     * Measures also neural collapse, at a fully connected output layer: two more passes over the data.
     *
     * @return this
     */
    public MarginTrackerBuilder neuralCollapse() {
        collapse = true;
        return this;
    }

    /**
     * Reads the data once, when the tracker is built, and keeps them. The iterator may then be the one that training
     * reads from, at any time. This is the default with {@link #iterations}.
     *
     * @return this
     */
    public MarginTrackerBuilder inMemory() {
        inMemory = true;
        return this;
    }

    /**
     * Reads the iterator anew at each measurement. This is the default with {@link #epochs}, where the iterator may be
     * the one that training reads from, unless it shuffles anew at each reset: then measuring would change the order of
     * training. With {@link #iterations} give the tracker an iterator of its own.
     *
     * @return this
     */
    public MarginTrackerBuilder streaming() {
        inMemory = false;
        return this;
    }

    /**
     * The tracker. The builder may be used further.
     *
     * @return a new tracker
     * @throws IllegalArgumentException if data are to be read now and there are none, they have no labels, or settings
     *     contradict each other
     */
    public MarginTracker build() {
        if (data == null && gradient) {
            throw new IllegalArgumentException(
                    "gradients() needs the full training set: give the builder its iterator");
        }
        if (data == null && collapse) {
            throw new IllegalArgumentException(
                    "neuralCollapse() needs the full training set: give the builder its iterator");
        }
        MarginSettings settings = new MarginSettings(
                every,
                byEpoch,
                freeMinibatches,
                output,
                loss,
                independent,
                degree == null ? OptionalDouble.empty() : OptionalDouble.of(degree),
                gradient,
                window,
                nearKinks,
                collapse);
        return new MarginTracker(settings, source());
    }

    private @Nullable TrainingData source() {
        if (data == null) {
            return null;
        }
        boolean keep = inMemory == null ? !byEpoch : inMemory;
        if (keep) {
            TrainingData kept = TrainingData.inMemory(data);
            data.rewind();
            return kept;
        }
        if (!data.canReset()) {
            throw new IllegalArgumentException(
                    "the iterator does not support reset and can be read only once: build the tracker with inMemory()");
        }
        return byEpoch ? data : data.exclusively();
    }

    private static int atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed is at least 1");
        }
        return value;
    }
}
