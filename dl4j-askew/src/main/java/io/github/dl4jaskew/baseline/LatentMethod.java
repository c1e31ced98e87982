package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.GridStep;
import io.github.dl4jaskew.internal.install.TrainingMethod;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/** A method that trains weights which the forward pass does not see. */
interface LatentMethod extends TrainingMethod {

    /** Whether the trained weights are clipped to the hull. */
    boolean clips();

    @Override
    default GridStep step(ConstrainedLayer layer, int cellPower, @Nullable IUpdater replacedUpdater) {
        return new LatentStep(layer, cellPower, clips(), replacedUpdater);
    }

    @Override
    default ForwardUse forwardUse() {
        return ForwardUse.CHANGED;
    }
}
