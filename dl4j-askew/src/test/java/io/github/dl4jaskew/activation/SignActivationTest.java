package io.github.dl4jaskew.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SignActivationTest {

    private static final float[] X = {-9, -1, -0.5f, -1e-30f, -0f, 0, 1e-30f, 0.5f, 1, 9, Float.POSITIVE_INFINITY};

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"HALF", "FLOAT", "DOUBLE"})
    void isOneAtZeroAndNeverAnythingButPlusMinusOne(DataType type) {
        INDArray x = Nd4j.createFromArray(X).castTo(type).reshape(1, X.length);
        INDArray y = SignActivation.tanh().getActivation(x, true);
        assertThat(y).isSameAs(x);
        // 1e-30 is 0 in half precision
        float tiny = type == DataType.FLOAT16 ? 1 : -1;
        assertThat(y.castTo(DataType.FLOAT).toFloatVector()).containsExactly(-1, -1, -1, tiny, 1, 1, 1, 1, 1, 1, 1);
    }

    @Test
    void nanStaysNan() {
        INDArray y = SignActivation.clipped().getActivation(Nd4j.createFromArray(Float.NaN, 1f), false);
        assertThat(y.toFloatVector()).containsExactly(Float.NaN, 1);
    }

    @Test
    void gradientOfTanhIsThatOfItsDifferences() {
        double h = 1e-6;
        for (double x = -3; x <= 3; x += 0.25) {
            double slope = (Math.tanh(x + h) - Math.tanh(x - h)) / (2 * h);
            assertThat(gradient(SignActivation.tanh(), x)).isCloseTo(2 * slope, offset(1e-8));
        }
    }

    @Test
    void clippedGradientIsOneWithinOne() {
        for (double x : new double[] {-1, -0.3, 0, 1}) {
            assertThat(gradient(SignActivation.clipped(), x)).isEqualTo(2);
        }
        for (double x : new double[] {-1.001, 1.001, 40}) {
            assertThat(gradient(SignActivation.clipped(), x)).isZero();
        }
    }

    private static double gradient(SignActivation sign, double x) {
        INDArray in = Nd4j.createFromArray(x).reshape(1, 1);
        return sign.backprop(in, Nd4j.createFromArray(2.0).reshape(1, 1))
                .getFirst()
                .getDouble(0);
    }

    @Test
    void saysItsGradient() {
        assertThat(SignActivation.tanh()).hasToString("A1(tanh)").isNotEqualTo(SignActivation.clipped());
        assertThat(SignActivation.clipped()).hasToString("A1(clipped)").isEqualTo(SignActivation.clipped());
    }
}
