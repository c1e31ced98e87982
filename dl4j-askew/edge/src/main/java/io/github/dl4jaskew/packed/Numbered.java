package io.github.dl4jaskew.packed;

/** A choice that has a number in the file. */
interface Numbered {

    /** The number, which never changes. */
    int number();
}
