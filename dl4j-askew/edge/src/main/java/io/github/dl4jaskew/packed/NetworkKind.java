package io.github.dl4jaskew.packed;

/** What a file's configuration describes. */
public enum NetworkKind implements Numbered {
    /** A Deeplearning4j {@code MultiLayerNetwork}. */
    MULTI_LAYER(0),
    /** A Deeplearning4j {@code ComputationGraph}. */
    GRAPH(1),
    /** An ND4J {@code SameDiff} graph, whose configuration is a FlatBuffers graph in Base64. */
    SAME_DIFF(2);

    private final int number;

    NetworkKind(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
