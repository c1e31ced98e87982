package io.github.dl4jaskew.export;

/**
 * A value of the ONNX graph, laid out as DL4J lays it out.
 *
 * @param name its name in the graph
 * @param rank 2 for features, 3 for sequences, 4 for images, 5 for volumes; the batch is among them
 */
record Tensor(String name, int rank) {

    Tensor as(String other) {
        return new Tensor(other, rank);
    }
}
