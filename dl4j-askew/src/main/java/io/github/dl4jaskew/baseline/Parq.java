package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * PARQ, on any grid: forward and backward pass see the proximal map of a convex, piecewise-affine regularizer whose slope
 * grows, and the gradient there is applied to the weight u itself (aggregate proximal stochastic gradient),
 *
 * <pre>  w = clip(m + (u - m) / r_t, a, b),  m = (a + b) / 2,    u &lt;- u - gamma dL/dw,  </pre>
 *
 * <p>with a and b the levels on both sides of u (beyond the hull, w is the end level). The inverse slope r_t falls from 1,
 * where w = u, to 0, where w is the nearest level and the method is BinaryConnect without its clip. Any schedule in [0, 1]
 * gives r_t: an {@link io.github.dl4jaskew.schedule.Annealing} such as {@code hold(5).thenCosine(10)}, for which the
 * published code has a sigmoid.
 *
 * <p>At inference the network's own {@code output} and {@code evaluate} use the nearest levels, as does {@link
 * #quantize}.
 *
 * <p>Source: Jin, Ma, Liu, Gromov, Defazio, Xiao, "PARQ: Piecewise-Affine Regularized Quantization", ICML 2025 (arXiv
 * 2503.15748). Immutable and thread safe if the schedule is.
 */
public final class Parq extends Baseline {

    private Parq(Method method) {
        super(method);
    }

    /** {@return a builder, by default with binary weights; only {@link Builder#inverseSlope} is required} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the values. Each method returns this builder; {@link #build} can be called repeatedly. Not thread safe. */
    public static final class Builder extends TrainingBuilder<Builder> {

        private @Nullable ISchedule inverseSlope;

        private Builder() {}

        /**
         * How the inverse slope falls. Must be set.
         *
         * @param value {@link io.github.dl4jaskew.schedule.Annealing} or any schedule with values in [0, 1]
         * @return this
         */
        public Builder inverseSlope(ISchedule value) {
            inverseSlope = Objects.requireNonNull(value);
            return this;
        }

        /**
         * The method.
         *
         * @return an immutable method
         * @throws IllegalArgumentException if the scale is not defined for the grid
         * @throws IllegalStateException if the inverse slope is not set
         */
        public Parq build() {
            if (inverseSlope == null) {
                throw new IllegalStateException("inverseSlope is not set: specify how the slope grows, for example"
                        + " inverseSlope(Annealing.hold(5).thenCosine(10))");
            }
            return new Parq(new Method(target(), inverseSlope));
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
     * @param inverseSlope from 1 to 0
     */
    private record Method(Target target, ISchedule inverseSlope) implements LatentMethod {

        @Override
        public Map<String, ISchedule> schedules() {
            return Map.of("inverseSlope", inverseSlope);
        }

        @Override
        public boolean clips() {
            return false;
        }

        @Override
        public IWeightNoise weightNoise(String layer, Map<String, ScaledGrid> grids) {
            return new AnnealedWeights(layer, grids, AnnealedWeights.Shape.SHARPEN, inverseSlope.clone());
        }

        @Override
        public List<String> settings() {
            return List.of("PARQ: inverse slope " + inverseSlope);
        }

        @Override
        public String toString() {
            return "Parq(" + target + ", inverse slope " + inverseSlope + ")";
        }
    }
}
