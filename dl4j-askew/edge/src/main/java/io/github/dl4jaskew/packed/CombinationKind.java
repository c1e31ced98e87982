package io.github.dl4jaskew.packed;

/** What several arrays become. The number stored in a file is the position here. */
public enum CombinationKind {
    /** One behind the other, along the channels; one alone stays as it is. */
    CONCAT,
    /** The sum. */
    ADD,
    /** The first less the second. */
    SUBTRACT,
    /** The product, number by number. */
    PRODUCT,
    /** The mean. */
    AVERAGE,
    /** The largest. */
    MAX
}
