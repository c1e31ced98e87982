package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * ReSTE, on any grid: forward and backward pass see the nearest levels {@code Q(w)}, and the gradient there reaches the real
 * weight by the slope of a power function. In cell coordinates, where t = -1 and t = +1 are the levels next to the weight,
 *
 * <pre>  t &lt;- t - gamma f'(t) dL/dQ,    f(t) = sgn(t) |t|^(1/o),  </pre>
 *
 * <pre>  f'(t) = |t|^((1 - o) / o) / o   for 0.1 &lt; |t| &lt;= 1.5,
 *  f'(t) = 0.1^(1/o) / 0.1         for |t| &lt;= 0.1,
 *  f'(t) = 0                       beyond.  </pre>
 *
 * <p>For o = 1 that is the straight-through estimator, cut off at 1.5, as BinaryConnect has it without a clip; the larger o, the nearer f
 * is to sgn, and the less stable the gradients. o grows from 1 to 3: {@code Growth.linear(1, 2.0 / epochs)}. The numbers
 * 0.1 and 1.5 are those of the published code. On more than two levels the formula holds in each cell, which is not in the
 * paper. (The paper takes the mean of |w| as scale in every step; here the scale is fixed.)
 *
 * <p>At inference the network's own {@code output} and {@code evaluate} use the nearest levels, as does {@link #quantize}.
 *
 * <p>Source: Wu, Zheng, Liu, Zheng, "Estimator Meets Equilibrium Perspective: A Rectified Straight Through Estimator for
 * Binary Neural Networks Training", ICCV 2023 (arXiv 2308.06689), and its published code. Immutable and thread safe if the
 * schedule is.
 */
public final class ReSte extends Baseline {

    static final double LIMIT = 1.5;

    private ReSte(Method method) {
        super(method);
    }

    /** {@return a builder, by default with binary weights; only {@link Builder#power} is required} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the values. Each method returns this builder; {@link #build} can be called repeatedly. Not thread safe. */
    public static final class Builder extends TrainingBuilder<Builder> {

        private @Nullable ISchedule power;

        private Builder() {}

        /**
         * The power o of the estimator. Must be set.
         *
         * @param value {@link io.github.dl4jaskew.schedule.Growth} or any schedule with finite values of at least 1
         * @return this
         */
        public Builder power(ISchedule value) {
            power = Objects.requireNonNull(value);
            return this;
        }

        /**
         * The method.
         *
         * @return an immutable method
         * @throws IllegalArgumentException if the scale is not defined for the grid
         * @throws IllegalStateException if power is not set
         */
        public ReSte build() {
            if (power == null) {
                throw new IllegalStateException("power is not set: say how the estimator comes to the sign, for example"
                        + " power(Growth.linear(1, 2.0 / epochs))");
            }
            return new ReSte(new Method(target(), power));
        }

        @Override
        Builder self() {
            return this;
        }
    }

    /**
     * What it puts on a layer.
     *
     * @param target which weights, which levels, which updater
     * @param power o, from 1 on
     */
    private record Method(Target target, ISchedule power) implements LatentMethod {

        @Override
        public Map<String, ISchedule> schedules() {
            return Map.of("power", power);
        }

        @Override
        public boolean clips() {
            return false;
        }

        @Override
        public List<Regularization> furtherSteps(ConstrainedLayer layer, int cellPower) {
            return List.of(new ShapedGradient(layer, ShapedGradient.Shape.POWER, power.clone()));
        }

        @Override
        public IWeightNoise weightNoise(String layer, Map<String, ScaledGrid> grids) {
            return new RoundedWeights(layer, grids, null);
        }

        @Override
        public List<String> settings() {
            return List.of("ReSTE: power " + power);
        }

        @Override
        public String toString() {
            return "ReSte(" + target + ", power " + power + ")";
        }
    }
}
