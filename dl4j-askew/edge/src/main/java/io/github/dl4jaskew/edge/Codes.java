package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.Coding;
import io.github.dl4jaskew.packed.PackedCodes;

/** The codes of a layer, those of a unit or output channel side by side, with one scale for each of them or for all. */
final class Codes {

    private final Coding coding;
    private final PackedCodes packed;
    private final float[] scales;

    Codes(Coding coding, PackedCodes packed, float[] scales) {
        this.coding = coding;
        this.packed = packed;
        this.scales = scales;
    }

    float[] levels() {
        float[] levels = new float[coding.levels().size()];
        for (int k = 0; k < levels.length; k++) {
            levels[k] = coding.levels().get(k).floatValue();
        }
        return levels;
    }

    float scale(int unit) {
        return scales[scales.length == 1 ? 0 : unit];
    }

    /** The first {@code count} bytes of {@code target} become the codes from an element on. */
    void get(long from, byte[] target, int count) {
        packed.get(from, target, 0, count);
    }
}
