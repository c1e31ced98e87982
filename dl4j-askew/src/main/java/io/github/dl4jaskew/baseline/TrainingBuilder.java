package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.plan.LearningRateUnit;
import org.nd4j.linalg.learning.config.IUpdater;

/** What the builders of methods that train have in common. */
abstract class TrainingBuilder<B extends TrainingBuilder<B>> extends BaselineBuilder<B> {

    /**
     * An updater for the constrained weights alone; biases, batch norm and skipped layers keep the network's. Default:
     * none, the network's updater moves everything.
     *
     * @param value any updater
     * @return this
     */
    public B updater(IUpdater value) {
        setUpdater(value);
        return self();
    }

    /**
     * What a learning rate of 1 means for constrained weights. Default: {@link LearningRateUnit#CELL} for an {@link
     * #updater} of their own, as in {@link io.github.dl4jaskew.Askew#fromScratch}; {@link LearningRateUnit#WEIGHT} for the
     * network's updater, whose rate was chosen for float weights.
     *
     * @param value the unit
     * @return this
     */
    public B learningRateUnit(LearningRateUnit value) {
        setUnit(value);
        return self();
    }

    /**
     * Makes the weights of a network small at the installation, as {@link
     * io.github.dl4jaskew.Askew.Builder#initialScale} does: signs are then learned and not those of the initialization. For
     * binary grids; on grids with the level 0 small weights are all rounded to it, and a network of zeros has no gradient.
     * Default: none, the weights are not changed.
     *
     * @param share root mean square over the largest level, above 0 and up to 1
     * @return this
     */
    public B initialScale(double share) {
        setInitialScale(share);
        return self();
    }
}
