package io.github.dl4jaskew.margin.metrics;

/**
 * What the margins of a data set belong to.
 *
 * @param examples number of examples in the data, masked ones included; {@link ExampleMargin#example} counts them from 0
 * @param rows number of their time steps or pixels, masked ones included; of examples, if each has only one
 * @param masked how many of the rows a mask leaves out
 * @param outputs margins of a row: the number of independent outputs, and 1 for classes
 */
public record MarginCounts(int examples, int rows, int masked, int outputs) {

    /** {@return the number N of margins: those of all outputs of the rows that are not masked} */
    public int margins() {
        return (rows - masked) * outputs;
    }
}
