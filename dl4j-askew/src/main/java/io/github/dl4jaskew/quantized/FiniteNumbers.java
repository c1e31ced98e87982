package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.internal.network.NetworkParameter;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Looks for NaN and infinity in arrays. */
final class FiniteNumbers {

    private FiniteNumbers() {}

    /** The index of the first number that is not finite, in the given memory order, or -1 if all are finite. */
    static long firstOther(INDArray array, char order) {
        // A sum is NaN or infinite if one of its numbers is; if they only overflow, each is looked at.
        if (!array.dataType().isFPType() || Double.isFinite(array.sumNumber().doubleValue())) {
            return -1;
        }
        INDArray copy = array.dup(order);
        for (long i = 0; i < copy.length(); i++) {
            if (!Double.isFinite(copy.data().getDouble(i))) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Refuses parameters with a number that is not finite.
     *
     * @throws IllegalArgumentException naming layer, parameter, number and value
     */
    static void require(List<NetworkParameter> parameters) {
        for (NetworkParameter p : parameters) {
            char order = p.array().ordering();
            long index = firstOther(p.array(), order);
            if (index >= 0) {
                double value = p.array().dup(order).data().getDouble(index);
                throw new IllegalArgumentException(
                        p + ": number " + index + " is " + value + "; allowed are finite numbers");
            }
        }
    }
}
