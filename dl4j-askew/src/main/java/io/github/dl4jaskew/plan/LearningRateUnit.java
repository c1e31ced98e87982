package io.github.dl4jaskew.plan;

/** What a learning rate of 1 means for a constrained weight. */
public enum LearningRateUnit {
    /** One unit of the weight, as everywhere in DL4J. */
    WEIGHT,
    /**
     * Half a cell of the weight's grid: training runs in the cell coordinate t, whatever the scale of the
     * tensor. The step of an updater that ignores the size of the gradient (Adam and its kin) is multiplied
     * by the mean half cell, that of a linear updater (SGD, momentum) by its square. A weight decay that
     * acts behind the updater is multiplied with the step.
     */
    CELL
}
