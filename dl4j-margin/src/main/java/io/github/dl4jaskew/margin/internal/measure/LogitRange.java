package io.github.dl4jaskew.margin.internal.measure;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * Where the largest logit of a data set must be for margins and gradients to have all digits of the data type: far from where
 * numbers become 0, subnormal or infinite. By powers of 2.
 *
 * @param lowest exponent
 * @param highest exponent
 */
record LogitRange(int lowest, int highest) {

    static LogitRange of(DataType type) {
        return type == DataType.DOUBLE ? new LogitRange(-500, 500) : new LogitRange(-40, 60);
    }

    boolean contains(double largest) {
        return largest >= Math.scalb(1.0, lowest) && largest <= Math.scalb(1.0, highest);
    }

    /**
     * How much to raise the exponent of the weights of a homogeneous network.
     *
     * @param largest magnitude of its logits
     * @param norm of the weights as they are; 1 once they were rescaled by it
     * @param degree L
     */
    int correction(double largest, double norm, int degree) {
        if (contains(largest)) {
            return 0;
        }
        int byNorm = -Math.getExponent(norm);
        boolean known = largest > 0 && largest < Double.POSITIVE_INFINITY;
        return byNorm == 0 && known ? -Math.round((float) Math.getExponent(largest) / degree) : byNorm;
    }
}
