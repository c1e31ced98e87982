package io.github.dl4jaskew.grid;

import java.util.function.ToDoubleFunction;

/** Magnitude statistics of the weights of each channel, gathered in one pass and in double. */
final class WeightMoments {

    /** The statistics of one channel. */
    record Channel(double max, double meanAbs, double rootMeanSquare) {}

    private final Channel[] channels;

    private WeightMoments(Channel[] channels) {
        this.channels = channels;
    }

    static WeightMoments of(Weights weights, Channels layout) {
        int count = layout.count();
        double[] max = new double[count];
        double[] sum = new double[count];
        double[] squares = new double[count];
        long size = weights.size();
        for (long start = 0; start < size; ) {
            int c = layout.of(start);
            long end = Math.min(size, layout.runEnd(start));
            for (long i = start; i < end; i++) {
                double magnitude = Math.abs(finite(weights, i));
                max[c] = Math.max(max[c], magnitude);
                sum[c] += magnitude;
                squares[c] += magnitude * magnitude;
            }
            start = end;
        }
        double n = (double) size / count;
        Channel[] channels = new Channel[count];
        for (int c = 0; c < count; c++) {
            channels[c] = new Channel(max[c], sum[c] / n, Math.sqrt(squares[c] / n));
        }
        return new WeightMoments(channels);
    }

    double[] map(ToDoubleFunction<Channel> scale) {
        double[] scales = new double[channels.length];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = scale.applyAsDouble(channels[c]);
        }
        return scales;
    }

    private static double finite(Weights weights, long i) {
        double w = weights.at(i);
        if (!Double.isFinite(w)) {
            throw new IllegalArgumentException("weight " + i + " is " + w + "; weights must be finite");
        }
        return w;
    }
}
