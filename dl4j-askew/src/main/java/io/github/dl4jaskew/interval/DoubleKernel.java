package io.github.dl4jaskew.interval;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rule on float64 memory, made like {@link FloatKernel}: Java has no generics over primitives, and computing
 * floats at double width would cost the float kernel half of its speed.
 */
final class DoubleKernel {

    /** Adding and subtracting 1.5 * 2^52 rounds a double of magnitude below 2^51 to an integer. */
    private static final double ROUND = 0x1.8p52;

    /** Takes any difference that float64 can show between numbers of the rule's size to at least 1. */
    private static final double SHARPEN = 0x1p500;

    /** Stands for an unbounded restoring displacement: any weight reaches its level within it. */
    private static final double UNBOUNDED = 0x1p300;

    private final double[] w = new double[HostKernel.BLOCK];
    private final double[] v = new double[HostKernel.BLOCK];
    private final double[] t = new double[HostKernel.BLOCK];
    private final double[] half = new double[HostKernel.BLOCK];
    private final double[] restoring = new double[HostKernel.BLOCK];
    private final double[] direction = new double[HostKernel.BLOCK];
    private final double[] keep = new double[HostKernel.BLOCK];
    private final HostMemory.DoubleCursor cursor = new HostMemory.DoubleCursor();

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
                skew(n, rule.epsilon(), rule.rho(), rule.maxStep());
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
                multiply(v, unit, i, end);
            }
            if (grid.grid().isUniform()) {
                locateUniform(grid, channel, perVelocity, i, end);
            } else {
                locateAny(grid.grid(), grid.scale(channel), perVelocity, i, end);
            }
            i = end;
        }
    }

    private static void multiply(double[] values, double factor, int from, int to) {
        for (int i = from; i < to; i++) {
            values[i] *= factor;
        }
    }

    private void locateUniform(ScaledGrid grid, int channel, double perVelocity, int from, int to) {
        int cells = grid.grid().size() - 1;
        double halfCell = SkewRule.meanHalfCell(grid, channel);
        double center = (0.5 * (grid.level(channel, 0) + grid.level(channel, cells)));
        double inverse = (0.5 / halfCell);
        // Counted from the centre, cells have whole numbers if their number is odd, else halves.
        double phase = cells % 2 == 0 ? 0.5 : 0;
        int lowest = -(cells / 2);
        int highest = (cells - 1) / 2;
        double halfPerVelocity = (halfCell * perVelocity);
        for (int i = from; i < to; i++) {
            double y = (w[i] - center) * inverse - phase;
            double near = Math.max(lowest, Math.min(highest, y));
            double cell = (near + ROUND) - ROUND;
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
            t[i] = ((x - middle) / halfCell);
            half[i] = (halfCell * scale * perVelocity);
        }
    }

    private void skew(int n, double epsilon, double rho, double maxStep) {
        restore(t, restoring, direction, n, epsilon, rho);
        compare(v, half, restoring, direction, keep, n);
        choose(v, half, restoring, direction, keep, n, Math.min(maxStep, UNBOUNDED));
    }

    /** |K| before its clamp, in half cells, and its direction: -1 or +1, and 0 for a weight that moves freely. */
    private static void restore(double[] t, double[] restoring, double[] direction, int n, double epsilon, double rho) {
        for (int i = 0; i < n; i++) {
            double a = Math.abs(t[i]);
            double u = (1 - a) * (1 + a);
            double violation = Math.max(0, u * u - epsilon);
            restoring[i] = rho * violation / (4 * a * Math.abs(u) + Double.MIN_NORMAL);
            direction[i] = Math.min(1, violation * SHARPEN) * Math.max(-1, Math.min(1, t[i] * u * SHARPEN));
        }
    }

    /** 1 where the velocity stays as it is: the weight moves freely, or faster than K in its direction. */
    private static void compare(
            double[] v, double[] half, double[] restoring, double[] direction, double[] keep, int n) {
        for (int i = 0; i < n; i++) {
            double lead = -direction[i] * v[i] - half[i] * Math.min(restoring[i], UNBOUNDED);
            keep[i] = Math.max(Math.min(1, lead * SHARPEN), 1 - Math.abs(direction[i]));
        }
    }

    private static void choose(
            double[] v, double[] half, double[] restoring, double[] direction, double[] keep, int n, double limit) {
        for (int i = 0; i < n; i++) {
            double clamped = half[i] * Math.min(restoring[i], limit);
            v[i] = keep[i] * v[i] - (1 - keep[i]) * direction[i] * clamped;
        }
    }

    private void clip(ScaledGrid grid, long first, int n) {
        int top = grid.grid().size() - 1;
        for (int i = 0; i < n; ) {
            int channel = grid.channels().of(first + i);
            int end = (int) Math.min(n, grid.channels().runEnd(first + i) - first);
            double low = grid.level(channel, 0);
            double high = grid.level(channel, top);
            for (int j = i; j < end; j++) {
                v[j] = Math.max(w[j] - high, Math.min(w[j] - low, v[j]));
            }
            i = end;
        }
    }

    /** Whether all are finite; false too if a sum of two overflows. Eight sums, as one would wait for itself. */
    private static boolean isFinite(double[] w, double[] v, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
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

    private static void refuseInfinite(String what, double[] values, int n, long first) {
        for (int i = 0; i < n; i++) {
            if (!Double.isFinite(values[i])) {
                throw HostKernel.notFinite(what, first + i, values[i]);
            }
        }
    }
}
