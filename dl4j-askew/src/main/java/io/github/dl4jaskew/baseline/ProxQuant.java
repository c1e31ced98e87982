package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.GridStep;
import io.github.dl4jaskew.internal.install.Target;
import io.github.dl4jaskew.internal.install.TrainingMethod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * ProxQuant with the W-shaped L1 regularizer {@code R(w) = min_i |w - c_i|}, on any grid: after each step of the updater
 * comes its proximal map, the soft threshold around the nearest level q,
 *
 * <pre>  x = w - u,    w &lt;- q(x) + sign(x - q(x)) max(|x - q(x)| - theta_t, 0),    theta_t = lambda_t h,  </pre>
 *
 * <p>where u is the updater's step and h the mean half cell of the weight's grid (1 on {-1, +1}, where this is the paper's
 * formula), so that one lambda serves every scale. The strength grows: {@code lambda(Growth.linear(r))} is the paper's
 * homotopy {@code lambda_t = r t}, which its published code counts in epochs (r = 1e-4 on 200 of 300 epochs) and applies in
 * every step whatever the learning rate. Algorithm 1 has {@code theta_t = eta_t lambda_t}: that is {@link
 * Builder#timesLearningRate}. An infinite lambda puts weights onto their levels and holds them there; {@link #quantize}
 * rounds what is left. Weights are not clipped: one beyond the hull is drawn back by the map itself.
 *
 * <p>Forward passes, at inference too, see the weights as they are.
 *
 * <p>Source: Bai, Wang, Liberty, "ProxQuant: Quantized Neural Networks via Proximal Operators", ICLR 2019 (arXiv 1810.00861).
 * Immutable and thread safe if the schedule is.
 */
public final class ProxQuant extends Baseline {

    private ProxQuant(Method method) {
        super(method);
    }

    /** {@return a builder, by default with binary weights; only {@link Builder#lambda} is required} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the values. Each method returns this builder; {@link #build} can be called repeatedly. Not thread safe. */
    public static final class Builder extends TrainingBuilder<Builder> {

        private @Nullable ISchedule lambda;
        private boolean timesLearningRate;

        private Builder() {}

        /**
         * By how many half cells every step draws weights to their nearest level. Must be set.
         *
         * @param value {@link io.github.dl4jaskew.schedule.Growth} or any schedule with values of at least 0; infinity
         *     puts weights onto their levels
         * @return this
         */
        public Builder lambda(ISchedule value) {
            lambda = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Multiplies lambda by the learning rate of the iteration, as Algorithm 1 of the paper does. Default: no, as in its
         * published code.
         *
         * @return this
         */
        public Builder timesLearningRate() {
            timesLearningRate = true;
            return this;
        }

        /**
         * The method.
         *
         * @return an immutable method
         * @throws IllegalArgumentException if the scale is not defined for the grid
         * @throws IllegalStateException if lambda is not set
         */
        public ProxQuant build() {
            if (lambda == null) {
                throw new IllegalStateException(
                        "lambda is not set: specify how the regularizer grows, for example lambda(Growth.linear(0.01))");
            }
            return new ProxQuant(new Method(target(), lambda, timesLearningRate));
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
     * @param lambda the threshold in half cells
     * @param timesLearningRate whether the learning rate multiplies it
     */
    private record Method(Target target, ISchedule lambda, boolean timesLearningRate) implements TrainingMethod {

        @Override
        public Map<String, ISchedule> schedules() {
            return Map.of("lambda", lambda);
        }

        @Override
        public void requireUsable(String layer, IUpdater updater) {
            if (timesLearningRate && !updater.hasLearningRate()) {
                throw new IllegalArgumentException(
                        "layer '" + layer + "': lambda is multiplied by the learning rate, but "
                                + updater.getClass().getSimpleName() + " has none; leave timesLearningRate out");
            }
        }

        @Override
        public GridStep step(ConstrainedLayer layer, int cellPower, @Nullable IUpdater replacedUpdater) {
            return new ProxStep(layer, cellPower, lambda.clone(), timesLearningRate, replacedUpdater);
        }

        @Override
        public List<String> settings() {
            return List.of("ProxQuant: lambda " + lambda + (timesLearningRate ? ", times the learning rate" : "")
                    + ", in half cells");
        }

        @Override
        public String toString() {
            return "ProxQuant(" + target + ", lambda " + lambda + (timesLearningRate ? " times learning rate" : "")
                    + ")";
        }
    }
}
