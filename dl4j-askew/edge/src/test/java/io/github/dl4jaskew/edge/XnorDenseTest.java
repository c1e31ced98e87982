package io.github.dl4jaskew.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.packed.Coding;
import io.github.dl4jaskew.packed.PackedCodes;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signs times signs are counted exactly, whatever the number of inputs. */
class XnorDenseTest {

    private static final int OUTPUTS = 5;
    private static final float LEVEL = 0.75f;

    private final Random random = new Random(3);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 128, 191, 255, 256, 257, 784})
    void sumsAreExact(int inputs) {
        float[] scales = {0.5f, 1, 3, 0.1f, 7};
        float[] bias = {1, -2, 0, 4, 0.5f};
        PackedCodes.Builder builder = new PackedCodes.Builder(2, (long) inputs * OUTPUTS);
        int[][] weights = new int[OUTPUTS][inputs];
        for (int[] row : weights) {
            for (int i = 0; i < inputs; i++) {
                int code = random.nextInt(2);
                builder.add(code);
                row[i] = 2 * code - 1;
            }
        }
        PackedCodes packed = builder.build();
        Coding coding = new Coding(List.of((double) -LEVEL, (double) LEVEL), packed.packing(), OUTPUTS, inputs);
        XnorDense dense = new XnorDense(inputs, OUTPUTS, new Codes(coding, packed, scales), Affine.bias(OUTPUTS, bias));

        float[] x = new float[inputs + 3];
        Arrays.fill(x, Float.NaN); // what lies beyond the inputs is not read
        float[] expected = new float[OUTPUTS];
        for (int i = 0; i < inputs; i++) {
            x[i] = random.nextBoolean() ? 1 : -1;
            for (int j = 0; j < OUTPUTS; j++) {
                expected[j] += weights[j][i] * x[i];
            }
        }
        for (int j = 0; j < OUTPUTS; j++) {
            expected[j] = expected[j] * (float) ((double) scales[j] * LEVEL) + bias[j];
        }
        float[] out = new float[OUTPUTS];
        dense.run(x, out, dense.scratch());
        assertThat(out).containsExactly(expected);

        x[inputs / 2] = Float.NaN;
        dense.run(x, out, dense.scratch());
        assertThat(out).containsOnly(Float.NaN);
    }
}
