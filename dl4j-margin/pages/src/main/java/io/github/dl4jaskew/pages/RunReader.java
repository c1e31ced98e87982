package io.github.dl4jaskew.pages;

import org.deeplearning4j.core.storage.Persistable;

/** Reads the records of one type as rows of numbers. Implementations are thread safe. */
public interface RunReader {

    /** {@return the type of the records, as in {@link Persistable#getTypeID}} */
    String typeId();

    /**
     * Reads a record. Each is read once, in the order of time; one that throws is left out, and the first such is logged.
     *
     * @param update the record
     * @param row takes its numbers
     */
    void read(Persistable update, Row row);
}
