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
 * @param exported whether an ONNX file was written
 * @param onnx whether ONNX Runtime gives DL4J's numbers from it, within the same bound
 * @param difference largest difference between the edge and DL4J in that measure, or null if the edge refused
 * @param onnxDifference the same of ONNX Runtime, or null if it was not exported or did not run
 * @param reason why the edge does not serve it, or null
 * @param onnxReason why ONNX Runtime does not, or null
 */
record KerasResult(
        @JsonProperty("file") String file,
        @JsonProperty("imported") boolean imported,
        @JsonProperty("installed") boolean installed,
        @JsonProperty("packed") boolean packed,
        @JsonProperty("edge") boolean edge,
        @JsonProperty("exported") boolean exported,
        @JsonProperty("onnx") boolean onnx,
        @JsonProperty("difference") @Nullable Double difference,
        @JsonProperty("onnx_difference") @Nullable Double onnxDifference,
        @JsonProperty("reason") @Nullable String reason,
        @JsonProperty("onnx_reason") @Nullable String onnxReason) {

    /** A file of which nothing but this is known. */
    static KerasResult failed(String file, String reason) {
        return new KerasResult(file, false, false, false, false, false, false, null, null, reason, reason);
    }
}
