package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;
import java.nio.DoubleBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The kernel for float64; its passes are {@link DoubleLoops}. {@link FloatKernel} is the same for float32. */
final class DoubleKernel extends BlockKernel {

    /** Stands for an unbounded restoring displacement: any weight reaches its level within it. */
    private static final double UNBOUNDED = 0x1p300;

    private final HostMemory.DoubleCursor weightCursor = new HostMemory.DoubleCursor();
    private final HostMemory.DoubleCursor velocityCursor = new HostMemory.DoubleCursor();
    private @Nullable DoubleBuffer weights;
    private @Nullable DoubleBuffer velocities;
    private int opened;

    private final double[] w = new double[BLOCK];
    private final double[] v = new double[BLOCK];
    /** Cell coordinates, then |K|, then what has changed. */
    private final double[] t = new double[BLOCK];
    /** Buckets, or violations, then directions, then the result. */
    private final double[] d = new double[BLOCK];

    private final double[] inverse = new double[BLOCK];
    private final double[] unitHalf = new double[BLOCK];
    private final double[] unevenHalf = new double[BLOCK];
    private final double[] low = new double[BLOCK];
    private final double[] high = new double[BLOCK];
    private final double[] unit = new double[BLOCK];
    private final double[] eighth = new double[BLOCK / 8];

    @Override
    double ulp() {
        return 0x1p-52;
    }

    @Override
    CellTable table(Grid grid) {
        return CellTable.forDoubles(grid);
    }

    @Override
    void open(INDArray weights, INDArray velocity, long first) {
        this.weights = weightCursor.window(weights, first);
        this.velocities = velocityCursor.window(velocity, first);
        opened = (int) (first % HostMemory.WINDOW);
    }

    @Override
    void load(int at, int n) {
        Objects.requireNonNull(weights).get(opened + at, w, 0, n);
        Objects.requireNonNull(velocities).get(opened + at, v, 0, n);
    }

    @Override
    void store(int at, int n) {
        Objects.requireNonNull(velocities).put(opened + at, d, 0, n);
    }

    @Override
    void spread(long first, int n) {
        if (channels.stride == 1 && channels.count > 1) {
            int at = (int) (first % channels.count);
            System.arraycopy(channels.inverse, at, inverse, 0, n);
            System.arraycopy(channels.half, at, unitHalf, 0, n);
            System.arraycopy(channels.low, at, low, 0, n);
            System.arraycopy(channels.high, at, high, 0, n);
            System.arraycopy(channels.unit, at, unit, 0, n);
        } else {
            spreadRuns(first, n);
        }
    }

    private void spreadRuns(long first, int n) {
        ChannelTables c = channels;
        int channel = (int) (first / c.stride % c.count);
        long left = c.stride - first % c.stride;
        for (int i = 0; i < n; left = c.stride) {
            int end = (int) Math.min(n, i + left);
            double channelInverse = c.inverse[channel];
            double channelHalf = c.half[channel];
            double channelLow = c.low[channel];
            double channelHigh = c.high[channel];
            double channelUnit = c.unit[channel];
            for (; i < end; i++) {
                inverse[i] = channelInverse;
                unitHalf[i] = channelHalf;
                low[i] = channelLow;
                high[i] = channelHigh;
                unit[i] = channelUnit;
            }
            channel = channel + 1 == c.count ? 0 : channel + 1;
        }
    }

    @Override
    double weight(int i) {
        return w[i];
    }

    @Override
    double velocity(int i) {
        return v[i];
    }

    @Override
    void setResult(int i, double value) {
        d[i] = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
    }

    @Override
    void multiply(int n) {
        DoubleLoops.multiply(v, unit, n);
    }

    @Override
    void locateInOneCell(int n) {
        DoubleLoops.locateInOneCell(w, inverse, t, n, middle);
    }

    @Override
    void locateInEvenCells(int n) {
        DoubleLoops.locateInEvenCells(w, inverse, t, n, middle, lowestCell, highestCell);
    }

    @Override
    void bucket(int n) {
        CellTable cells = Objects.requireNonNull(table);
        DoubleLoops.bucket(w, inverse, t, d, n, cells.bucketsPerUnit(), cells.offset(), cells.lastBucket());
    }

    @Override
    void locateInBuckets(int n) {
        DoubleLoops.locateInBuckets(t, d, unevenHalf, n, Objects.requireNonNull(table));
    }

    @Override
    void locateStepwise(int n) {
        DoubleLoops.locateStepwise(t, d, unevenHalf, n, Objects.requireNonNull(table));
    }

    @Override
    void multiplyHalf(int n) {
        DoubleLoops.multiply(unevenHalf, unitHalf, n);
    }

    @Override
    void violate(int n) {
        DoubleLoops.violate(t, d, n, epsilon);
    }

    @Override
    void restore(int n) {
        DoubleLoops.restore(t, half(), t, d, n, epsilon, rho);
    }

    @Override
    void choose(int n) {
        DoubleLoops.choose(v, t, d, half(), d, n, Math.min(limit, UNBOUNDED));
    }

    private double[] half() {
        return table == null ? unitHalf : unevenHalf;
    }

    @Override
    void clipChosen(int n) {
        DoubleLoops.clip(w, d, low, high, d, n);
    }

    @Override
    void clip(int n) {
        DoubleLoops.clip(w, v, low, high, d, n);
    }

    @Override
    void keep(int n) {
        System.arraycopy(v, 0, d, 0, n);
    }

    @Override
    void clamp(int n) {
        DoubleLoops.clamp(w, low, high, d, n);
    }

    @Override
    void scale(int n) {
        System.arraycopy(v, 0, d, 0, n);
        DoubleLoops.multiply(d, unit, n);
    }

    @Override
    void compare(int n) {
        DoubleLoops.compare(w, v, d, t, n);
    }

    @Override
    double sumOfViolations(int n) {
        return DoubleLoops.sum(d, eighth, n);
    }

    @Override
    double sumOfChanges(int n) {
        return DoubleLoops.sum(t, eighth, n);
    }
}
