package io.github.dl4jaskew.export;

import java.util.Set;

/**
 * How an ONNX file is written. Immutable, with value equality.
 *
 * <table>
 * <caption>Quantized weights in the file</caption>
 * <tr><th>opset</th><th>binary, ternary</th><th>levels that are multiples of one step, up to 7 or 127 of them on a side</th>
 *     <th>any other levels</th><th>ONNX Runtime</th></tr>
 * <tr><td>25</td><td>INT2</td><td>INT4, INT8</td><td>codes of 2, 4 or 8 bits and a table of levels</td><td>1.24 and later</td></tr>
 * <tr><td>21</td><td>INT4</td><td>INT4, INT8</td><td>codes of 4 or 8 bits and a table</td><td>1.18 and later</td></tr>
 * <tr><td>13</td><td colspan="3">float32</td><td>1.8 and later</td></tr>
 * </table>
 *
 * @param opset the version of ONNX' operators: 25, 21 or 13
 * @param normalized whether the graph begins with the model's normalization, so that it takes raw features
 */
public record OnnxOptions(int opset, boolean normalized) {

    static final int INT2 = 25;
    static final int INT4 = 21;
    static final int FLOAT = 13;

    private static final Set<Integer> OPSETS = Set.of(INT2, INT4, FLOAT);

    /**
     * Checks the opset.
     *
     * @throws IllegalArgumentException if it is none of 25, 21 and 13
     */
    public OnnxOptions {
        if (!OPSETS.contains(opset)) {
            throw new IllegalArgumentException("opset is " + opset + "; allowed are " + INT2
                    + " (weights of 2, 4 and 8 bits), " + INT4 + " (4 and 8 bits) and " + FLOAT + " (float32)");
        }
    }

    /** {@return opset 25, for features that are normalized already} */
    public static OnnxOptions defaults() {
        return opset(INT2);
    }

    /**
     * Options for features that are normalized already.
     *
     * @param opset 25, 21 or 13
     * @return the options
     * @throws IllegalArgumentException if the opset is another one
     */
    public static OnnxOptions opset(int opset) {
        return new OnnxOptions(opset, false);
    }

    /** {@return the same options for raw features: the graph normalizes them as the model's normalizer does} */
    public OnnxOptions withNormalization() {
        return new OnnxOptions(opset, true);
    }
}
