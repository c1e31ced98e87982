package io.github.dl4jaskew.edge;

import java.util.Arrays;

/** A recurrent layer over the columns of its input: an LSTM, or one without gates. */
final class Recurrent implements Step {

    private final int inputs;
    private final int units;
    private final int time;
    private final FloatDense ofInput;
    private final FloatDense ofState;
    private final Elementwise cell;
    private final Elementwise gate;
    private final boolean gated;

    /** Takes the products, of which only the first has a bias; {@code gate} is for the three gates at once. */
    Recurrent(Extent input, int units, FloatDense ofInput, FloatDense ofState, Elementwise cell, Elementwise gate) {
        this.inputs = input.channels();
        this.units = units;
        this.time = input.width();
        this.ofInput = ofInput;
        this.ofState = ofState;
        this.cell = cell;
        this.gate = gate;
        this.gated = gate.size() > 0;
    }

    /** Input, both products, state, cell, gates, and what the products need. */
    @Override
    public float[][] scratch() {
        int rows = units + gate.size();
        return new float[][] {
            new float[inputs],
            new float[rows],
            new float[rows],
            new float[units],
            new float[units],
            new float[gate.size()],
            ofInput.scratch()[0],
            ofState.scratch()[0]
        };
    }

    @Override
    public long cost() {
        return (ofInput.cost() + ofState.cost()) * time;
    }

    @Override
    public long bytes() {
        return ofInput.bytes() + ofState.bytes();
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        run(in, out, scratch, time);
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch, int length) {
        Arrays.fill(out, 0, units * time, 0);
        float[] x = scratch[0];
        float[] sum = scratch[1];
        float[] product = scratch[2];
        float[] state = scratch[3];
        Arrays.fill(state, 0);
        Arrays.fill(scratch[4], 0);
        for (int t = 0; t < length; t++) {
            Step.honourInterrupts(cost());
            for (int i = 0; i < inputs; i++) {
                x[i] = in[i * time + t];
            }
            ofInput.run(x, sum, scratch[6]);
            ofState.run(state, product, scratch[7]);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += product[i];
            }
            if (gated) {
                gates(sum, scratch[4], scratch[5], state);
            } else {
                cell.run(sum, state, scratch);
            }
            for (int i = 0; i < units; i++) {
                out[i * time + t] = state[i];
            }
        }
    }

    /** The sum holds candidate, forget, output and input gate. */
    private void gates(float[] sum, float[] memory, float[] gates, float[] state) {
        cell.run(sum, sum, NO_SCRATCH);
        System.arraycopy(sum, units, gates, 0, gates.length);
        gate.run(gates, gates, NO_SCRATCH);
        for (int i = 0; i < units; i++) {
            memory[i] = gates[i] * memory[i] + gates[2 * units + i] * sum[i];
        }
        cell.run(memory, state, NO_SCRATCH);
        for (int i = 0; i < units; i++) {
            state[i] *= gates[units + i];
        }
    }
}
