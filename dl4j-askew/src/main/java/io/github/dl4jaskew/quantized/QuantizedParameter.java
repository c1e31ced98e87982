package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.packed.PackedCodes;
import io.github.dl4jaskew.packed.ParameterId;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The codes and levels of one parameter. The weight of element {@code i}, in the memory order of the network's
 * parameter, is {@code grid().level(grid().channels().of(i), codes().get(i))}, rounded to the network's type.
 *
 * @param layer the layer's name
 * @param name the parameter's key in its layer
 * @param shape the parameter's shape
 * @param grid its levels
 * @param codes one code for each element
 */
public record QuantizedParameter(String layer, String name, List<Long> shape, ScaledGrid grid, PackedCodes codes) {

    /** Copies the shape. */
    public QuantizedParameter {
        shape = List.copyOf(shape);
    }

    /**
     * Moves every weight onto its nearest level.
     *
     * @param layer the layer's name
     * @param name the parameter's key in its layer
     * @param weights the weights, changed in place
     * @param grid the levels, whose channels are laid out in the memory order of {@code weights}
     * @return the codes
     * @throws IllegalArgumentException if a weight is not finite; names layer, parameter and element
     */
    public static QuantizedParameter snap(String layer, String name, INDArray weights, ScaledGrid grid) {
        PackedCodes.Builder codes = new PackedCodes.Builder(grid.grid().size(), weights.length());
        new ArrayWeights(weights).replaceAll((i, w) -> {
            if (!Double.isFinite(w)) {
                throw new IllegalArgumentException(
                        new ParameterId(layer, name) + ": weight " + i + " is " + w + "; weights must be finite");
            }
            int channel = grid.channels().of(i);
            int code = grid.code(channel, w);
            codes.add(code);
            return grid.level(channel, code);
        });
        List<Long> shape = Arrays.stream(weights.shape()).boxed().toList();
        return new QuantizedParameter(layer, name, shape, grid, codes.build());
    }

    /** {@return which parameter it is} */
    public ParameterId id() {
        return new ParameterId(layer, name);
    }

    /** {@return the number of weights, each of which has a code} */
    public long size() {
        return codes.size();
    }

    /** {@return the number of bytes of codes and scales in a packed file: the codes' bytes, and 4 for each scale} */
    public long packedBytes() {
        return codes.byteCount() + (long) Float.BYTES * grid.channels().count();
    }
}
