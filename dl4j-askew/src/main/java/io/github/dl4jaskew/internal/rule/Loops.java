package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;

/**
 * What {@link BlockKernel} does to the first {@code n} elements of its arrays, in one precision. Scalars are rounded to it.
 *
 * @param <A> float[] or double[]
 */
interface Loops<A> {

    /** Distance of the number after 1 from 1. */
    double ulp();

    /** Stands for an unbounded restoring displacement: any weight reaches its level within it. */
    double unbounded();

    CellTable table(Grid grid);

    HostMemory.Window<A> window();

    /** An array for a block; it is longer than that. */
    A block();

    double get(A array, int i);

    /** Sets an element; beyond the type's largest number, that number. */
    void set(A array, int i, double value);

    void copy(double[] from, int at, A to, int n);

    /** The numbers of channels in runs, the first of which has {@code left} elements still to come. */
    void spreadRuns(ChannelTables c, long first, int n, A inverse, A half, A low, A high, A unit);

    void multiply(A v, A factor, int n);

    /** Cell coordinates on two levels, whose middle is {@code middle} half cells from 0. */
    void locateInOneCell(A w, A inverse, A t, int n, double middle);

    /** Cell coordinates on evenly spaced levels; the cell at {@code middle} has the number 0. */
    void locateInEvenCells(A w, A inverse, A t, int n, double middle, int lowest, int highest);

    /** Weights at unit scale, and their buckets in the lowest bits of a number. */
    void bucket(A w, A inverse, A x, A bucket, int n, CellTable table);

    /** From weights at unit scale to cell coordinates, and to half cells at unit scale. */
    void locateInBuckets(A t, A bucket, A half, int n, CellTable table);

    /** The same where a bucket may hold several edges. */
    void locateStepwise(A t, A bucket, A half, int n, CellTable table);

    /** Positive where a weight is infeasible, 0 elsewhere. */
    void violate(A t, A violation, int n, double epsilon);

    /**
     * From t to |K| before its clamp, in units of v, and to its direction: -1 or +1, and 0 in the middle of a cell.
     * Where the weight moves freely, k is below any velocity.
     */
    void restore(A t, A half, A k, A direction, int n, double epsilon, double rho);

    /** Keeps a velocity that restores faster than K; otherwise takes K, limited to {@code limit} half cells. */
    void choose(A v, A k, A direction, A half, A chosen, int n, double limit);

    /** Limits a velocity so that {@code w - v} stays in the hull. */
    void clip(A w, A v, A low, A high, A clipped, int n);

    /** The nearest place in the hull. */
    void clamp(A w, A low, A high, A clamped, int n);

    /** 0, or NaN where a number is not finite. */
    void check(A w, A v, A finite, int n);

    /** 0 where the velocity stays as it is, positive where it changes, infinite or NaN where one of the two is. */
    void compare(A v, A result, A difference, int n);

    /** The sum of the first n of a block; those behind n are lost. */
    double sum(A values, A eighth, int n);
}
