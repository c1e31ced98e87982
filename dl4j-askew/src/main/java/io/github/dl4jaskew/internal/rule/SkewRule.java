package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.interval.Stage;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rule of one iteration, applied to a whole parameter in one pass and in place.
 *
 * <p>It reads the weights {@code w} and changes the velocity {@code v}, from which the displacement of a
 * weight is {@code d = -gamma v}: the update that is about to be subtracted ({@link Stage#STEP}, gamma = 1), or
 * the gradient before an updater of learning rate gamma ({@link Stage#GRADIENT}). In cell coordinates (see
 * {@link Interval}) every weight with h(t) &lt; 0, t != 0 gets
 *
 * <pre>  d' = d   if d K &gt; K^2,     d' = clamp(K, -m, m)   otherwise,     K = -rho h / h'  </pre>
 *
 * and all others keep their v bit for bit. At stage STEP the displacement is then limited so that {@code w
 * + d'} stays in the hull {@code [c_1, c_K]}; at stage GRADIENT the caller clips after its updater, and a gradient that
 * the number type cannot hold (K / gamma for a tiny gamma) becomes its largest number.
 *
 * <p>Immutable and thread safe. One call allocates nothing that grows with the parameter, as long as the
 * host can address the memory; otherwise the same rule runs in ND4J operations.
 *
 * @param epsilon width of the intervals, in [0, 1]
 * @param rho restoring rate, alpha * gamma, in [0, 1]; 0 only holds infeasible weights back
 * @param maxStep largest restoring displacement m, in half cells; positive, infinity for none
 * @param stage what {@code v} is
 * @param gamma learning rate of the updater behind stage GRADIENT; not used at stage STEP
 * @param cellPower 0 if v is in units of the weight. In units of the cell, v is first multiplied (stage
 *     STEP), or gamma is (stage GRADIENT), by the mean half cell to this power
 * @param overhang how far weights may be beyond the hull at stage STEP, in mean half cells: 0 for not at all, infinity for
 *     as far as they like
 */
public record SkewRule(
        double epsilon, double rho, double maxStep, Stage stage, double gamma, int cellPower, double overhang) {

    /** From farther beyond the hull a weight is drawn as from here: there psi would overflow. */
    private static final double FARTHEST = 1e70;

    /** Half cells that no weight has to reach, but float32 does. */
    private static final double NO_HULL = 1e9;

    /**
     * Checks all numbers.
     *
     * @throws IllegalArgumentException if one is out of its range; NaN is
     */
    public SkewRule {
        require(epsilon >= 0 && epsilon <= 1, "epsilon", epsilon, "0 to 1");
        require(rho >= 0 && rho <= 1, "rho (alpha times the learning rate)", rho, "0 to 1");
        require(maxStep > 0, "maxStep", maxStep, "above 0 (infinity for none)");
        require(gamma >= 0 && gamma < Double.POSITIVE_INFINITY, "learning rate", gamma, "finite, at least 0");
        require(cellPower >= 0 && cellPower <= 2, "cellPower", cellPower, "0 to 2");
        require(overhang >= 0, "overhang", overhang, "at least 0");
    }

    /**
     * A rule whose steps end in the hull.
     *
     * @param epsilon width of the intervals, in [0, 1]
     * @param rho restoring rate, alpha * gamma, in [0, 1]; 0 only holds infeasible weights back
     * @param maxStep largest restoring displacement m, in half cells; positive, infinity for none
     * @param stage what {@code v} is
     * @param gamma learning rate of the updater behind stage GRADIENT; not used at stage STEP
     * @param cellPower 0 if v is in units of the weight, else the power of the mean half cell
     * @throws IllegalArgumentException if one is out of its range; NaN is
     */
    public SkewRule(double epsilon, double rho, double maxStep, Stage stage, double gamma, int cellPower) {
        this(epsilon, rho, maxStep, stage, gamma, cellPower, 0);
    }

    /** The lowest place that a weight may have after a step. */
    double low(ScaledGrid grid, int channel) {
        return grid.level(channel, 0) - beyond(grid, channel);
    }

    /** The highest place that a weight may have after a step. */
    double high(ScaledGrid grid, int channel) {
        return grid.level(channel, grid.grid().size() - 1) + beyond(grid, channel);
    }

    private double beyond(ScaledGrid grid, int channel) {
        return overhang == 0 ? 0 : Math.min(overhang, NO_HULL) * meanHalfCell(grid, channel);
    }

    /**
     * The rule for updates that are about to be subtracted, in units of the weight.
     *
     * @param epsilon width of the intervals, in [0, 1]
     * @param rho restoring rate in [0, 1]
     * @param maxStep largest restoring displacement in half cells
     * @return the rule
     */
    public static SkewRule step(double epsilon, double rho, double maxStep) {
        return new SkewRule(epsilon, rho, maxStep, Stage.STEP, 1, 0);
    }

    /**
     * The rule for gradients, in units of the weight.
     *
     * @param epsilon width of the intervals, in [0, 1]
     * @param rho restoring rate in [0, 1]
     * @param maxStep largest restoring displacement in half cells
     * @param gamma learning rate of the updater
     * @return the rule
     */
    public static SkewRule gradient(double epsilon, double rho, double maxStep, double gamma) {
        return new SkewRule(epsilon, rho, maxStep, Stage.GRADIENT, gamma, 0);
    }

    /**
     * Applies the rule. A second call changes nothing more, except in units of the cell at stage STEP, where it
     * would multiply by the unit again.
     *
     * @param grid the levels of this parameter; its channels are laid out in the memory order of {@code
     *     weights}
     * @param weights the weights; not changed
     * @param velocity update or gradient of the same length, changed in place; may be a view of any order
     * @throws IllegalArgumentException if a weight or a velocity is NaN or infinite (the message names the element;
     *     velocities before it may have been changed), or if the lengths do not match each other or the channels
     */
    public void apply(ScaledGrid grid, INDArray weights, INDArray velocity) {
        requireMatching(grid, weights, velocity);
        if (!HostMemory.reaches(weights) || !HostMemory.reaches(velocity)) {
            ArrayKernel.apply(this, grid, weights, velocity);
        } else if (HostMemory.sameOrder(weights, velocity)) {
            HostKernel.apply(this, grid, weights, velocity);
        } else {
            char order = weights.ordering();
            INDArray aligned = velocity.castTo(weights.dataType()).dup(order);
            HostKernel.apply(this, grid, weights.dup(order), aligned);
            velocity.assign(aligned);
        }
    }

    /**
     * Applies the same rule as a chain of ND4J operations, which works on any backend, allocates, and is many times slower
     * than {@link #apply(ScaledGrid, INDArray, INDArray)}; that method calls it where the host cannot address the memory.
     *
     * @param grid the levels of this parameter
     * @param weights the weights; not changed
     * @param velocity update or gradient of the same length, changed in place
     * @throws IllegalArgumentException as for {@link #apply(ScaledGrid, INDArray, INDArray)}
     */
    public void applyAsOperations(ScaledGrid grid, INDArray weights, INDArray velocity) {
        requireMatching(grid, weights, velocity);
        ArrayKernel.apply(this, grid, weights, velocity);
    }

    /** The rule for one weight: what the kernels compute, and what they fall back on where their precision overflows. */
    double apply(ScaledGrid grid, int channel, double weight, double velocity) {
        boolean step = stage == Stage.STEP;
        double v = step ? velocity * unit(grid, channel) : velocity;
        double perVelocity = step ? 1 : gamma * unit(grid, channel);
        if (epsilon < 1 && perVelocity > 0) {
            double half = grid.halfCell(channel, weight);
            double proposed = -perVelocity * v / half;
            double t = Math.max(-FARTHEST, Math.min(FARTHEST, grid.coordinate(channel, weight)));
            double taken = Interval.skew(t, proposed, epsilon, rho, maxStep);
            v = taken == proposed ? v : -taken * half / perVelocity;
        }
        if (step) {
            v = Math.max(weight - high(grid, channel), Math.min(weight - low(grid, channel), v));
        }
        return v;
    }

    /**
     * What a velocity (stage STEP) or the learning rate (stage GRADIENT) is multiplied by: the mean half cell
     * to the power of {@code cellPower}.
     *
     * @param grid a scaled grid
     * @param channel one of its channels
     * @return a positive number
     */
    public double unit(ScaledGrid grid, int channel) {
        double half = meanHalfCell(grid, channel);
        return cellPower == 0 ? 1 : cellPower == 1 ? half : half * half;
    }

    /**
     * Half the mean width of the cells, {@code s (c_K - c_1) / (2 (K - 1))}: the unit of {@code cellPower}.
     *
     * @param grid a scaled grid
     * @param channel one of its channels
     * @return a positive number in units of the weight
     */
    public static double meanHalfCell(ScaledGrid grid, int channel) {
        int last = grid.grid().size() - 1;
        return (grid.level(channel, last) - grid.level(channel, 0)) / (2 * last);
    }

    private static void requireMatching(ScaledGrid grid, INDArray weights, INDArray velocity) {
        if (weights.length() != velocity.length()) {
            throw new IllegalArgumentException(weights.length() + " weights but " + velocity.length() + " velocities");
        }
        Channels channels = grid.channels();
        if (weights.length() % (channels.count() * channels.stride()) != 0) {
            throw new IllegalArgumentException(weights.length() + " weights cannot be divided into " + channels);
        }
    }

    private static void require(boolean holds, String name, double value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed is " + allowed);
        }
    }
}
