package io.github.dl4jaskew.cli.data;

/** Whether the first line of a text file names the columns. */
public enum Header {

    /** If it looks like it: names without any number, or the numbers 0, 1, 2, ... that pandas writes above others. */
    AUTO,

    /** It does. */
    YES,

    /** It is an example. */
    NO
}
