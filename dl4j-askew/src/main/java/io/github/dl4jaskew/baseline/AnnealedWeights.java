package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.Annealed;
import io.github.dl4jaskew.internal.install.ForwardWeights;
import io.github.dl4jaskew.internal.rule.LevelMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Forward weights that come ever nearer to the levels, along a schedule. */
final class AnnealedWeights extends ForwardWeights implements Annealed {

    private static final long serialVersionUID = 1L;

    /** How they come nearer, and what the schedule is. */
    enum Shape {
        /** BinaryRelax; the schedule is lambda. */
        RELAX,
        /** PARQ; the schedule is the inverse slope. */
        SHARPEN,
        /** AdaSTE; the schedule is mu. */
        ADAPT
    }

    /** So much of the way between weight and level may be left, or be cut off, in the forward pass. */
    private static final double SMALL = 0.05;

    private final Shape shape;
    private final ISchedule schedule;

    @JsonCreator
    AnnealedWeights(
            @JsonProperty("layer") String layer,
            @JsonProperty("grids") Map<String, ScaledGrid> grids,
            @JsonProperty("shape") Shape shape,
            @JsonProperty("schedule") ISchedule schedule) {
        super(layer, grids);
        this.shape = shape;
        this.schedule = schedule;
    }

    @JsonProperty("shape")
    Shape shape() {
        return shape;
    }

    @JsonProperty("schedule")
    ISchedule schedule() {
        return schedule;
    }

    @Override
    protected void forward(ScaledGrid grid, INDArray weights, INDArray out, String key, int iteration, int epoch) {
        double strength = schedule.valueAt(iteration, epoch);
        switch (shape) {
            case RELAX -> LevelMap.relax(grid, weights, out, strength);
            case SHARPEN -> LevelMap.sharpen(grid, weights, out, strength);
            case ADAPT -> LevelMap.adaptive(grid, weights, out, strength, AdaSte.ALPHA);
        }
    }

    @Override
    public Optional<String> unfinishedAt(int iteration, int epoch) {
        double strength = schedule.valueAt(iteration, epoch);
        double left = switch (shape) {
            case RELAX -> 1 / (1 + strength);
            case SHARPEN -> strength;
            // so much of a half cell is between the levels
            case ADAPT -> 1 - strength * AdaSte.ALPHA;
        };
        return left <= SMALL
                ? Optional.empty()
                : Optional.of("the forward pass of training does not use the exact levels yet: "
                        + switch (shape) {
                            case RELAX -> "BinaryRelax's lambda is ";
                            case SHARPEN -> "PARQ's inverse slope is ";
                            case ADAPT -> "AdaSTE's mu is ";
                        }
                        + (float) strength + Steps.planned(schedule, iteration, epoch));
    }

    /** An independent copy, with a copy of the schedule's state. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public AnnealedWeights clone() {
        return new AnnealedWeights(layer(), grids(), shape, schedule.clone());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AnnealedWeights that
                && sameGrids(that)
                && shape == that.shape
                && schedule.equals(that.schedule);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), shape);
    }
}
