package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.Coding;
import io.github.dl4jaskew.packed.PackedCodes;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PackedParameter;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.Window;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameters of a file by index, checked for what a layer expects of them. */
final class Parameters {

    /** As floats, with what is added to fill the last pass, they fit into one array. */
    private static final long MAXIMUM_ELEMENTS = 1 << 29;

    private final List<PackedParameter> all;

    Parameters(List<PackedParameter> all) {
        this.all = all;
    }

    private PackedParameter get(int index) throws PackedFormatException {
        if (index < 0 || index >= all.size()) {
            throw new PackedFormatException("parameter " + index + " is named, but there are " + all.size());
        }
        return all.get(index);
    }

    private PackedParameter get(int index, long size) throws PackedFormatException {
        PackedParameter parameter = get(index);
        if (parameter.info().size() != size) {
            throw new PackedFormatException(parameter.info() + " has shape "
                    + parameter.info().shape() + ", but the layer needs " + size + " elements");
        }
        if (size > MAXIMUM_ELEMENTS) {
            throw new PackedFormatException(
                    parameter.info() + " has " + size + " elements; this predictor takes at most " + MAXIMUM_ELEMENTS);
        }
        return parameter;
    }

    /** Numbers in memory order. */
    float[] floats(int index, long size) throws PackedFormatException {
        PackedParameter parameter = get(index, size);
        float[] values = new float[(int) size];
        parameter.get(0, values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            requireFinite(parameter, i, values[i]);
        }
        return values;
    }

    /** Numbers in memory order; none for {@link PortableLayer#NONE}. */
    float[] optional(int index, int size) throws PackedFormatException {
        return index == PortableLayer.NONE ? new float[0] : floats(index, size);
    }

    /** Numbers in memory order; the same number for {@link PortableLayer#NONE}. */
    double[] doubles(int index, int size, double otherwise) throws PackedFormatException {
        double[] values = new double[size];
        if (index == PortableLayer.NONE) {
            Arrays.fill(values, otherwise);
        } else {
            PackedParameter parameter = get(index, size);
            parameter.get(0, values, 0, size);
            for (int i = 0; i < size; i++) {
                requireFinite(parameter, i, values[i]);
            }
        }
        return values;
    }

    private static void requireFinite(PackedParameter parameter, int index, double value) throws PackedFormatException {
        if (!Double.isFinite(value)) {
            throw new PackedFormatException(
                    parameter + ": number " + index + " is " + value + "; allowed are finite float32 numbers");
        }
    }

    /** Kernels of a convolution, {@code [outputs][inputs][height][width]}. */
    float[] kernels(int index, long size) throws PackedFormatException {
        requireOrder(get(index, size), 'c');
        return floats(index, size);
    }

    /** Kernels of a convolution that lie anywhere, as {@code [outputs][inputs of a group][height][width]}. */
    float[] kernels(PortableLayer.GroupedConvolution c) throws PackedFormatException {
        Window w = c.window();
        int inputs = c.inputs() / c.groups();
        int outputs = c.outputs() / c.groups();
        float[] memory = floats(
                c.weights(),
                Math.multiplyFull(inputs, c.outputs()) * Math.multiplyExact(w.kernelHeight(), w.kernelWidth()));
        float[] kernels = new float[memory.length];
        int to = 0;
        for (int o = 0; o < c.outputs(); o++) {
            for (int i = 0; i < inputs; i++) {
                for (int y = 0; y < w.kernelHeight(); y++) {
                    for (int x = 0; x < w.kernelWidth(); x++) {
                        long from = c.layout().at(o / outputs, o % outputs, i, y, x);
                        if (from < 0 || from >= memory.length) {
                            throw new PackedFormatException(
                                    "weight " + from + " is named, but there are " + memory.length);
                        }
                        kernels[to++] = memory[(int) from];
                    }
                }
            }
        }
        return kernels;
    }

    /** Codes of a dense layer, if it has some, a scale belongs to a unit or to all, and a unit's lie side by side. */
    @Nullable
    Codes codes(int index, int inputs, int outputs) throws PackedFormatException {
        return codes(index, inputs, outputs, 'f');
    }

