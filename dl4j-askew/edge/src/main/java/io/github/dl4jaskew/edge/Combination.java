package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.CombinationKind;
import java.util.List;

/** Makes one array of several that were kept. */
final class Combination implements Step {

    private final CombinationKind kind;
    private final List<Kept> parts;

    Combination(CombinationKind kind, List<Kept> parts) {
        this.kind = kind;
        this.parts = parts;
    }

    @Override
    public List<Kept> sources() {
        return parts;
    }

    @Override
    public long cost() {
        return (long) parts.size() * parts.get(0).shape().size();
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        int at = 0;
        for (int p = 0; p < scratch.length; p++) {
            Step.honourInterrupts(cost());
            float[] part = scratch[p];
            int size = parts.get(p).shape().size();
            if (p == 0 || kind == CombinationKind.CONCAT) {
                System.arraycopy(part, 0, out, at, size);
                at += size;
            } else {
                for (int i = 0; i < size; i++) {
                    out[i] = both(out[i], part[i]);
                }
            }
        }
        if (kind == CombinationKind.AVERAGE) {
            for (int i = 0; i < at; i++) {
                out[i] /= scratch.length;
            }
        }
    }

    private float both(float a, float b) {
        // No switch: it would put another class into the small jar.
        if (kind == CombinationKind.MAX) {
            return Math.max(a, b);
        } else if (kind == CombinationKind.PRODUCT) {
            return a * b;
        }
        return kind == CombinationKind.SUBTRACT ? a - b : a + b;
    }
}
