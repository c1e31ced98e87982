package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.Target;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.jspecify.annotations.Nullable;

/**
 * BinaryConnect, on any grid: forward and backward pass see {@code Q(w)}, the gradient there is applied to the real weight
 * w, and w is clipped to the hull,
 *
 * <pre>  w &lt;- clip(w - gamma dL/dQ(w), c_1, c_K).  </pre>
 *
 * <p>Q is the nearest level or, after {@link Builder#stochastic}, a random one of the two neighbouring levels a and b, with
 * {@code P(b) = clip((w - a) / (b - a), 0, 1)}, so that inside the hull its mean is w. On {-1, +1} that is the paper's
 * {@code P(+1) = clip((w + 1) / 2, 0, 1)}. Its random numbers follow from seed, parameter and iteration, so a saved and
 * restored training resumes exactly.
 *
 * <p>At inference the network's own {@code output} and {@code evaluate} use the nearest levels, also in stochastic training
 * (for which the paper serves the real weights; here the aim is a quantized model). {@link #quantize} makes a network of
 * them.
 *
 * <p>Source: Courbariaux, Bengio, David, "BinaryConnect: Training Deep Neural Networks with binary weights during
 * propagations", NeurIPS 2015 (arXiv 1511.00363). On grids of several levels it is known as the straight-through estimator or
 * quantization-aware training. Immutable and thread safe.
 */
public final class BinaryConnect extends Baseline {

    private BinaryConnect(Method method) {
        super(method);
    }

    /** {@return a builder, by default of deterministic BinaryConnect with binary weights} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the values. Each method returns this builder; {@link #build} can be called repeatedly. Not thread safe. */
    public static final class Builder extends TrainingBuilder<Builder> {

        private @Nullable Long seed;

        private Builder() {}

        /**
         * Rounds stochastically in training. Default: to the nearest level.
         *
         * @param value makes the rounding repeatable
         * @return this
         */
        public Builder stochastic(long value) {
            seed = value;
            return this;
        }

        /**
         * The method.
         *
         * @return an immutable method
         * @throws IllegalArgumentException if the scale is not defined for the grid
         */
        public BinaryConnect build() {
            return new BinaryConnect(new Method(target(), seed));
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
     * @param seed of stochastic rounding, or null
     */
    private record Method(Target target, @Nullable Long seed) implements LatentMethod {

        @Override
        public boolean clips() {
            return true;
        }

        @Override
        public IWeightNoise weightNoise(String layer, Map<String, ScaledGrid> grids) {
            return new RoundedWeights(layer, grids, seed);
        }

        @Override
        public List<String> settings() {
            return List.of("BinaryConnect: forward pass with "
                    + (seed == null ? "nearest levels" : "stochastic rounding of seed " + seed));
        }

        @Override
        public String toString() {
            return "BinaryConnect(" + target + (seed == null ? "" : ", stochastic " + seed) + ")";
        }
    }
}
