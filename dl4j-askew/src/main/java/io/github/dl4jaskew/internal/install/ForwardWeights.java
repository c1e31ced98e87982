package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.LevelMap;
import io.github.dl4jaskew.packed.ParameterId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What the forward and backward pass see instead of the weights: in training a map of them, at inference their nearest
 * levels unless a subclass says otherwise. The gradient then belongs to what was seen, and DL4J applies it to the weights
 * themselves: the straight-through estimator.
 *
 * <p>Subclasses are immutable but for the state of schedules, and survive JSON.
 */
public abstract class ForwardWeights implements IWeightNoise, InstalledPart {

    private static final long serialVersionUID = 1L;

    private final String layer;
    private final LinkedHashMap<String, ScaledGrid> grids;

    /**
     * A map.
     *
     * @param layer name of the layer, for messages and random numbers
     * @param grids levels by the parameter's key
     */
    protected ForwardWeights(String layer, Map<String, ScaledGrid> grids) {
        this.layer = layer;
        this.grids = new LinkedHashMap<>(grids);
    }

    /** Writes what a training forward pass sees; called once for each parameter and iteration, or more often. */
    protected abstract void forward(
            ScaledGrid grid, INDArray weights, INDArray out, String key, int iteration, int epoch);

    /** The levels of a parameter at a point of training, or null if its weights are seen as they are. */
    protected @Nullable ScaledGrid levels(Layer owner, String key, INDArray weights, boolean train, int iteration) {
        return grids.get(key);
    }

    /** Whether the weights themselves are seen at a point of training, or of inference there. */
    protected boolean isIdentity(boolean train, int iteration, int epoch) {
        return false;
    }

    /** Writes what inference sees: the nearest levels. */
    protected void inference(ScaledGrid grid, INDArray weights, INDArray out) {
        LevelMap.nearest(grid, weights, out);
    }

    /** A seed that depends on nothing but its arguments, so that a resumed training draws the same numbers. */
    public static long seedOf(long seed, String parameter, int iteration) {
        long stream = new SplittableRandom(seed ^ ((long) parameter.hashCode() << 32)).nextLong();
        return new SplittableRandom(stream + iteration).nextLong();
    }

    @JsonProperty("layer")
    protected final String layer() {
        return layer;
    }

    @JsonProperty("grids")
    protected final Map<String, ScaledGrid> grids() {
        return Collections.unmodifiableMap(grids);
    }

    @Override
    public final INDArray getParameter(
            Layer owner, String paramKey, int iteration, int epoch, boolean train, LayerWorkspaceMgr workspaceMgr) {
        INDArray weights = owner.getParam(paramKey);
        ScaledGrid grid;
        try {
            grid = levels(owner, paramKey, weights, train, iteration);
        } catch (IllegalArgumentException e) {
            throw ConstrainedLayer.named(new ParameterId(layer, paramKey), iteration, e);
        }
        if (grid == null || isIdentity(train, iteration, epoch)) {
            return weights;
        }
        INDArray out = array(weights, workspaceMgr);
        try {
            if (train) {
                forward(grid, weights, out, paramKey, iteration, epoch);
            } else {
                inference(grid, weights, out);
            }
        } catch (IllegalArgumentException e) {
            throw ConstrainedLayer.named(new ParameterId(layer, paramKey), iteration, e);
        }
        return out;
    }

    /**
     * Lives until the end of the iteration, as the layer keeps it for the backward pass. Where a graph's inference gives a
     * layer's output away, there is no memory open for its input.
     */
    private static INDArray array(INDArray like, LayerWorkspaceMgr workspaceMgr) {
        return workspaceMgr.isWorkspaceOpen(ArrayType.INPUT)
                ? workspaceMgr.createUninitialized(ArrayType.INPUT, like.dataType(), like.shape(), like.ordering())
                : Nd4j.createUninitialized(like.dataType(), like.shape(), like.ordering());
    }

    /** This object: it is immutable. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ForwardWeights clone() {
        return this;
    }

    protected final boolean sameGrids(ForwardWeights that) {
        return layer.equals(that.layer) && grids.equals(that.grids);
    }

    @Override
    public abstract boolean equals(Object other);

    @Override
    public int hashCode() {
        return Objects.hash(layer, grids);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "(" + layer + ")";
    }
}
