package io.github.dl4jaskew.keras;

import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How far a file came.
 *
 * @param file its path below the directory
 * @param imported whether DL4J imports it
 * @param installed whether its weights were quantized to 8 bits
 * @param packed whether a packed file was written
 * @param edge whether the edge predictor gives DL4J's numbers, within 1e-5 of the largest (or of 1)
 * @param onnx whether it was exported to ONNX
 * @param difference largest difference between the edge and DL4J in that measure, or null if the edge refused
 * @param reason why it went no further, or null
 * @param onnxReason why it was not exported, or null
 */
record KerasResult(
        @JsonProperty("file") String file,
        @JsonProperty("imported") boolean imported,
        @JsonProperty("installed") boolean installed,
        @JsonProperty("packed") boolean packed,
        @JsonProperty("edge") boolean edge,
        @JsonProperty("onnx") boolean onnx,
        @JsonProperty("difference") @Nullable Double difference,
        @JsonProperty("reason") @Nullable String reason,
        @JsonProperty("onnx_reason") @Nullable String onnxReason) {

    /** A file of which nothing but this is known. */
    static KerasResult failed(String file, String reason) {
        return new KerasResult(file, false, false, false, false, false, null, reason, null);
    }
}
