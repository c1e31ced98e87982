package io.github.dl4jaskew.schedule;

import static io.github.dl4jaskew.schedule.Checks.positive;
import static io.github.dl4jaskew.schedule.Checks.within;

import io.github.dl4jaskew.interval.Interval;
import java.util.Locale;
import java.util.Objects;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The published annealing: hold eps = 1 for a while, then let it fall along a curve.
 *
 * <p>With {@code x = max(0, k - hold)}, where {@code k} is the epoch (or the iteration, after {@link
 * #byIteration()}), and {@code n} the length of the curve:
 *
 * <table>
 * <caption>eps during the curve</caption>
 * <tr><th>curve</th><th>eps</th><th>at x = 0</th><th>at x &gt;= n</th></tr>
 * <tr><td>exponential(r)</td><td>r^x</td><td>1</td><td>never ends; tends to 0</td></tr>
 * <tr><td>exponential to e in n</td><td>e^(x/n)</td><td>1</td><td>e at n, then on</td></tr>
 * <tr><td>linear</td><td>1 - x/n</td><td>1</td><td>0</td></tr>
 * <tr><td>cosine</td><td>(1 + cos(pi x/n)) / 2</td><td>1</td><td>0</td></tr>
 * <tr><td>polynomial(p)</td><td>(1 - x/n)^p</td><td>1</td><td>0</td></tr>
 * </table>
 *
 * <p>After {@link #inTau()} the curve runs in tau = sqrt(1 - sqrt(eps)), the inner edge of the intervals in
 * cell coordinates: the formula then gives {@code 1 - tau}, and {@code eps = (1 - tau^2)^2}.
 *
 * <p>An iteration is an update. With truncated backpropagation through time DL4J makes one for each segment of a minibatch,
 * so that 10 minibatches of 50 steps in segments of 20 are 30 iterations; SameDiff counts one for each minibatch.
 *
 * <p>Let the learning rate reach 0 together with a curve that ends at eps = 0: there, a weight exactly on its level is
 * feasible and would take a free step of the updater again.
 *
 * <p>Immutable, thread safe, with value equality; survives JSON.
 *
 * @serial exclude
 */
public final class Annealing implements ISchedule {

    private static final long serialVersionUID = 1L;

    /** The shapes of the falling part. */
    enum Curve {
        EXPONENTIAL,
        LINEAR,
        COSINE,
        POLYNOMIAL
    }

    /** What {@link #hold(double)} returns: the length of the hold, waiting for a curve. */
    public static final class Hold {
        private final double hold;

        private Hold(double hold) {
            this.hold = hold;
        }

        /**
         * eps = factor^x.
         *
         * @param factor in (0, 1); the paper used 0.88 to 0.99 by epoch
         * @return the schedule, by epoch
         * @throws IllegalArgumentException if the factor is out of range
         */
        public Annealing thenExponential(double factor) {
            within("factor", factor, Double.MIN_NORMAL, Math.nextDown(1.0));
            return new Annealing(hold, Curve.EXPONENTIAL, 1, factor, ScheduleType.EPOCH, false);
        }

        /**
         * eps falls exponentially from 1, and is {@code target} after {@code length} epochs or iterations.
         *
         * @param target in (0, 1)
         * @param length positive
         * @return the schedule, by epoch
         * @throws IllegalArgumentException if an argument is out of range
         */
        public Annealing thenExponential(double target, double length) {
            within("target", target, Double.MIN_NORMAL, Math.nextDown(1.0));
            return new Annealing(
                    hold, Curve.EXPONENTIAL, positive("length", length), target, ScheduleType.EPOCH, false);
        }

        /**
         * eps = 1 - x/length, then 0.
         *
         * @param length positive, in epochs or iterations
         * @return the schedule, by epoch
         * @throws IllegalArgumentException if the length is not positive and finite
         */
        public Annealing thenLinear(double length) {
            return new Annealing(hold, Curve.LINEAR, positive("length", length), 1, ScheduleType.EPOCH, false);
        }

        /**
         * eps = (1 + cos(pi x/length)) / 2, then 0.
         *
         * @param length positive, in epochs or iterations
         * @return the schedule, by epoch
         * @throws IllegalArgumentException if the length is not positive and finite
         */
        public Annealing thenCosine(double length) {
            return new Annealing(hold, Curve.COSINE, positive("length", length), 1, ScheduleType.EPOCH, false);
        }

        /**
         * eps = (1 - x/length)^power, then 0.
         *
         * @param length positive, in epochs or iterations
         * @param power positive; 1 is linear
         * @return the schedule, by epoch
         * @throws IllegalArgumentException if an argument is not positive and finite
         */
        public Annealing thenPolynomial(double length, double power) {
            return new Annealing(
                    hold,
                    Curve.POLYNOMIAL,
                    positive("length", length),
                    positive("power", power),
                    ScheduleType.EPOCH,
                    false);
        }
    }

    private final double hold;
    private final Curve curve;
    private final double length;
    private final double parameter;
    private final ScheduleType unit;
    private final boolean tau;

    @JsonCreator
    private Annealing(
            @JsonProperty("hold") double hold,
            @JsonProperty("curve") Curve curve,
            @JsonProperty("length") double length,
            @JsonProperty("parameter") double parameter,
            @JsonProperty("unit") ScheduleType unit,
            @JsonProperty("tau") boolean tau) {
        this.hold = hold;
        this.curve = curve;
        this.length = length;
        this.parameter = parameter;
        this.unit = unit;
        this.tau = tau;
    }

    /**
     * Starts a schedule that holds eps = 1 at first.
     *
     * @param length epochs, or iterations after {@link #byIteration()}; at least 0
     * @return the hold, to which a curve is added
     * @throws IllegalArgumentException if the length is negative or not finite
     */
    public static Hold hold(double length) {
        return new Hold(within("hold", length, 0, Double.MAX_VALUE));
    }

    /** {@return a new schedule, the same with lengths and factors counted by iteration} */
    public Annealing byIteration() {
        return new Annealing(hold, curve, length, parameter, ScheduleType.ITERATION, tau);
    }

    /** {@return a new schedule, the same with lengths and factors counted by epoch} */
    public Annealing byEpoch() {
        return new Annealing(hold, curve, length, parameter, ScheduleType.EPOCH, tau);
    }

    /** {@return a new schedule with the same curve, run in tau instead of eps} */
    public Annealing inTau() {
        return new Annealing(hold, curve, length, parameter, unit, true);
    }

    /** {@return the hold: how long eps stays 1, in the schedule's unit} */
    @JsonProperty("hold")
    public double holdLength() {
        return hold;
    }

    /** {@return what the schedule counts: EPOCH or ITERATION} */
    @JsonProperty("unit")
    public ScheduleType unit() {
        return unit;
    }

    @JsonProperty("curve")
    Curve curve() {
        return curve;
    }

    /** {@return how long the curve is in the schedule's unit; 1 if only its factor was given} */
    @JsonProperty("length")
    public double curveLength() {
        return length;
    }

    @JsonProperty("parameter")
    double parameter() {
        return parameter;
    }

    @JsonProperty("tau")
    boolean isInTau() {
        return tau;
    }

    /**
     * eps at a point of training.
     *
     * @param iteration iterations done before this one
     * @param epoch epochs done before this one
     * @return eps in [0, 1]
     */
    @Override
    public double valueAt(int iteration, int epoch) {
        double x = Math.max(0, (unit == ScheduleType.EPOCH ? epoch : iteration) - hold) / length;
        double value = curveAt(x);
        return tau ? Interval.epsilon(1 - value) : value;
    }

    private double curveAt(double x) {
        return switch (curve) {
            case EXPONENTIAL -> Math.pow(parameter, x);
            case LINEAR -> Math.max(0, 1 - x);
            case COSINE -> x >= 1 ? 0 : 0.5 * (1 + Math.cos(Math.PI * x));
            case POLYNOMIAL -> x >= 1 ? 0 : Math.pow(1 - x, parameter);
        };
    }

    /** This object: it is immutable. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public Annealing clone() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Annealing that
                && hold == that.hold
                && curve == that.curve
                && length == that.length
                && parameter == that.parameter
                && unit == that.unit
                && tau == that.tau;
    }

    @Override
    public int hashCode() {
        return Objects.hash(hold, curve, length, parameter, unit, tau);
    }

    @Override
    public String toString() {
        String parameters =
                curve == Curve.EXPONENTIAL || curve == Curve.POLYNOMIAL ? "(" + (float) parameter + ")" : "";
        return "hold " + (float) hold + ", then " + curve.name().toLowerCase(Locale.ROOT) + parameters
                + " over " + (float) length + " by " + unit.name().toLowerCase(Locale.ROOT)
                + (tau ? " in tau" : "");
    }
}
