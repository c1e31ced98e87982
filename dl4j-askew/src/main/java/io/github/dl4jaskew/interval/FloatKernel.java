package io.github.dl4jaskew.interval;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rule on float32 memory: a block is copied from the native buffers, and small loops that HotSpot
 * vectorizes work on it. So there are no branches, a choice between two values is a weighted sum with weights
 * that are exactly 0 and 1, and no loop does everything: beyond some size HotSpot no longer vectorizes reliably.
 * {@link DoubleKernel} is the same for float64.
 */
final class FloatKernel {

    /** Adding and subtracting 1.5 * 2^23 rounds a float of magnitude below 2^22 to an integer. */
    private static final float ROUND = 0x1.8p23f;

    /** Takes any difference that float32 can show between numbers of the rule's size to at least 1. */
    private static final float SHARPEN = 0x1p100f;

    /** Stands for an unbounded restoring displacement: any weight reaches its level within it. */
    private static final float UNBOUNDED = 0x1p50f;

    private final float[] w = new float[HostKernel.BLOCK];
    private final float[] v = new float[HostKernel.BLOCK];
    private final float[] t = new float[HostKernel.BLOCK];
    private final float[] half = new float[HostKernel.BLOCK];
    private final float[] restoring = new float[HostKernel.BLOCK];
    private final float[] direction = new float[HostKernel.BLOCK];
    private final float[] keep = new float[HostKernel.BLOCK];
    private final HostMemory.FloatCursor cursor = new HostMemory.FloatCursor();

    /** Applies the rule to the elements {@code from <= i < to}. */
    void apply(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity, long from, long to) {
        boolean step = rule.stage() == Stage.STEP;
        boolean skews = rule.epsilon() < 1 && (step || rule.gamma() > 0);
        for (long first = from; first < to; first += HostKernel.BLOCK) {
            int n = (int) Math.min(HostKernel.BLOCK, to - first);
            cursor.at(weights, first).get(w, 0, n);
            cursor.at(velocity, first).get(v, 0, n);
            if (!isFinite(w, v, n)) {
                refuseInfinite("weight", w, n, first);
                refuseInfinite(step ? "update" : "gradient", v, n, first);
            }
            locate(rule, grid, first, n);
            if (skews) {
                skew(n, (float) rule.epsilon(), (float) rule.rho(), (float) rule.maxStep());
            }
            if (step) {
                clip(grid, first, n);
            }
            cursor.at(velocity, first).put(v, 0, n);
        }
    }

    /** Fills t with cell coordinates and half with half cells in units of v, channel by channel. */
    private void locate(SkewRule rule, ScaledGrid grid, long first, int n) {
        boolean step = rule.stage() == Stage.STEP;
        for (int i = 0; i < n; ) {
            int channel = grid.channels().of(first + i);
            int end = (int) Math.min(n, grid.channels().runEnd(first + i) - first);
            double unit = rule.unit(grid, channel);
            double perVelocity = step ? 1 : 1 / (rule.gamma() * unit);
            if (step && rule.cellPower() > 0) {
                multiply(v, (float) unit, i, end);
            }
            if (grid.grid().isUniform()) {
                locateUniform(grid, channel, perVelocity, i, end);
            } else {
                locateAny(grid.grid(), grid.scale(channel), perVelocity, i, end);
            }
            i = end;
        }
    }

    private static void multiply(float[] values, float factor, int from, int to) {
        for (int i = from; i < to; i++) {
            values[i] *= factor;
        }
    }

    private void locateUniform(ScaledGrid grid, int channel, double perVelocity, int from, int to) {
        int cells = grid.grid().size() - 1;
        double halfCell = SkewRule.meanHalfCell(grid, channel);
        float center = (float) (0.5 * (grid.level(channel, 0) + grid.level(channel, cells)));
        float inverse = (float) (0.5 / halfCell);
        // Counted from the centre, cells have whole numbers if their number is odd, else halves.
        float phase = cells % 2 == 0 ? 0.5f : 0;
        int lowest = -(cells / 2);
        int highest = (cells - 1) / 2;
        float halfPerVelocity = (float) (halfCell * perVelocity);
        for (int i = from; i < to; i++) {
            float y = (w[i] - center) * inverse - phase;
            float near = Math.max(lowest, Math.min(highest, y));
            float cell = (near + ROUND) - ROUND;
            t[i] = 2 * (y - cell);
            half[i] = halfPerVelocity;
        }
    }

