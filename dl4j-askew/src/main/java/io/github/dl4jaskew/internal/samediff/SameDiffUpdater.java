package io.github.dl4jaskew.internal.samediff;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.internal.askewsgd.SkewSettings;
import io.github.dl4jaskew.plan.ProjectionMode;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonIgnore;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Where the rule meets SameDiff's update. SameDiff shows names to no part of a {@link TrainingConfig}, but keeps one
 * GradientUpdater for each variable under its name. This updater, which {@link Askew#install(SameDiff)} puts around the
 * user's own, makes those, and they look themselves up there.
 *
 * <p>It is saved with the graph: grids, scales, schedule, rates and both updaters. The link to the living graph is not, so
 * that a loaded one refuses to train until {@link Askew#resume} has linked it again.
 */
public final class SameDiffUpdater implements IUpdater {

    @Serial
    private static final long serialVersionUID = 1L;

    private final IUpdater base;
    private final @Nullable IUpdater own;
    private final SkewSettings skew;
    private final int cellPower;
    private final @Nullable ProjectionMode projection;
    private final List<ConstrainedVariable> variables;

    @JsonIgnore
    @SuppressWarnings("serial") // replaced by null on the way out
    private final @Nullable SameDiff graph;

    /**
     * An updater without a graph.
     *
     * @param base the user's updater, which moves everything that own does not
     * @param own the constrained variables' updater, or null
     * @param skew how weights are taken to their levels
     * @param cellPower power of the half cell that updates are multiplied by
     * @param projection what every step ends with, or null
     * @param variables the constrained variables
     */
    @JsonCreator
    SameDiffUpdater(
            @JsonProperty("base") IUpdater base,
            @JsonProperty("own") @Nullable IUpdater own,
            @JsonProperty("skew") SkewSettings skew,
            @JsonProperty("cellPower") int cellPower,
            @JsonProperty("projection") @Nullable ProjectionMode projection,
            @JsonProperty("variables") List<ConstrainedVariable> variables) {
        this(base, own, skew, cellPower, projection, variables, null);
    }

    private SameDiffUpdater(
            IUpdater base,
            @Nullable IUpdater own,
            SkewSettings skew,
            int cellPower,
            @Nullable ProjectionMode projection,
            List<ConstrainedVariable> variables,
            @Nullable SameDiff graph) {
        this.base = base;
        this.own = own;
        this.skew = skew;
        this.cellPower = cellPower;
        this.projection = projection;
        this.variables = List.copyOf(variables);
        this.graph = graph;
    }

    /** The constraint of a graph, or null if it has none. */
    public static @Nullable SameDiffUpdater of(SameDiff graph) {
        TrainingConfig training = graph.getTrainingConfig();
        return training != null && training.getUpdater() instanceof SameDiffUpdater installed ? installed : null;
    }

    /** The same updater at work on a graph. */
    SameDiffUpdater linkedTo(@Nullable SameDiff other) {
        return new SameDiffUpdater(base, own, skew, cellPower, projection, variables, other);
    }

    /** The graph that it works on, or null after loading. */
    @Nullable
    public SameDiff graph() {
        return graph;
    }

    @SuppressWarnings("ReferenceEquality") // graphs with equal contents are still two
    boolean isLinkedTo(SameDiff other) {
        return graph == other;
    }

    IUpdater base() {
        return base;
    }

    public SkewSettings skew() {
        return skew;
    }

    int cellPower() {
        return cellPower;
    }

    @Nullable
    ProjectionMode projection() {
        return projection;
    }

    public List<ConstrainedVariable> variables() {
        return variables;
    }

    /** The constraint of a variable, or null if it has none. */
    @Nullable
    ConstrainedVariable variable(String name) {
        for (ConstrainedVariable variable : variables) {
            if (variable.name().equals(name)) {
                return variable;
            }
        }
        return null;
    }

    /** What moves a variable. */
    IUpdater updaterOf(String name) {
        return own != null && variable(name) != null ? own : base;
    }

    /** Whether a variable has another updater than without the constraint. */
    boolean replacesUpdaterOf(String name) {
        return own != null && variable(name) != null;
    }

    /** Enough for either updater: SameDiff does not say which variable it asks for. */
    @Override
    public long stateSize(long numParams) {
        return Math.max(base.stateSize(numParams), own == null ? 0 : own.stateSize(numParams));
    }

    @Override
    public GradientUpdater<SameDiffUpdater> instantiate(@Nullable INDArray viewArray, boolean initializeViewArray) {
        VariableUpdater updater = new VariableUpdater(this);
        if (viewArray != null) {
            updater.setStateViewArray(
                    viewArray, new long[] {viewArray.length()}, viewArray.ordering(), initializeViewArray);
        }
        return updater;
    }

    @Override
    public GradientUpdater<SameDiffUpdater> instantiate(Map<String, INDArray> updaterState, boolean initialize) {
        return new VariableUpdater(this, updaterState);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public SameDiffUpdater clone() {
        return new SameDiffUpdater(
                base.clone(), own == null ? null : own.clone(), skew.copy(), cellPower, projection, variables);
    }

    /** The learning rate of the user's updater. */
    @Override
    public double getLearningRate(int iteration, int epoch) {
        return base.getLearningRate(iteration, epoch);
    }

    @Override
    public boolean hasLearningRate() {
        return base.hasLearningRate();
    }

    @Override
    public void setLrAndSchedule(double lr, @Nullable ISchedule lrSchedule) {
        base.setLrAndSchedule(lr, lrSchedule);
    }

    @Serial
    private Object writeReplace() {
        return graph == null ? this : linkedTo(null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SameDiffUpdater that
                && base.equals(that.base)
                && Objects.equals(own, that.own)
                && skew.equals(that.skew)
                && cellPower == that.cellPower
                && projection == that.projection
                && variables.equals(that.variables);
    }

    @Override
    public int hashCode() {
        return Objects.hash(base, own, skew, variables);
    }

    @Override
    public String toString() {
        return "SameDiffUpdater(" + base + ", " + variables.size() + " constrained variables, " + skew + ")";
    }
}
