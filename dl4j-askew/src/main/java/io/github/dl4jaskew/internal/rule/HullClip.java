package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What surrounds the rule at stage GRADIENT: the unit of the learning rate and the clip to the hull. Thread safe. */
public final class HullClip {

    private HullClip() {}

    /**
     * Multiplies a velocity by the mean half cell of its channel to a power, {@code v_i <- v_i h_c^power}.
     *
     * @param power 0 to 2
     * @param grid the levels; its channels are laid out in the memory order of {@code velocity}
     * @param velocity changed in place
     * @throws IllegalArgumentException if the power is out of range or a velocity is NaN or infinite
     */
    public static void multiply(int power, ScaledGrid grid, INDArray velocity) {
        SkewRule units = new SkewRule(1, 0, 1, Stage.STEP, 1, power);
        if (HostMemory.reaches(velocity) && HostMemory.isDense(velocity)) {
            HostKernel.multiply(units, grid, velocity);
            return;
        }
        new ArrayWeights(velocity).replaceAll((i, v) -> {
            NotFiniteException.require("update", i, v);
            return v * units.unit(grid, grid.channels().of(i));
        });
    }

    /**
     * Moves weights beyond the hull to its ends: {@code w_i <- max(c_1, min(c_K, w_i))}.
     *
     * @param grid the levels; its channels are laid out in the memory order of {@code weights}
     * @param weights changed in place
     * @throws IllegalArgumentException if a weight is NaN or infinite; the message names the element
     */
    public static void clip(ScaledGrid grid, INDArray weights) {
        if (HostMemory.reaches(weights) && HostMemory.isDense(weights)) {
            HostKernel.clip(grid, weights);
            return;
        }
        int top = grid.grid().size() - 1;
        new ArrayWeights(weights).replaceAll((i, w) -> {
            NotFiniteException.require("weight", i, w);
            int channel = grid.channels().of(i);
            return Math.max(grid.level(channel, 0), Math.min(grid.level(channel, top), w));
        });
    }
}
