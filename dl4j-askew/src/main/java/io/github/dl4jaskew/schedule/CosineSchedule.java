package io.github.dl4jaskew.schedule;

import static io.github.dl4jaskew.schedule.Checks.positive;

import java.util.Objects;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A learning rate that falls along half a cosine: {@code initial (1 + cos(pi k / n)) / 2}, which is {@code
 * initial} at k = 0 and 0 from k = n on, where k counts iterations or epochs. (DL4J has no such schedule.)
 *
 * <p>Immutable, thread safe, with value equality; survives JSON.
 *
 * @serial exclude
 */
public final class CosineSchedule implements ISchedule {

    private static final long serialVersionUID = 1L;

    private final double initial;
    private final double length;
    private final ScheduleType unit;

    /**
     * A schedule.
     *
     * @param unit what is counted
     * @param initial value at the start, positive
     * @param length n, positive
     * @throws IllegalArgumentException if a number is not positive and finite
     */
    @JsonCreator
    public CosineSchedule(
            @JsonProperty("unit") ScheduleType unit,
            @JsonProperty("initial") double initial,
            @JsonProperty("length") double length) {
        this.unit = Objects.requireNonNull(unit, "unit");
        this.initial = positive("initial", initial);
        this.length = positive("length", length);
    }

    @JsonProperty("unit")
    ScheduleType unit() {
        return unit;
    }

    @JsonProperty("initial")
    double initial() {
        return initial;
    }

    @JsonProperty("length")
    double length() {
        return length;
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        double x = (unit == ScheduleType.EPOCH ? epoch : iteration) / length;
        return x >= 1 ? 0 : initial * 0.5 * (1 + Math.cos(Math.PI * x));
    }

    /** This object: it is immutable. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public CosineSchedule clone() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CosineSchedule that
                && initial == that.initial
                && length == that.length
                && unit == that.unit;
    }

    @Override
    public int hashCode() {
        return Objects.hash(initial, length, unit);
    }

    @Override
    public String toString() {
        return "cosine from " + initial + " to 0 over " + length + " by " + unit;
    }
}
