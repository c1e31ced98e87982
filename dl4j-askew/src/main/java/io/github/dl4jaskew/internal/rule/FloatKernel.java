package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The kernel for float32; its passes are {@link FloatLoops}. {@link DoubleKernel} is the same for float64. */
final class FloatKernel extends BlockKernel {

    /** Stands for an unbounded restoring displacement: any weight reaches its level within it. */
    private static final float UNBOUNDED = 0x1p50f;

    private final HostMemory.FloatCursor weightCursor = new HostMemory.FloatCursor();
    private final HostMemory.FloatCursor velocityCursor = new HostMemory.FloatCursor();
    private @Nullable FloatBuffer weights;
    private @Nullable FloatBuffer velocities;
    private int opened;

    private final float[] w = new float[BLOCK];
    private final float[] v = new float[BLOCK];
    /** Cell coordinates, then |K|, then what has changed. */
    private final float[] t = new float[BLOCK];
    /** Buckets, or violations, then directions, then the result. */
    private final float[] d = new float[BLOCK];

    private final float[] inverse = new float[BLOCK];
    private final float[] unitHalf = new float[BLOCK];
    private final float[] unevenHalf = new float[BLOCK];
    private final float[] low = new float[BLOCK];
    private final float[] high = new float[BLOCK];
    private final float[] unit = new float[BLOCK];
    private final float[] eighth = new float[BLOCK / 8];

    @Override
    double ulp() {
        return 0x1p-23;
    }

    @Override
    CellTable table(Grid grid) {
        return CellTable.forFloats(grid);
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
            copy(channels.inverse, at, inverse, n);
            copy(channels.half, at, unitHalf, n);
            copy(channels.low, at, low, n);
            copy(channels.high, at, high, n);
            copy(channels.unit, at, unit, n);
        } else {
            spreadRuns(first, n);
        }
    }

    private static void copy(double[] from, int at, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = (float) from[at + i];
        }
    }

    private void spreadRuns(long first, int n) {
        ChannelTables c = channels;
        int channel = (int) (first / c.stride % c.count);
        long left = c.stride - first % c.stride;
        for (int i = 0; i < n; left = c.stride) {
            int end = (int) Math.min(n, i + left);
            float channelInverse = (float) c.inverse[channel];
            float channelHalf = (float) c.half[channel];
            float channelLow = (float) c.low[channel];
            float channelHigh = (float) c.high[channel];
            float channelUnit = (float) c.unit[channel];
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
        d[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }

    @Override
    void multiply(int n) {
        FloatLoops.multiply(v, unit, n);
    }

    @Override
    void locateInOneCell(int n) {
        FloatLoops.locateInOneCell(w, inverse, t, n, (float) middle);
    }

    @Override
    void locateInEvenCells(int n) {
        FloatLoops.locateInEvenCells(w, inverse, t, n, (float) middle, lowestCell, highestCell);
    }

    @Override
    void bucket(int n) {
        CellTable cells = Objects.requireNonNull(table);
        FloatLoops.bucket(
                w, inverse, t, d, n, (float) cells.bucketsPerUnit(), (float) cells.offset(), cells.lastBucket());
    }

    @Override
    void locateInBuckets(int n) {
        FloatLoops.locateInBuckets(t, d, unevenHalf, n, Objects.requireNonNull(table));
    }

    @Override
    void locateStepwise(int n) {
        FloatLoops.locateStepwise(t, d, unevenHalf, n, Objects.requireNonNull(table));
    }

    @Override
    void multiplyHalf(int n) {
        FloatLoops.multiply(unevenHalf, unitHalf, n);
    }

    @Override
    void violate(int n) {
        FloatLoops.violate(t, d, n, (float) epsilon);
    }

    @Override
    void restore(int n) {
        FloatLoops.restore(t, half(), t, d, n, (float) epsilon, (float) rho);
    }

    @Override
    void choose(int n) {
        FloatLoops.choose(v, t, d, half(), d, n, (float) Math.min(limit, UNBOUNDED));
    }

    private float[] half() {
        return table == null ? unitHalf : unevenHalf;
    }

    @Override
    void clipChosen(int n) {
        FloatLoops.clip(w, d, low, high, d, n);
    }

    @Override
    void clip(int n) {
        FloatLoops.clip(w, v, low, high, d, n);
    }

    @Override
    void keep(int n) {
        System.arraycopy(v, 0, d, 0, n);
    }

    @Override
    void clamp(int n) {
        FloatLoops.clamp(w, low, high, d, n);
    }

    @Override
    void scale(int n) {
        System.arraycopy(v, 0, d, 0, n);
        FloatLoops.multiply(d, unit, n);
    }

    @Override
    void compare(int n) {
        FloatLoops.compare(w, v, d, t, n);
    }

    @Override
    double sumOfViolations(int n) {
        return FloatLoops.sum(d, eighth, n);
    }

    @Override
    double sumOfChanges(int n) {
        return FloatLoops.sum(t, eighth, n);
    }
}
