package io.github.dl4jaskew.plan;

/** When the forward and backward pass of AskewSGD see the nearest level {@code Q(w)} in place of the weight w. */
public enum StraightThrough {
    /** Never: they see w, as in the paper. */
    NEVER,
    /** While eps is 1. From the first iteration with smaller eps they see w. */
    HOLD,
    /** Throughout: what closes is the interval in which the weight can still choose another level. */
    ALWAYS
}