    private void locateAny(Grid grid, double scale, double perVelocity, int from, int to) {
        for (int i = from; i < to; i++) {
            double x = w[i] / scale;
            int cell = grid.cell(x);
            double halfCell = 0.5 * (grid.level(cell + 1) - grid.level(cell));
            double middle = 0.5 * (grid.level(cell + 1) + grid.level(cell));
            t[i] = (float) ((x - middle) / halfCell);
            half[i] = (float) (halfCell * scale * perVelocity);
        }
    }

    private void skew(int n, float epsilon, float rho, float maxStep) {
        restore(t, restoring, direction, n, epsilon, rho);
        compare(v, half, restoring, direction, keep, n);
        choose(v, half, restoring, direction, keep, n, Math.min(maxStep, UNBOUNDED));
    }

    /** |K| before its clamp, in half cells, and its direction: -1 or +1, and 0 for a weight that moves freely. */
    private static void restore(float[] t, float[] restoring, float[] direction, int n, float epsilon, float rho) {
        for (int i = 0; i < n; i++) {
            float a = Math.abs(t[i]);
            float u = (1 - a) * (1 + a);
            float violation = Math.max(0, u * u - epsilon);
            restoring[i] = rho * violation / (4 * a * Math.abs(u) + Float.MIN_NORMAL);
            direction[i] = Math.min(1, violation * SHARPEN) * Math.max(-1, Math.min(1, t[i] * u * SHARPEN));
        }
    }

    /** 1 where the velocity stays as it is: the weight moves freely, or faster than K in its direction. */
    private static void compare(float[] v, float[] half, float[] restoring, float[] direction, float[] keep, int n) {
        for (int i = 0; i < n; i++) {
            float lead = -direction[i] * v[i] - half[i] * Math.min(restoring[i], UNBOUNDED);
            keep[i] = Math.max(Math.min(1, lead * SHARPEN), 1 - Math.abs(direction[i]));
        }
    }

    private static void choose(
            float[] v, float[] half, float[] restoring, float[] direction, float[] keep, int n, float limit) {
        for (int i = 0; i < n; i++) {
            float clamped = half[i] * Math.min(restoring[i], limit);
            v[i] = keep[i] * v[i] - (1 - keep[i]) * direction[i] * clamped;
        }
    }

    private void clip(ScaledGrid grid, long first, int n) {
        int top = grid.grid().size() - 1;
        for (int i = 0; i < n; ) {
            int channel = grid.channels().of(first + i);
            int end = (int) Math.min(n, grid.channels().runEnd(first + i) - first);
            float low = (float) grid.level(channel, 0);
            float high = (float) grid.level(channel, top);
            for (int j = i; j < end; j++) {
                v[j] = Math.max(w[j] - high, Math.min(w[j] - low, v[j]));
            }
            i = end;
        }
    }

    /** Whether all are finite; false too if a sum of two overflows. Eight sums, as one would wait for itself. */
    private static boolean isFinite(float[] w, float[] v, int n) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (; i + 8 <= n; i += 8) {
            s0 += (w[i] + v[i]) * 0;
            s1 += (w[i + 1] + v[i + 1]) * 0;
            s2 += (w[i + 2] + v[i + 2]) * 0;
            s3 += (w[i + 3] + v[i + 3]) * 0;
            s4 += (w[i + 4] + v[i + 4]) * 0;
            s5 += (w[i + 5] + v[i + 5]) * 0;
            s6 += (w[i + 6] + v[i + 6]) * 0;
            s7 += (w[i + 7] + v[i + 7]) * 0;
        }
        for (; i < n; i++) {
            s0 += (w[i] + v[i]) * 0;
        }
        return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 == 0;
    }

    private static void refuseInfinite(String what, float[] values, int n, long first) {
        for (int i = 0; i < n; i++) {
            if (!Float.isFinite(values[i])) {
                throw HostKernel.notFinite(what, first + i, values[i]);
            }
        }
    }
}
