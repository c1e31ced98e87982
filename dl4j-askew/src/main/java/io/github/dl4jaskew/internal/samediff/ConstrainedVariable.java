package io.github.dl4jaskew.internal.samediff;

import io.github.dl4jaskew.grid.ScaledGrid;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * One constrained variable of a SameDiff graph.
 *
 * @param name its name
 * @param shape its shape
 * @param order memory order of its array, "c" or "f", in which the channels of the grid are laid out
 * @param grid the levels
 */
public record ConstrainedVariable(
        @JsonProperty("name") String name,
        @JsonProperty("shape") List<Long> shape,
        @JsonProperty("order") String order,
        @JsonProperty("grid") ScaledGrid grid)
        implements Serializable {

    @JsonCreator
    public ConstrainedVariable {
        shape = List.copyOf(shape);
    }

    static ConstrainedVariable of(String name, INDArray weights, ScaledGrid grid) {
        return new ConstrainedVariable(name, shapeOf(weights), String.valueOf(weights.ordering()), grid);
    }

    public static List<Long> shapeOf(INDArray weights) {
        return Arrays.stream(weights.shape()).boxed().toList();
    }

    /** Refuses an array for which the grid's channels were not laid out. */
    public void requireUnchanged(INDArray weights) {
        if (!shapeOf(weights).equals(shape) || order.charAt(0) != weights.ordering()) {
            throw new IllegalStateException("variable '" + name + "' had shape " + shape + " and memory order " + order
                    + " at install, but has shape " + shapeOf(weights) + " and memory order " + weights.ordering()
                    + " now; call Askew.uninstall(graph) and install the recipe again");
        }
    }
}
