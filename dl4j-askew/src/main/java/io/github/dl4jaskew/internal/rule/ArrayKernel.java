package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;
import java.util.function.IntToDoubleFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The rule as a chain of ND4J operations, for memory that the host cannot address and for half
 * precision (which is computed in float). Slower than the host kernels, and it allocates.
 */
final class ArrayKernel {

    /** Stands for an unbounded restoring displacement: any weight reaches its level within it. */
    private static final double UNBOUNDED = 1e15;

    private final SkewRule rule;
    private final ScaledGrid grid;
    private final DataType type;
    private final long length;

    private ArrayKernel(SkewRule rule, ScaledGrid grid, DataType type, long length) {
        this.rule = rule;
        this.grid = grid;
        this.type = type;
        this.length = length;
    }

    static void apply(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity) {
        DataType type = weights.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
        INDArray w = flat(weights, weights.ordering(), type);
        INDArray v = flat(velocity, weights.ordering(), type);
        requireFinite("weight", w);
        requireFinite(rule.stage() == Stage.STEP ? "update" : "gradient", v);
        INDArray skewed = new ArrayKernel(rule, grid, type, w.length()).skewed(w, v);
        velocity.assign(skewed.reshape(weights.ordering(), velocity.shape()));
    }

    private INDArray skewed(INDArray w, INDArray velocity) {
        boolean step = rule.stage() == Stage.STEP;
        INDArray unit = perElement(c -> rule.unit(grid, c));
        INDArray v = step && rule.cellPower() > 0 ? velocity.mul(unit) : velocity;
        if (rule.epsilon() < 1 && (step || rule.gamma() > 0)) {
            v = restored(w, v, step ? unit.mul(0).addi(1) : unit.rdiv(1 / rule.gamma()));
        }
        if (step) {
            v = Transforms.min(v, w.sub(perElement(c -> rule.low(grid, c))));
            v = Transforms.max(v, w.sub(perElement(c -> rule.high(grid, c))));
        }
        return v;
    }

    /** The rule proper; perVelocity turns a displacement of the weight into one of v. */
    private INDArray restored(INDArray w, INDArray v, INDArray perVelocity) {
        INDArray x = w.div(perElement(grid::scale));
        Grid levels = grid.grid();
        INDArray half = x.mul(0).addi(halfCell(0));
        INDArray middle = x.mul(0).addi(middle(0));
        for (int i = 1; i < levels.size() - 1; i++) {
            INDArray above = x.gte(levels.level(i)).castTo(type);
            // A choice, not a sum of differences: the middle of the central cell must be exactly 0.
            INDArray below = above.rsub(1);
            half.muli(below).addi(above.mul(halfCell(i)));
            middle.muli(below).addi(above.mul(middle(i)));
        }
        INDArray t = x.sub(middle).divi(half);
        half.muli(perElement(grid::scale)).muli(perVelocity);

        INDArray u = t.mul(t).rsubi(1);
        double rounding = ChannelTables.rounding(levels, type == DataType.DOUBLE ? 0x1p-52 : 0x1p-23);
        INDArray violation = u.mul(u).subi(Math.max(rule.epsilon(), rounding));
        INDArray infeasible = violation.gt(0).castTo(type).muli(t.neq(0).castTo(type));
        INDArray slope = t.mul(u).muli(4);
        // Where the weight is feasible the quotient is not used; keep it finite.
        slope.addi(infeasible.rsub(1));
        INDArray k = violation.mul(infeasible).muli(rule.rho()).divi(slope);
        double limit = Math.min(rule.maxStep(), UNBOUNDED);
        INDArray clamped = Transforms.max(Transforms.min(k, limit), -limit).mul(half);
        INDArray outward = v.neg().muli(Transforms.sign(t.mul(u)));
        INDArray slow =
                outward.subi(Transforms.abs(k.muli(half))).lte(0).castTo(type).muli(infeasible);
        return v.mul(slow.rsub(1)).subi(clamped.muli(slow));
    }

    private double halfCell(int cell) {
        return 0.5 * (grid.grid().level(cell + 1) - grid.grid().level(cell));
    }

    private double middle(int cell) {
        return 0.5 * (grid.grid().level(cell + 1) + grid.grid().level(cell));
    }

    private INDArray perElement(IntToDoubleFunction ofChannel) {
        Channels channels = grid.channels();
        double[] values = new double[channels.count()];
        for (int c = 0; c < values.length; c++) {
            values[c] = ofChannel.applyAsDouble(c);
        }
        long stride = channels.count() == 1 ? 1 : channels.stride();
        long outer = length / (stride * values.length);
        return Nd4j.createFromArray(values)
                .castTo(type)
                .reshape(1, values.length, 1)
                .broadcast(outer, values.length, stride)
                .dup('c')
                .reshape(length);
    }

    private static INDArray flat(INDArray array, char order, DataType type) {
        // The array: reshape(order, length) would be reshape(long, long).
        return array.castTo(type).dup(order).reshape(order, new long[] {array.length()});
    }

    private static void requireFinite(String what, INDArray values) {
        // A sum can overflow although every element is finite, so it only raises the suspicion.
        if (Double.isFinite(values.sumNumber().doubleValue())) {
            return;
        }
        for (long i = 0; i < values.length(); i++) {
            NotFiniteException.require(what, i, values.getDouble(i));
        }
    }
}