    /** Codes of a convolution {@code [outputs][inputs][height][width]}, on the same conditions. */
    @Nullable
    Codes kernelCodes(int index, int patch, int outputs) throws PackedFormatException {
        return codes(index, patch, outputs, 'c');
    }

    private @Nullable Codes codes(int index, int each, int outputs, char order) throws PackedFormatException {
        PackedParameter parameter = get(index, (long) each * outputs);
        Coding coding = parameter.info().coding();
        PackedCodes packed = parameter.codes();
        if (coding == null || packed == null || !lessThanFloat(coding)) {
            return null;
        }
        requireOrder(parameter, order);
        boolean perUnit = coding.channels() == outputs && coding.stride() == each;
        boolean usable = (coding.channels() == 1 || perUnit) && finite(coding, parameter.scales());
        return usable ? new Codes(coding, packed, parameter.scales()) : null;
    }

    /** Whether all weights are; if not, reading them as floats names the one that is not. */
    private static boolean finite(Coding coding, float[] scales) {
        for (float scale : scales) {
            if (!coding.levels().stream().allMatch(level -> Math.abs(level * scale) <= Float.MAX_VALUE)) {
                return false;
            }
        }
        return true;
    }

    private static boolean lessThanFloat(Coding coding) {
        return coding.levels().stream().allMatch(v -> Math.abs(v) <= Float.MAX_VALUE);
    }

    /** Weights of a dense layer, a unit's side by side: {@code [outputs][inputs]}. */
    float[] rows(int index, int inputs, int outputs) throws PackedFormatException {
        requireOrder(get(index, (long) inputs * outputs), 'f');
        return floats(index, (long) inputs * outputs);
    }

    /** A matrix in either order, its columns side by side: {@code [columns][rows]}. */
    float[] columns(int index, int rows, int columns) throws PackedFormatException {
        PackedParameter parameter = get(index, (long) rows * columns);
        float[] memory = floats(index, (long) rows * columns);
        if (parameter.info().order() == 'f') {
            return memory;
        }
        float[] side = new float[memory.length];
        new Transpose(rows, columns).run(memory, side, Step.NO_SCRATCH);
        return side;
    }

    /** A parametric ReLU, whose slopes have the shape of its input, or 1 along axes that share them. */
    ParametricRelu slopes(int index, Extent to) throws PackedFormatException {
        PackedParameter parameter = get(index);
        List<Long> shape = parameter.info().shape();
        int[] full = to.image() ? new int[] {to.channels(), to.height(), to.width()} : new int[] {to.channels()};
        int skip = shape.size() - full.length;
        boolean fits = skip >= 0 && shape.subList(0, skip).stream().allMatch(n -> n == 1);
        for (int d = 0; fits && d < full.length; d++) {
            long n = shape.get(skip + d);
            fits = n == 1 || n == full[d];
        }
        if (!fits) {
            throw new PackedFormatException(parameter.info() + " has shape " + shape + ", which does not fit " + to);
        }
        int[] strides =
                strides(shape.subList(skip, shape.size()), parameter.info().order());
        return new ParametricRelu(floats(index, parameter.info().size()), to, strides);
    }

    /** From one number to the next along channels, rows and columns; 0 along an axis of length 1, which stands still. */
    private static int[] strides(List<Long> shape, char order) {
        int[] strides = new int[3];
        int stride = 1;
        for (int k = 0; k < shape.size(); k++) {
            int d = order == 'c' ? shape.size() - 1 - k : k;
            strides[d] = shape.get(d) == 1 ? 0 : stride;
            stride *= shape.get(d).intValue();
        }
        return strides;
    }

    private static void requireOrder(PackedParameter parameter, char order) throws PackedFormatException {
        long axes = parameter.info().shape().stream().filter(n -> n > 1).count();
        if (axes > 1 && parameter.info().order() != order) {
            throw new PackedFormatException(
                    parameter.info() + " has memory order '" + parameter.info().order() + "', not '" + order + "'");
        }
    }
}
