package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.ScaledGrid;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * One weight parameter of a layer, as a regularization can recognise it: DL4J hands over a flat view
 * without a name, so the view's length, and where several parameters of a layer are equally long, its
 * offset in the network's parameter vector, tell which one it is.
 *
 * @param name the parameter's key in its layer, such as "W"
 * @param offset first element in the network's parameter vector
 * @param length number of elements
 * @param grid the levels, or null if this parameter is left alone
 * @serial exclude
 */
public record ConstrainedParameter(
        @JsonProperty("name") String name,
        @JsonProperty("offset") long offset,
        @JsonProperty("length") long length,
        @JsonProperty("grid") @Nullable ScaledGrid grid)
        implements Serializable {

    /** A parameter. */
    @JsonCreator
    public ConstrainedParameter {}
}
