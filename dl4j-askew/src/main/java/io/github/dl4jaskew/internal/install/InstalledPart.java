package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.ScaledGrid;
import java.util.Set;

/** Marks what an installation adds to a layer's configuration, by which an uninstallation finds it. */
public interface InstalledPart {

    /**
     * Whether it was added together with these grids. What users can add themselves must have one of them.
     *
     * @param grids the levels of the layer's constrained parameters
     */
    default boolean belongsTo(Set<ScaledGrid> grids) {
        return true;
    }
}
