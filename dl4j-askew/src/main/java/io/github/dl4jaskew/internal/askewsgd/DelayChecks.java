package io.github.dl4jaskew.internal.askewsgd;

import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;

/** What can be known of the updaters of a layer with a quantization delay before training starts. */
final class DelayChecks {

    /** Up to this rate, the default of DL4J's Sgd, weights stay nearly where they are; updaters that scale gradients move on. */
    private static final double SLOW_SGD = Sgd.DEFAULT_SGD_LR;

    private static final int PROBES = 100;

    private final String layer;
    private final int delay;

    DelayChecks(String layer, int delay) {
        this.layer = layer;
        this.delay = delay;
    }

    /** A warning if the float phase is spent on almost nothing. */
    Optional<String> idleness(IUpdater network) {
        String name = network.getClass().getSimpleName();
        double largest = network.hasLearningRate() ? largestRate(network) : Double.POSITIVE_INFINITY;
        String what;
        if (network instanceof NoOp) {
            what = name + " moves no weight";
        } else if (largest == 0) {
            what = name + " at a learning rate of 0 moves no weight";
        } else if (network instanceof Sgd && largest <= SLOW_SGD) {
            what = name + " at a learning rate of " + largest + " hardly moves the weights";
        } else {
            return Optional.empty();
        }
        return Optional.of(
                "layer '" + layer + "': " + what + " in the " + delay + " iterations of the quantization delay,"
                        + " which the network's own updater trains in float; give the network one such as Adam(1e-3), or set"
                        + " quantizationDelay(0)");
    }

    private double largestRate(IUpdater updater) {
        return IntStream.range(0, PROBES)
                .mapToDouble(k -> Math.max(
                        updater.getLearningRate((int) ((long) delay * k / PROBES), 0), updater.getLearningRate(0, k)))
                .max()
                .orElseThrow();
    }

    /** A warning if what begins behind the delay has a schedule that does not begin there. */
    Optional<String> epochs(IUpdater then) {
        if (!then.hasLearningRate()) {
            return Optional.empty();
        }
        double first = then.getLearningRate(0, 0);
        DoubleStream later = IntStream.rangeClosed(1, PROBES).mapToDouble(k -> then.getLearningRate(0, k));
        return later.allMatch(rate -> rate == first)
                ? Optional.empty()
                : Optional.of("layer '" + layer + "': the learning rate of "
                        + then.getClass().getSimpleName()
                        + " follows a schedule by epoch, which does not begin anew behind"
                        + " the quantization delay, as one by iteration does; let it begin at the epoch in which iteration "
                        + delay + " is, or schedule by iteration");
    }
}
