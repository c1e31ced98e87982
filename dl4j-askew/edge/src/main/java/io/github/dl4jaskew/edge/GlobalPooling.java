package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.PoolingKind;

/** Pooling of each channel of an image to one number. */
final class GlobalPooling implements Step {

    private final int channels;
    private final int pixels;
    private final PoolingKind kind;
    private final int power;

    GlobalPooling(Extent input, PoolingKind kind, int power) {
        this.channels = input.channels();
        this.pixels = input.pixels();
        this.kind = kind;
        this.power = power;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        run(in, out, scratch, pixels);
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch, int length) {
        for (int c = 0; c < channels; c++) {
            int from = c * pixels;
            out[c] = kind == PoolingKind.MAX ? max(in, from, from + length) : sum(in, from, length);
        }
    }

    private static float max(float[] in, int from, int to) {
        float max = in[from];
        for (int i = from + 1; i < to; i++) {
            max = Math.max(max, in[i]);
        }
        return max;
    }

    private float sum(float[] in, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += kind == PoolingKind.NORM ? Math.pow(Math.abs(in[i]), power) : in[i];
        }
        // No switch: it would put another class into the small jar.
        if (kind == PoolingKind.NORM) {
            return (float) Math.pow(sum, 1.0 / power);
        }
        return (float) (kind == PoolingKind.MEAN ? sum / count : sum);
    }
}
