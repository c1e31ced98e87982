package io.github.dl4jaskew.interval;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rule on float32 memory: a block is copied from the native buffers, and four simple loops that
 * HotSpot can vectorize work on it. So there are no branches, and a choice between two values is a weighted
 * sum with weights that are exactly 0 and 1. {@link DoubleKernel} is the same for float64.
 */
final class FloatKernel {

    /** Adding and subtracting 1.5 * 2^23 rounds a float of magnitude below 2^22 to an integer. */
    private static final float ROUND = 0x1.8p23f;

    /** Takes any difference that float32 can show between numbers of the rule's size to at least 1. */
    private static final float SHARPEN = 0x1p100f;

    /** Above every displacement, so that a feasible weight never has a restoring one to reach. */
    private static final float FAR = Float.MAX_VALUE;

    /** Stands for an unbounded restoring displacement: any weight reaches its level within it. */
    private static final float UNBOUNDED = 0x1p50f;

    private final float[] w = new float[HostKernel.BLOCK];
    private final float[] v = new float[HostKernel.BLOCK];
    private final float[] t = new float[HostKernel.BLOCK];
    private final float[] half = new float[HostKernel.BLOCK];
    private final HostMemory.FloatCursor cursor = new HostMemory.FloatCursor();

    /** Applies the rule to the elements {@code from <= i < to}. */
    void apply(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity, long from, long to) {
        boolean step = rule.stage() == Stage.STEP;
        boolean skews = rule.epsilon() < 1 && (step || rule.gamma() > 0);
        for (long first = from; first < to; first += HostKernel.BLOCK) {
            int n = (int) Math.min(HostKernel.BLOCK, to - first);
            cursor.at(weights, first).get(w, 0, n);
            cursor.at(velocity, first).get(v, 0, n);
            requireFinite("weight", w, n, first);
            requireFinite(step ? "update" : "gradient", v, n, first);
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
        float limit = Math.min(maxStep, UNBOUNDED);
        for (int i = 0; i < n; i++) {
            float a = Math.abs(t[i]);
            float u = (1 - a) * (1 + a);
            float violation = u * u - epsilon;
            // 0 where the weight is infeasible and off the middle, -1 elsewhere
            float free = Math.min(0, Math.min(violation, a) * SHARPEN - 1);
            free = Math.max(-1, free);
            float k = rho * Math.max(0, violation) / (4 * a * Math.abs(u) + Float.MIN_NORMAL);
            float restoring = half[i] * Math.min(k, UNBOUNDED) + free * FAR;
            float clamped = half[i] * Math.min(k, limit);
            // sign(t) where |t| < 1 and -sign(t) beyond: the direction of K
            float direction = Math.max(-1, Math.min(1, t[i] * u * SHARPEN));
            float outward = -direction * v[i];
            float keep = Math.max(0, Math.min(1, (outward - restoring) * SHARPEN));
            v[i] = keep * v[i] - (1 - keep) * direction * clamped;
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

    private static void requireFinite(String what, float[] values, int n, long first) {
        float largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        if (!(largest <= Float.MAX_VALUE)) {
            for (int i = 0; i < n; i++) {
                if (!Float.isFinite(values[i])) {
                    throw HostKernel.notFinite(what, first + i, values[i]);
                }
            }
        }
    }
}
