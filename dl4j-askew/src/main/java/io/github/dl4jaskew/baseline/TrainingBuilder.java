package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.LearningRateUnit;
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
     * What a learning rate of 1 means for constrained weights. Default: {@link LearningRateUnit#WEIGHT}.
     *
     * @param value the unit
     * @return this
     */
    public B learningRateUnit(LearningRateUnit value) {
        setUnit(value);
        return self();
    }
}
