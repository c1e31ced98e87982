package io.github.dl4jaskew.packed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/** A small file with everything in it. */
final class PackedFiles {

    static final ParameterInfo TERNARY =
            new ParameterInfo("conv", "W", ValueType.FLOAT32, 'c', List.of(4L, 3L, 2L), coding(4, 6, -1.0, 0.0, 1.0));
    static final ParameterInfo FIVE_LEVELS = new ParameterInfo(
            "dense", "W", ValueType.FLOAT64, 'f', List.of(7L), coding(1, 1, -2.0, -1.0, 0.5, 1.0, 2.0));
    static final ParameterInfo BIAS = new ParameterInfo("dense", "b", ValueType.FLOAT32, 'c', List.of(3L), null);
    static final ParameterInfo HALF = new ParameterInfo("out", "b", ValueType.FLOAT16, 'c', List.of(2L), null);

    private PackedFiles() {}

    static Coding coding(int channels, long stride, Double... levels) {
        long size = channels * stride == 1 ? 7 : channels * stride;
        return new Coding(List.of(levels), Packing.smallest(levels.length, size), channels, stride);
    }

    static PackedHead head() {
        Normalization normalization =
                new Normalization(Normalization.Kind.MIN_MAX, List.of(0.0, 1.0), List.of(values(1, 2), values(3, 4)));
        return new PackedHead(
                NetworkKind.MULTI_LAYER,
                "{\"of\":\"Käse\"}",
                List.of(TERNARY, FIVE_LEVELS, BIAS, HALF),
                normalization,
                List.of("cat", "dög"),
                ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    private static Normalization.Values values(double... numbers) {
        return new Normalization.Values(ValueType.FLOAT32, List.of(1L, 2L), List.of(numbers[0], numbers[1]));
    }

    static PackedCodes codes(int levels, long size) {
        Random random = new Random(levels);
        PackedCodes.Builder codes = new PackedCodes.Builder(levels, size);
        for (int i = 0; i < size; i++) {
            codes.add(random.nextInt(levels));
        }
        return codes.build();
    }

    static byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PackedWriter writer = new PackedWriter(out, head());
            writer.writeCoded(PackedParameter.coded(TERNARY, new float[] {0.1f, 0.2f, 0.3f, 0.4f}, codes(3, 24)));
            writer.writeCoded(PackedParameter.coded(FIVE_LEVELS, new float[] {0.7f}, codes(5, 7)));
            writer.writeRaw((first, block, count) -> {
                for (int i = 0; i < count; i++) {
                    block[i] = (first + i) * 0.5;
                }
            });
            writer.writeRaw((first, block, count) -> block[0] = block[1] = 0.25);
            writer.end();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }
}
