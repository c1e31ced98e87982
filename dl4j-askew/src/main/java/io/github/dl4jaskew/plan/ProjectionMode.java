package io.github.dl4jaskew.plan;

/** Onto what constrained weights are projected after every step, if a recipe asks for it. */
public enum ProjectionMode {
    /** The hull {@code [c_1, c_K]}: {@code argmin |x - w|, c_1 <= x <= c_K}. */
    HULL,
    /** The intervals around the levels: {@code argmin |x - w|, psi(t(x)) <= eps}. */
    INTERVAL,
    /** The grid itself: the nearest level. */
    GRID
}
