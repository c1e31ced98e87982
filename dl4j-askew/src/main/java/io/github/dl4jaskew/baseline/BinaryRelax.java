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
 * BinaryRelax, on any grid: forward and backward pass see a convex combination of the weight y and its nearest level, and
 * the gradient there is applied to y,
 *
 * <pre>  x = (lambda_t Q(y) + y) / (lambda_t + 1),    y &lt;- y - gamma dL/dx,  </pre>
 *
 * <p>where lambda grows, as {@code Growth.exponential(1, 1.02)}. The paper's second phase takes x = Q(y) once the growth has
 * lasted long enough: {@code infiniteFrom} of {@link io.github.dl4jaskew.schedule.Growth}. y is not clipped. (The paper
 * re-fits the scale of Q in every step; here it is fixed.)
 *
 * <p>At inference the network's own {@code output} and {@code evaluate} use the nearest levels Q(y), as does {@link
 * #quantize}.
 *
 * <p>Source: Yin, Zhang, Lyu, Osher, Qi, Xin, "BinaryRelax: A Relaxation Approach for Training Deep Neural Networks with
 * Quantized Weights", SIAM Journal on Imaging Sciences 11(4), 2018 (arXiv 1801.06313). Immutable and thread safe if the
 * schedule is.
 */
public final class BinaryRelax extends Baseline {

    private BinaryRelax(Method method) {
        super(method);
    }

    /** {@return a builder, by default with binary weights; only {@link Builder#lambda} is required} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the values. Each method returns this builder; {@link #build} can be called repeatedly. Not thread safe. */
    public static final class Builder extends TrainingBuilder<Builder> {

        private @Nullable ISchedule lambda;

        private Builder() {}

        /**
         * How much the nearest level weighs against the weight. Must be set.
         *
         * @param value {@link io.github.dl4jaskew.schedule.Growth} or any schedule with values of at least 0; infinity is
         *     the nearest level alone
         * @return this
         */
        public Builder lambda(ISchedule value) {
            lambda = Objects.requireNonNull(value);
            return this;
        }

        /**
         * The method.
         *
         * @return an immutable method
         * @throws IllegalArgumentException if the scale is not defined for the grid
         * @throws IllegalStateException if lambda is not set
         */
        public BinaryRelax build() {
            if (lambda == null) {
                throw new IllegalStateException(
                        "lambda is not set: specify how the nearest level gains weight, for example"
                                + " lambda(Growth.exponential(1, 1.02).byIteration())");
            }
            return new BinaryRelax(new Method(target(), lambda));
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
     * @param lambda weight of the nearest level
     */
    private record Method(Target target, ISchedule lambda) implements LatentMethod {

        @Override
        public Map<String, ISchedule> schedules() {
            return Map.of("lambda", lambda);
        }

        @Override
        public boolean clips() {
            return false;
        }

        @Override
        public IWeightNoise weightNoise(String layer, Map<String, ScaledGrid> grids) {
            return new AnnealedWeights(layer, grids, AnnealedWeights.Shape.RELAX, lambda.clone());
        }

        @Override
        public List<String> settings() {
            return List.of("BinaryRelax: lambda " + lambda);
        }

        @Override
        public String toString() {
            return "BinaryRelax(" + target + ", lambda " + lambda + ")";
        }
    }
}
