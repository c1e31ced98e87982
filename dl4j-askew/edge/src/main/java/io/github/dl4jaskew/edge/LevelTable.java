package io.github.dl4jaskew.edge;

import java.util.List;

/** {@code s min(n, max(m, floor(x r + 1/2)))}, in float32, as DL4J rounds it there. */
final class LevelTable implements Step {

    private final int size;
    private final float rate;
    private final float step;
    private final float most;
    private final float least;

    /** Takes the clip, n and m. */
    LevelTable(List<Double> arguments, int size) {
        double clip = arguments.get(0);
        double n = arguments.get(1);
        boolean vanishes = !(n / clip <= Float.MAX_VALUE);
        this.size = size;
        this.rate = vanishes ? 1 : (float) (n / clip);
        this.step = vanishes ? 0 : (float) (clip / n);
        this.most = (float) n;
        this.least = arguments.get(2).floatValue();
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        for (int i = 0; i < size; i++) {
            float code = (float) Math.floor(in[i] * rate + 0.5f);
            out[i] = Math.min(most, Math.max(least, code)) * step;
        }
    }
}
