package io.github.dl4jaskew.packed;

/** What pooling makes of the numbers in a window. The number stored in a file is the position here. */
public enum PoolingKind {
    /** The largest; padding does not count. */
    MAX,
    /** The mean of those inside the image. */
    MEAN,
    /** The sum divided by the number of elements of the kernel, with padding counted as 0. */
    MEAN_WITH_PADDING,
    /** The p-norm {@code (sum |x|^p)^(1/p)}; padding counts as 0. */
    NORM,
    /** The sum; for global pooling alone. */
    SUM
}
