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
 * AdaSTE, on any grid: forward and backward pass see a map s of the weights that comes ever nearer to the levels, and the
 * gradient there reaches the real weight by a slope that adapts to its direction. In cell coordinates, where t = -1 and t = +1
 * are the levels next to the weight,
 *
 * <pre>  s(t) = clip((t + mu (1 + alpha) sgn t) / (1 + mu), -1, 1),    t &lt;- t - gamma c(t, g) g,    g = dL/ds,  </pre>
 *
 * <pre>  c = min(1/2, |s(t) - s(-0 sgn t)| / |t|)   if g pushes t towards the middle of its cell, t g &gt; 0,
 *  c = s'(t)                               otherwise: 0 on the levels, 1 / (1 + mu) between them.  </pre>
 *
 * <p>The first is the paper's finite difference {@code (w* - w^) / beta}, {@code w* = s(t)}, {@code w^ = s(t - beta g)}, with the smallest
 * beta whose step reaches the other side. mu grows, as {@code Growth.exponential(0.01, 1.02)}; alpha is 0.01, so that from mu = 100
 * on s is the nearest level. Weights are not clipped. On more than two levels the formula holds in each cell, which is not in
 * the paper. alpha and the limit 1/2 are those of the published code (its limit of |g| from below, 1e-3, and its factor 1 / |t| for
 * 2 / |t| on the levels are left out).
 *
 * <p>At inference the network's own {@code output} and {@code evaluate} use the nearest levels, as does {@link #quantize}.
 *
 * <p>Source: Le, Høier, Lin, Zach, "AdaSTE: An Adaptive Straight-Through Estimator to Train Binary Neural Networks", CVPR
 * 2022 (arXiv 2112.02880), and its published code. Immutable and thread safe if the schedule is.
 */
public final class AdaSte extends Baseline {

    static final double ALPHA = 0.01;

    private AdaSte(Method method) {
        super(method);
    }

    /** {@return a builder, by default with binary weights; only {@link Builder#mu} is required} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the values. Each method returns this builder; {@link #build} can be called repeatedly. Not thread safe. */
    public static final class Builder extends TrainingBuilder<Builder> {

        private @Nullable ISchedule mu;

        private Builder() {}

        /**
         * How strongly the forward map draws to the levels. Must be set.
         *
         * @param value {@link io.github.dl4jaskew.schedule.Growth} or any schedule with values of at least 0; from 100 on the
         *     forward pass sees the nearest levels
         * @return this
         */
        public Builder mu(ISchedule value) {
            mu = Objects.requireNonNull(value);
            return this;
        }

        /**
         * The method.
         *
         * @return an immutable method
         * @throws IllegalArgumentException if the scale is not defined for the grid
         * @throws IllegalStateException if mu is not set
         */
        public AdaSte build() {
            if (mu == null) {
                throw new IllegalStateException("mu is not set: say how the forward map comes to the levels, for"
                        + " example mu(Growth.exponential(0.01, 1.02).byIteration())");
            }
            return new AdaSte(new Method(target(), mu));
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
     * @param mu how strongly the levels draw
     */
    private record Method(Target target, ISchedule mu) implements LatentMethod {

        @Override
        public Map<String, ISchedule> schedules() {
            return Map.of("mu", mu);
        }

        @Override
        public boolean clips() {
            return false;
        }

        @Override
        public List<Regularization> furtherSteps(ConstrainedLayer layer, int cellPower) {
            return List.of(new ShapedGradient(layer, ShapedGradient.Shape.ADAPTIVE, mu.clone()));
        }

        @Override
        public IWeightNoise weightNoise(String layer, Map<String, ScaledGrid> grids) {
            return new AnnealedWeights(layer, grids, AnnealedWeights.Shape.ADAPT, mu.clone());
        }

        @Override
        public List<String> settings() {
            return List.of("AdaSTE: mu " + mu);
        }

        @Override
        public String toString() {
            return "AdaSte(" + target + ", mu " + mu + ")";
        }
    }
}
