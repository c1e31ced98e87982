package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ForwardWeights;
import io.github.dl4jaskew.internal.network.LayerSettings;
import io.github.dl4jaskew.internal.rule.LevelMap;
import io.github.dl4jaskew.interval.Interval;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What the forward pass sees of AskewSGD's weights: their nearest levels, always or during a straight-through hold, and noise in
 * training. Inference sees the same without noise.
 */
public final class SkewedForward extends ForwardWeights {

    private static final long serialVersionUID = 1L;

    private final SkewSettings skew;

    @JsonCreator
    SkewedForward(
            @JsonProperty("layer") String layer,
            @JsonProperty("grids") Map<String, ScaledGrid> grids,
            @JsonProperty("skew") SkewSettings skew) {
        super(layer, grids);
        this.skew = skew;
    }

    @JsonProperty("skew")
    public SkewSettings skew() {
        return skew;
    }

    /** The same with another schedule of eps. */
    public SkewedForward withEpsilon(ISchedule epsilon) {
        return with(skew.withEpsilon(epsilon));
    }

    private SkewedForward with(SkewSettings settings) {
        return new SkewedForward(layer(), grids(), settings);
    }

    /**
     * Those of the layer's step, which has none during a delay: the step belongs to one network alone, where DL4J lets copies
     * of a network share this object.
     */
    @Override
    protected @Nullable ScaledGrid levels(Layer owner, String key, INDArray weights, boolean train, int iteration) {
        ScaledGrid first = super.levels(owner, key, weights, train, iteration);
        LayerSettings settings = LayerSettings.of(owner.conf().getLayer());
        if (first == null || settings == null) {
            return first;
        }
        for (Regularization regularization : settings.regularization()) {
            if (regularization instanceof SkewedStep step) {
                return step.levels(key, first, weights, train, iteration);
            }
        }
        return first;
    }

    @Override
    protected boolean isIdentity(boolean train, int iteration, int epoch) {
        return !skew.rounds(iteration, epoch) && !(train && skew.weightNoise() != null);
    }

    @Override
    protected void forward(ScaledGrid grid, INDArray weights, INDArray out, String key, int iteration, int epoch) {
        boolean rounds = skew.rounds(iteration, epoch);
        if (rounds) {
            LevelMap.nearest(grid, weights, out);
        }
        WeightNoise noise = skew.weightNoise();
        if (noise != null) {
            double open = 1 - Interval.tau(skew.epsilon().valueAt(iteration, epoch));
            long seed = seedOf(noise.seed(), layer() + "/" + key, iteration);
            LevelMap.addNoise(grid, rounds ? out : weights, out, open * noise.deviation(), seed);
        }
    }

    /** An independent copy, with a copy of the schedules' state. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public SkewedForward clone() {
        return with(skew.copy());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SkewedForward that && sameGrids(that) && skew.equals(that.skew);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), skew);
    }
}
