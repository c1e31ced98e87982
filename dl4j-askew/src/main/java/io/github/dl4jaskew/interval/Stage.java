package io.github.dl4jaskew.interval;

/** Where the rule acts in an iteration. With plain SGD both give the same weights. */
public enum Stage {
    /**
     * On the gradient, before the updater; then the updater, then a clip to the hull. This is what the
     * authors published.
     */
    GRADIENT,
    /**
     * On the step that the updater proposes, after it, so that the bound on the velocity holds exactly for
     * Adam, momentum and every other updater. The clip to the hull is part of the same pass.
     */
    STEP
}
