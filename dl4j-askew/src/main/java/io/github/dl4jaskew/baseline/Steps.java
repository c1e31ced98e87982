package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.ConstrainedLayer;
import io.github.dl4jaskew.ConstrainedParameter;

/** What steps have in common. */
final class Steps {

    private Steps() {}

    /** An error of the maths, with the place where it happened. */
    static IllegalArgumentException named(
            ConstrainedLayer layer, ConstrainedParameter parameter, int iteration, IllegalArgumentException e) {
        return new IllegalArgumentException(
                "layer '" + layer.name() + "', parameter '" + parameter.name() + "', iteration " + iteration + ": "
                        + e.getMessage(),
                e);
    }
}
