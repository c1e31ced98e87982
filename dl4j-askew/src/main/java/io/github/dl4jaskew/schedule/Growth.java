package io.github.dl4jaskew.schedule;

import static io.github.dl4jaskew.schedule.Checks.positive;
import static io.github.dl4jaskew.schedule.Checks.within;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The growing strength of a regularizer. With {@code k} the epoch (or the iteration, after {@link #byIteration()}):
 *
 * <table>
 * <caption>lambda</caption>
 * <tr><th>growth</th><th>lambda</th><th>at k = 0</th><th>used by</th></tr>
 * <tr><td>linear(r)</td><td>r k</td><td>0</td><td>ProxQuant (Bai et al. 2019), r = 1e-4 by epoch</td></tr>
 * <tr><td>linear(s, r)</td><td>s + r k</td><td>s</td><td>ReSTE (Wu et al. 2023), s = 1, up to 3</td></tr>
 * <tr><td>exponential(s, f)</td><td>s f^k</td><td>s</td><td>BinaryRelax (Yin et al. 2018), s = 1, f = 1.02 by epoch</td></tr>
 * </table>
 *
 * <p>{@link #infiniteFrom} makes it infinite from some k on, where weights are on their levels.
 *
 * <p>Immutable, thread safe, with value equality; survives JSON.
 *
 * @serial exclude
 */
public final class Growth implements ISchedule {

    private static final long serialVersionUID = 1L;

    private final double start;
    private final double rate;
    private final double factor;
    private final ScheduleType unit;
    private final @Nullable Double end;

    @JsonCreator
    Growth(
            @JsonProperty("start") double start,
            @JsonProperty("rate") double rate,
            @JsonProperty("factor") double factor,
            @JsonProperty("unit") ScheduleType unit,
            @JsonProperty("end") @Nullable Double end) {
        this.start = start;
        this.rate = rate;
        this.factor = factor;
        this.unit = unit;
        this.end = end;
    }

    /**
     * lambda = rate k.
     *
     * @param rate positive
     * @return the schedule, by epoch
     * @throws IllegalArgumentException if the rate is not positive and finite
     */
    public static Growth linear(double rate) {
        return new Growth(0, positive("rate", rate), 1, ScheduleType.EPOCH, null);
    }

    /**
     * lambda = start + rate k.
     *
     * @param start positive
     * @param rate positive
     * @return the schedule, by epoch
     * @throws IllegalArgumentException if an argument is not positive and finite
     */
    public static Growth linear(double start, double rate) {
        return new Growth(positive("start", start), positive("rate", rate), 1, ScheduleType.EPOCH, null);
    }

    /**
     * lambda = start factor^k.
     *
     * @param start positive
     * @param factor at least 1
     * @return the schedule, by epoch
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static Growth exponential(double start, double factor) {
        return new Growth(
                positive("start", start), 0, within("factor", factor, 1, Double.MAX_VALUE), ScheduleType.EPOCH, null);
    }

    /** {@return a new schedule with the same growth, counted in iterations} */
    public Growth byIteration() {
        return new Growth(start, rate, factor, ScheduleType.ITERATION, end);
    }

    /**
     * The same growth up to some point, and infinity from there.
     *
     * @param k epoch or iteration, at least 0
     * @return a new schedule
     * @throws IllegalArgumentException if k is negative or NaN
     */
    public Growth infiniteFrom(double k) {
        return new Growth(start, rate, factor, unit, within("k", k, 0, Double.MAX_VALUE));
    }

    @JsonProperty("start")
    double start() {
        return start;
    }

    @JsonProperty("rate")
    double rate() {
        return rate;
    }

    @JsonProperty("factor")
    double factor() {
        return factor;
    }

    @JsonProperty("unit")
    ScheduleType unit() {
        return unit;
    }

    @JsonProperty("end")
    @Nullable
    Double end() {
        return end;
    }

    /** lambda, at least 0 and maybe infinite. */
    @Override
    public double valueAt(int iteration, int epoch) {
        int k = unit == ScheduleType.EPOCH ? epoch : iteration;
        if (end != null && k >= end) {
            return Double.POSITIVE_INFINITY;
        }
        return start * Math.pow(factor, k) + rate * k;
    }

    /** This object: it is immutable. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public Growth clone() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Growth that
                && start == that.start
                && rate == that.rate
                && factor == that.factor
                && unit == that.unit
                && Objects.equals(end, that.end);
    }

    @Override
    public int hashCode() {
        return Objects.hash(start, rate, factor, unit, end);
    }

    @Override
    public String toString() {
        return (rate == 0 ? start + " * " + factor + "^k" : (start > 0 ? start + " + " : "") + rate + " * k")
                + " by " + unit
                + (end == null ? "" : ", infinite from " + end);
    }
}
