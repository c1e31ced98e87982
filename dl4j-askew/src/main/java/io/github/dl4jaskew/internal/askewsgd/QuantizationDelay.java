package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.BorrowedScales;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.ConstrainedParameter;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Iterations of float training in front of the quantized ones. Whoever sees the weights first after the last of them, the
 * step, the forward pass or a report, estimates their scales again; as none of them has moved the weights in between, all find
 * the same.
 *
 * <p>The estimates are the state that is saved with the network. Thread safe.
 */
final class QuantizationDelay implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(QuantizationDelay.class);

    private final int iterations;
    private final boolean inCells;
    private final TreeMap<String, ScaledGrid> estimates;

    /** The layer with the estimates as they are, as each step asks for it; null if they have changed since. */
    private @Nullable ConstrainedLayer settled;

    /** Where the weights are that were trained last: those of another network are elsewhere. */
    private @Nullable TreeMap<String, Long> trained;

    @JsonCreator
    QuantizationDelay(
            @JsonProperty("iterations") int iterations,
            @JsonProperty("inCells") boolean inCells,
            @JsonProperty("estimates") @Nullable Map<String, ScaledGrid> estimates) {
        this.iterations = iterations;
        this.inCells = inCells;
        this.estimates = estimates == null ? new TreeMap<>() : new TreeMap<>(estimates);
    }

    /**
     * A delay that begins.
     *
     * @param iterations how many
     * @param inCells whether what moves the weights in it counts in half cells, as the recipe's updater does
     */
    static QuantizationDelay of(int iterations, boolean inCells) {
        return new QuantizationDelay(iterations, inCells, null);
    }

    @JsonProperty("iterations")
    int iterations() {
        return iterations;
    }

    /** Not in files of networks whose own updater moves the weights. */
    @JsonProperty("inCells")
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    boolean inCells() {
        return inCells;
    }

    @JsonProperty("estimates")
    synchronized Map<String, ScaledGrid> estimates() {
        return Collections.unmodifiableMap(new TreeMap<>(estimates));
    }

    /** A copy, whose estimates are its own. */
    QuantizationDelay copy() {
        return new QuantizationDelay(iterations, inCells, estimates());
    }

    /** Read in another process, where weights are elsewhere. */
    private Object readResolve() {
        return copy();
    }

    boolean isOver(int iteration) {
        return iteration >= iterations;
    }

    /** Levels that are estimated already, as of a network whose iterations have begun anew; or null. */
    synchronized @Nullable ScaledGrid estimate(String key) {
        return estimates.get(key);
    }

    synchronized boolean isSettled() {
        return !estimates.isEmpty();
    }

    /**
     * Takes down whose weights are trained, and forgets the levels below the delay. Two networks with the same configuration
     * object cannot be told apart otherwise, nor can what is saved of them.
     */
    synchronized void train(ConstrainedLayer layer, String key, INDArray weights, int iteration) {
        if (trained == null) {
            trained = new TreeMap<>();
        }
        Long now = weights.data().address() + weights.offset() * weights.data().getElementSize();
        Long before = trained.put(key, now);
        boolean other = before != null && !before.equals(now);
        if (other) {
            LOG.warn(
                    "{}: another network than before trains with this quantization delay, which a clone() of a network shares"
                            + " where a wrapper such as LastTimeStep wraps the layer; the levels of both will be those of the"
                            + " one that trains last. Copy such a network by ModelSerializer",
                    layer.subject(key));
        }
        if (!isOver(iteration)) {
            forget(layer.name(), iteration, !other);
        }
    }

    /** Has the levels estimated anew when the delay is over again. */
    private void forget(String layer, int iteration, boolean warn) {
        if (warn && !estimates.isEmpty()) {
            LOG.warn(
                    "layer '{}': training begins anew at iteration {}, below the quantization delay of {}, so that the weights"
                            + " are trained in float again, and their levels estimated anew. DL4J's clone() of a graph and"
                            + " TransferLearning drop the iteration count: set it to go on where training was",
                    layer,
                    iteration,
                    iterations);
        }
        estimates.clear();
        settled = null;
    }

    /**
     * The levels of a parameter behind the delay; estimated now, if they are not yet.
     *
     * @param key the parameter's in its layer
     * @param subject what messages call it
     * @param first its levels at the installation
     * @param weights its weights
     * @throws IllegalArgumentException if the weights have no scale, being not finite or all zero
     */
    synchronized ScaledGrid settle(String key, String subject, ScaledGrid first, INDArray weights) {
        return estimates.computeIfAbsent(key, k -> {
            settled = null;
            BorrowedScales borrowed = new BorrowedScales(subject);
            boolean perChannel = first.channels().count() > 1;
            Scale scale = perChannel ? Scale.mse().perChannel() : Scale.mse();
            ScaledGrid grid = scale.fit(first.grid(), new ArrayWeights(weights), first.channels(), borrowed);
            borrowed.warning(grid).ifPresent(LOG::warn);
            return grid;
        });
    }

    /** The layer with the levels that are known by now; always the same layer, that of the delay's step. */
    synchronized ConstrainedLayer settled(ConstrainedLayer layer) {
        if (settled == null) {
            settled = new ConstrainedLayer(
                    layer.name(),
                    layer.parameters().stream()
                            .map(p -> new ConstrainedParameter(
                                    p.name(), p.offset(), p.length(), estimates.getOrDefault(p.name(), p.grid())))
                            .toList());
        }
        return settled;
    }

    /** That rounding comes too early, and the remedy. */
    Optional<String> unfinishedAt(int iteration) {
        return isOver(iteration) || isSettled()
                ? Optional.empty()
                : Optional.of("the weights are still trained in float: " + iteration + " of the " + iterations
                        + " iterations of the quantization delay are done, and the levels are those of the first"
                        + " weights. Train longer, or plan fewer iterations");
    }

    /** A line for the plan. */
    String describe() {
        return "quantization delay: float for " + iterations + " iterations, then scales of least squared error";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuantizationDelay that
                && iterations == that.iterations
                && inCells == that.inCells
                && estimates().equals(that.estimates());
    }

    @Override
    public int hashCode() {
        return iterations;
    }
}
