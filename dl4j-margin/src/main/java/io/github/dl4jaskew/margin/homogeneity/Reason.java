package io.github.dl4jaskew.margin.homogeneity;

/**
 * Why a network is not homogeneous, or is not known to be. Immutable and thread safe.
 *
 * @param layer name of the layer or vertex
 * @param kind how certain it is
 * @param text what the layer does and, where there is a way, how to make it homogeneous
 */
public record Reason(String layer, Kind kind, String text) {

    /** How certain a reason is. */
    public enum Kind {
        /** The logits are not homogeneous. */
        BROKEN,
        /** The logits at inference are homogeneous, but training draws random numbers and trains another function. */
        TRAINING,
        /** Nothing is known about the layer. */
        UNKNOWN
    }

    @Override
    public String toString() {
        return "\"" + layer + "\": " + text;
    }
}
