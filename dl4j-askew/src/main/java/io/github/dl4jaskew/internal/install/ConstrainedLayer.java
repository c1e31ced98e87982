package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.packed.ParameterId;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The weight parameters of one layer.
 *
 * @param name the layer's name
 * @param parameters all parameters that DL4J treats as weights, constrained or not
 * @serial exclude
 */
public record ConstrainedLayer(
        @JsonProperty("name") String name,
        @JsonProperty("parameters") List<ConstrainedParameter> parameters) implements Serializable {

    /** Copies the list. */
    @JsonCreator
    public ConstrainedLayer {
        parameters = List.copyOf(parameters);
    }

    /** What messages call a parameter. */
    public String subject(String key) {
        return new ParameterId(name, key).toString();
    }

    /** An error of the maths, with the place where it happened. */
    public IllegalArgumentException named(
            ConstrainedParameter parameter, int iteration, IllegalArgumentException cause) {
        return named(new ParameterId(name, parameter.name()), iteration, cause);
    }

    static IllegalArgumentException named(ParameterId parameter, int iteration, IllegalArgumentException cause) {
        return new IllegalArgumentException(parameter + ", iteration " + iteration + ": " + cause.getMessage(), cause);
    }

    /**
     * The parameter that a flat view shows, by its length, and by its offset where lengths are equal.
     *
     * @param view what DL4J hands to a regularization: all elements of a parameter
     * @return the parameter
     * @throws IllegalStateException if it is none of this layer's
     */
    public ConstrainedParameter parameterOf(INDArray view) {
        @Nullable ConstrainedParameter byLength = null;
        boolean ambiguous = false;
        for (ConstrainedParameter p : parameters) {
            if (p.length() == view.length()) {
                if (p.offset() == view.offset()) {
                    return p;
                }
                ambiguous |= byLength != null;
                byLength = p;
            }
        }
        if (byLength == null || ambiguous) {
            throw new IllegalStateException(
                    "layer '" + name + "': a parameter of " + view.length() + " elements at offset "
                            + view.offset() + " is none of " + parameters
                            + "; the layer was replaced after the installation: call Askew.uninstall(network) and install"
                            + " the recipe again on the network as it is now");
        }
        return byLength;
    }
}
