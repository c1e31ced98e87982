package io.github.dl4jaskew.packed;

/** What a file's configuration describes. The number stored in a file is the position here, from 0. */
public enum NetworkKind {
    /** A Deeplearning4j {@code MultiLayerNetwork}. */
    MULTI_LAYER,
    /** A Deeplearning4j {@code ComputationGraph}. */
    GRAPH,
    /** An ND4J {@code SameDiff} graph, whose configuration is a FlatBuffers graph in Base64. */
    SAME_DIFF;
}
