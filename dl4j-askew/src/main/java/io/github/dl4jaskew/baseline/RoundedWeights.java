package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ForwardWeights;
import io.github.dl4jaskew.internal.rule.LevelMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** BinaryConnect's forward weights: nearest levels, or stochastically rounded ones. */
final class RoundedWeights extends ForwardWeights {

    private static final long serialVersionUID = 1L;

    private final @Nullable Long seed;

    @JsonCreator
    RoundedWeights(
            @JsonProperty("layer") String layer,
            @JsonProperty("grids") Map<String, ScaledGrid> grids,
            @JsonProperty("seed") @Nullable Long seed) {
        super(layer, grids);
        this.seed = seed;
    }

    /** Null for the nearest level. */
    @JsonProperty("seed")
    @Nullable
    Long seed() {
        return seed;
    }

    @Override
    protected void forward(ScaledGrid grid, INDArray weights, INDArray out, String key, int iteration, int epoch) {
        if (seed == null) {
            LevelMap.nearest(grid, weights, out);
        } else {
            LevelMap.sample(grid, weights, out, seedOf(seed, layer() + "/" + key, iteration));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoundedWeights that && sameGrids(that) && Objects.equals(seed, that.seed);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), seed);
    }
}
