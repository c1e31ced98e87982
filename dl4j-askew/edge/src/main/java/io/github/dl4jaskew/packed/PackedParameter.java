package io.github.dl4jaskew.packed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * One parameter with its numbers: scales and codes, or the numbers as they are. Immutable and thread safe.
 */
public final class PackedParameter {

    private static final int BLOCK = 4096;

    private final ParameterInfo info;
    private final float[] scales;
    private final @Nullable PackedCodes codes;
    private final ByteBuffer raw;

    private PackedParameter(ParameterInfo info, float[] scales, @Nullable PackedCodes codes, byte[] raw) {
        this.info = info;
        this.scales = scales;
        this.codes = codes;
        this.raw = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * A quantized parameter.
     *
     * @param info what the table says, with a coding
     * @param scales one positive and finite scale for each channel
     * @param codes one for each element
     * @return the parameter
     * @throws IllegalArgumentException if they do not belong together, or a scale is out of range
     */
    public static PackedParameter coded(ParameterInfo info, float[] scales, PackedCodes codes) {
        Coding coding = info.coding();
        if (coding == null
                || coding.channels() != scales.length
                || coding.levels().size() != codes.levels()
                || coding.packing() != codes.packing()
                || info.size() != codes.size()) {
            throw new IllegalArgumentException(
                    "scales, codes and table disagree: " + scales.length + " scales, " + codes + ", " + coding);
        }
        for (int c = 0; c < scales.length; c++) {
            if (!(scales[c] > 0 && scales[c] <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "scale " + c + " is " + scales[c] + "; scales are positive and finite");
            }
        }
        return new PackedParameter(info, scales.clone(), codes, new byte[0]);
    }

    /** A parameter as it is, in little-endian numbers of its type; takes the bytes over. */
    static PackedParameter raw(ParameterInfo info, byte[] bytes) {
        return new PackedParameter(info, new float[0], null, bytes);
    }

    /** {@return the parameter's entry in the table: name, shape, coding} */
    public ParameterInfo info() {
        return info;
    }

    /** {@return the codes, one for each element, in memory order; null if the parameter is raw} */
    public @Nullable PackedCodes codes() {
        return codes;
    }

    /** {@return a copy of the scales, one for each channel; empty if the parameter is raw} */
    public float[] scales() {
        return scales.clone();
    }

    /**
     * The numbers of some elements, exactly the network's.
     *
     * @param from index of the first element in memory order
     * @param target receives the numbers
     * @param offset where in the target
     * @param count how many
     * @throws IndexOutOfBoundsException if there are no such elements, or no such places
     */
    public void get(long from, double[] target, int offset, int count) {
        if (from < 0 || count < 0 || from > info.size() - count) {
            throw new IndexOutOfBoundsException("elements " + from + " to " + (from + count - 1) + " of " + info);
        }
        Coding coding = info.coding();
        if (coding != null && codes != null) {
            decode(coding, codes, from, target, offset, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            target[offset + i] = info.type().get(raw, (int) from + i);
        }
    }

    /**
     * The numbers of some elements as float32: exactly the network's, unless it is of type float64.
     *
     * @param from index of the first element in memory order
     * @param target receives the numbers
     * @param offset where in the target
     * @param count how many
     * @throws IndexOutOfBoundsException if there are no such elements, or no such places
     */
    public void get(long from, float[] target, int offset, int count) {
        double[] block = new double[Math.min(BLOCK, Math.max(count, 0))];
        for (int done = 0; done < count; done += BLOCK) {
            int n = Math.min(BLOCK, count - done);
            get(from + done, block, 0, n);
            for (int i = 0; i < n; i++) {
                target[offset + done + i] = (float) block[i];
            }
        }
    }

    private void decode(Coding coding, PackedCodes packed, long from, double[] target, int offset, int count) {
        double[] levels = coding.levels().stream().mapToDouble(v -> v).toArray();
        byte[] block = new byte[Math.min(BLOCK, count)];
        ValueType type = info.type();
        int channel = (int) (from / coding.stride() % coding.channels());
        long left = coding.stride() - from % coding.stride();
        for (int i = 0; i < count; i++) {
            int at = i % BLOCK;
            if (at == 0) {
                packed.get(from + i, block, 0, Math.min(BLOCK, count - i));
            }
            target[offset + i] = type.round(scales[channel] * levels[block[at] & 0xFF]);
            if (--left == 0) {
                left = coding.stride();
                channel = channel + 1 == coding.channels() ? 0 : channel + 1;
            }
        }
    }

    /**
     * The number of one element, exactly the network's.
     *
     * @param element index in memory order
     * @return the number
     * @throws IndexOutOfBoundsException if there is no such element
     */
    public double value(long element) {
        double[] one = new double[1];
        get(element, one, 0, 1);
        return one[0];
    }

    @Override
    public String toString() {
        return info.toString();
    }
}
