package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.InstalledPart;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.internal.rule.HullClip;
import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.plan.ProjectionMode;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A projection that DL4J runs after every step.
 *
 * <p>Part of the layer's configuration; survives JSON. It names the parameters that it acts on ({@link
 * #setParams}). Thread safe once these are set.
 *
 * @serial exclude
 */
public final class GridConstraint implements LayerConstraint, InstalledPart {

    private static final long serialVersionUID = 1L;

    /** Half cells that no weight has to reach, but float32 does. */
    private static final double FARTHEST = 1e9;

    private final ProjectionMode mode;
    private final ScaledGrid grid;
    private final @Nullable ISchedule epsilon;
    private Set<String> params;

    @JsonCreator
    public GridConstraint(
            @JsonProperty("mode") ProjectionMode mode,
            @JsonProperty("grid") ScaledGrid grid,
            @JsonProperty("epsilon") @Nullable ISchedule epsilon,
            @JsonProperty("params") @Nullable Set<String> params) {
        this.mode = mode;
        this.grid = grid;
        this.epsilon = epsilon;
        this.params = params == null ? Set.of() : new TreeSet<>(params);
    }

    /**
     * Clips to the hull.
     *
     * @param grid the levels
     * @return the constraint
     */
    public static GridConstraint hull(ScaledGrid grid) {
        return new GridConstraint(ProjectionMode.HULL, grid, null, null);
    }

    /**
     * Projects onto the intervals.
     *
     * @param grid the levels
     * @param epsilon schedule of eps, with values in [0, 1]
     * @return the constraint
     */
    public static GridConstraint interval(ScaledGrid grid, ISchedule epsilon) {
        return new GridConstraint(ProjectionMode.INTERVAL, grid, Objects.requireNonNull(epsilon), null);
    }

    /**
     * Snaps to the nearest level.
     *
     * @param grid the levels
     * @return the constraint
     */
    public static GridConstraint grid(ScaledGrid grid) {
        return new GridConstraint(ProjectionMode.GRID, grid, null, null);
    }

    /** {@return the mode: onto what the weights are projected} */
    @JsonProperty("mode")
    public ProjectionMode mode() {
        return mode;
    }

    /** {@return the levels: the grid with its scales} */
    @JsonProperty("grid")
    public ScaledGrid grid() {
        return grid;
    }

    /** {@return the schedule of mode INTERVAL, or null in the other modes} */
    @JsonProperty("epsilon")
    public @Nullable ISchedule epsilon() {
        return epsilon;
    }

    /** The same projection with another schedule. */
    public GridConstraint withEpsilon(ISchedule schedule) {
        return new GridConstraint(mode, grid, schedule, params);
    }

    /** A user may have projections of other grids. */
    @Override
    public boolean belongsTo(Set<ScaledGrid> grids) {
        return grids.contains(grid);
    }

    @Override
    @JsonProperty("params")
    public Set<String> getParams() {
        return params;
    }

    @Override
    public void setParams(Set<String> params) {
        this.params = new TreeSet<>(params);
    }

    /**
     * Projects the named parameters of a layer in place.
     *
     * @throws IllegalArgumentException if eps is outside [0, 1], or a weight is not finite
     */
    @Override
    public void applyConstraint(Layer layer, int iteration, int epoch) {
        for (String name : params) {
            INDArray weights = layer.getParam(name);
            if (weights != null) {
                apply(weights, iteration, epoch);
            }
        }
    }

    public void apply(INDArray weights, int iteration, int epoch) {
        if (mode == ProjectionMode.HULL) {
            HullClip.clip(grid, weights);
            return;
        }
        double eps = epsilonAt(iteration, epoch);
        replaceAll(weights, (channel, w) -> project(channel, w, eps));
    }

    /** Projects as ever, except that weights beyond the hull may stay up to an overhang in mean half cells beyond it. */
    void applyInOpenHull(INDArray weights, double overhang, int iteration, int epoch) {
        double eps = epsilonAt(iteration, epoch);
        double reach = Math.min(overhang, FARTHEST);
        replaceAll(weights, (channel, w) -> {
            double end = clip(channel, w);
            double beyond = reach * SkewRule.meanHalfCell(grid, channel);
            return end == w ? project(channel, w, eps) : Math.max(end - beyond, Math.min(end + beyond, w));
        });
    }

    private double epsilonAt(int iteration, int epoch) {
        return epsilon == null ? 0 : epsilon.valueAt(iteration, epoch);
    }

    private interface Place {
        double of(int channel, double weight);
    }

    private void replaceAll(INDArray weights, Place place) {
        new ArrayWeights(weights).replaceAll((i, w) -> {
            if (!Double.isFinite(w)) {
                throw new IllegalArgumentException("weight of element " + i + " is " + w + "; it must be finite");
            }
            return place.of(grid.channels().of(i), w);
        });
    }

    private double project(int channel, double w, double eps) {
        return switch (mode) {
            case HULL -> throw new AssertionError("clipped as a whole");
            case GRID -> grid.nearest(channel, w);
            case INTERVAL -> {
                double t = grid.coordinate(channel, w);
                double nearest = Interval.project(t, eps);
                yield nearest == t ? w : clip(channel, w + (nearest - t) * grid.halfCell(channel, w));
            }
        };
    }

    private double clip(int channel, double w) {
        double low = grid.level(channel, 0);
        double high = grid.level(channel, grid.grid().size() - 1);
        return Math.max(low, Math.min(high, w));
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public GridConstraint clone() {
        return new GridConstraint(mode, grid, epsilon == null ? null : epsilon.clone(), params);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GridConstraint that
                && mode == that.mode
                && grid.equals(that.grid)
                && Objects.equals(epsilon, that.epsilon)
                && params.equals(that.params);
    }

    @Override
    public int hashCode() {
        return Objects.hash(mode, grid, params);
    }

    @Override
    public String toString() {
        return "GridConstraint(" + mode + ", " + grid + ", " + params + ")";
    }
}
