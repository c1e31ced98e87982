package io.github.dl4jaskew.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationPReLU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class QuantizedActivationTest {

    /** sin i + sin(3.7 i) / 2: the golden numbers below were computed from it with NumPy. */
    private static INDArray wave(DataType type) {
        double[] x = new double[1000];
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.sin(i) + 0.5 * Math.sin(3.7 * i);
        }
        return Nd4j.createFromArray(x).castTo(type).reshape(20, 50);
    }

    private static double[] codes(INDArray y, double step) {
        return Arrays.stream(y.dup('c').data().asDouble())
                .map(v -> {
                    assertThat(v / step).isCloseTo(Math.rint(v / step), offset(1e-3));
                    return Math.rint(v / step);
                })
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0.9139531680881696",
        "2, 1.2341048786304816",
        "3, 1.3451003138333517",
        "4, 1.3652841745318511",
        "5, 1.3400754128674244"
    })
    void unsignedClipIsSawbOfTheMirroredNumbers(int bits, double clip) {
        QuantizedActivation a = QuantizedActivation.unsigned(bits);
        assertThat(a.batchClip(wave(DataType.DOUBLE))).isCloseTo(clip, offset(1e-9));
        INDArray y = a.getActivation(wave(DataType.DOUBLE), true);
        assertThat(y.maxNumber().doubleValue()).isCloseTo(clip, offset(1e-9));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0.911125393372622",
        "3, 1.2202590514221727",
        "4, 1.3178968217581666",
        "5, 1.3236536004800339",
        "6, 1.283393323124077"
    })
    void signedClipIsSawb(int bits, double clip) {
        assertThat(QuantizedActivation.signed(bits).batchClip(wave(DataType.DOUBLE)))
                .isCloseTo(clip, offset(1e-9));
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void levelsOfAGoldenWave(DataType type) {
        QuantizedActivation unsigned = QuantizedActivation.unsigned(4);
        INDArray x = wave(type);
        double[] codes = codes(unsigned.getActivation(wave(type), false), unsigned.batchClip(x) / 15);
        assertThat(Arrays.copyOf(codes, 14)).containsExactly(0, 6, 15, 0, 0, 0, 0, 11, 6, 10, 0, 0, 0, 0);
        assertThat(DoubleStream.of(codes).sum()).isEqualTo(3694);
        QuantizedActivation signed = QuantizedActivation.signed(4);
        codes = codes(signed.getActivation(wave(type), false), signed.batchClip(x) / 7);
        assertThat(Arrays.copyOf(codes, 14)).containsExactly(0, 3, 7, -2, -2, -6, -2, 5, 3, 5, -5, -5, -2, 0);
        assertThat(DoubleStream.of(codes).map(Math::abs).sum()).isEqualTo(3553);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void takesAtMostTwoToTheBitsValues(int bits) {
        assertThat(distinct(QuantizedActivation.unsigned(bits))).isEqualTo(1L << bits);
        assertThat(distinct(QuantizedActivation.signed(bits + 1))).isEqualTo((2L << bits) - 1);
    }

    private static long distinct(QuantizedActivation activation) {
        INDArray y = activation.getActivation(wave(DataType.FLOAT), false);
        return DoubleStream.of(y.data().asDouble()).distinct().count();
    }

    @Test
    void wantsTheArrayItselfOverwritten() {
        for (IActivation inner :
                new IActivation[] {new ActivationReLU(), new ActivationTanH(), new ActivationSigmoid()}) {
            INDArray x = wave(DataType.FLOAT);
            assertThat(QuantizedActivation.signed(3).around(inner).getActivation(x, true))
                    .isSameAs(x);
        }
    }

    @Test
    void worksOnViewsAsOnDenseArrays() {
        INDArray x = wave(DataType.FLOAT);
        QuantizedActivation a = QuantizedActivation.signed(4);
        INDArray expected = a.getActivation(x.dup('c'), true);
        INDArray transposed = x.dup('c').transpose();
        assertThat(a.getActivation(transposed, true).transpose()).isEqualTo(expected);
        INDArray wide = Nd4j.zeros(DataType.FLOAT, 20, 60);
        INDArray view = wide.get(NDArrayIndex.all(), NDArrayIndex.interval(5, 55));
        view.assign(x);
        assertThat(a.getActivation(view, true)).isEqualTo(expected);
        assertThat(wide.sumNumber().doubleValue())
                .isCloseTo(expected.sumNumber().doubleValue(), offset(1e-3));
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"HALF", "BFLOAT16"})
    void narrowTypesAreRoundedInFloat(DataType type) {
        INDArray x = wave(type);
        QuantizedActivation a = QuantizedActivation.unsigned(4);
        INDArray expected = a.getActivation(x.castTo(DataType.FLOAT), false).castTo(type);
        assertThat(a.getActivation(x.dup(), false)).isEqualTo(expected);
        INDArray gradient = QuantizedActivation.signed(4).backprop(x, x.dup()).getFirst();
        assertThat(gradient.dataType()).isEqualTo(type);
    }

    @Test
    void gradientPassesInsideTheClipOnly() {
        QuantizedActivation a = QuantizedActivation.signed(3).withClip(1);
        INDArray x = Nd4j.createFromArray(-3.0, -1.0, -0.2, 0.0, 0.9, 1.0, 1.1).reshape(1, 7);
        INDArray gradient = a.backprop(
                        x, Nd4j.createFromArray(2.0, 3, 4, 5, 6, 7, 8).reshape(1, 7))
                .getFirst();
        assertThat(gradient.toDoubleVector()).containsExactly(0, 3, 4, 5, 6, 7, 0);
    }

    /** y = f(x) where 0 <= f(x) <= clip, else constant: central differences of it are the straight-through gradient. */
    @Test
    void gradientIsThatOfTheClippedInnerFunction() {
        IActivation inner = new ActivationTanH();
        QuantizedActivation a = QuantizedActivation.unsigned(2).around(inner).withClip(0.6);
        // away from the kink at 0
        INDArray x = wave(DataType.DOUBLE).addi(0.01);
        INDArray epsilon = wave(DataType.DOUBLE).muli(0.7).addi(0.1);
        double[] gradient =
                a.backprop(x.dup(), epsilon).getFirst().dup('c').data().asDouble();
        double h = 1e-6;
        double[] up = inner.getActivation(x.add(h), true).dup('c').data().asDouble();
        double[] down = inner.getActivation(x.sub(h), true).dup('c').data().asDouble();
        double[] weights = epsilon.dup('c').data().asDouble();
        int inside = 0;
        for (int i = 0; i < gradient.length; i++) {
            double slope = (clipped(up[i]) - clipped(down[i])) / (2 * h);
            assertThat(gradient[i]).isCloseTo(weights[i] * slope, offset(1e-8));
            inside += slope == 0 ? 0 : 1;
        }
        assertThat(inside).isBetween(100, 900);
    }

    private static double clipped(double y) {
        return Math.min(0.6, Math.max(0, y));
    }

    @Test
    void withoutAFrozenClipTrainingAndInferenceHaveTheBatchsOwn() {
        QuantizedActivation a = QuantizedActivation.unsigned(3);
        INDArray x = wave(DataType.FLOAT);
        INDArray expected = a.withClip(a.batchClip(x)).getActivation(x.dup(), true);
        assertThat(a.getActivation(x.dup(), true)).isEqualTo(expected);
        assertThat(a.getActivation(x.dup(), false)).isEqualTo(expected);
        assertThat(a.getActivation(x.mul(2), false)).isEqualTo(expected.mul(2));
        assertThat(a.backprop(x.dup(), x)).isEqualTo(a.withClip(a.batchClip(x)).backprop(x.dup(), x));
    }

    @Test
    void zerosGiveZerosAndAClipOfZero() {
        QuantizedActivation a = QuantizedActivation.signed(4);
        assertThat(a.batchClip(Nd4j.zeros(3, 4))).isZero();
        assertThat(a.getActivation(Nd4j.zeros(3, 4), true)).isEqualTo(Nd4j.zeros(3, 4));
        assertThat(a.withClip(0).getActivation(Nd4j.ones(3, 4), true)).isEqualTo(Nd4j.zeros(3, 4));
        assertThat(a.withClip(1e-44).getActivation(Nd4j.ones(3, 4), true)).isEqualTo(Nd4j.zeros(3, 4));
    }

    @Test
    void equalNumbersAreTheirOwnLevel() {
        for (int bits = 1; bits <= 5; bits++) {
            INDArray x = Nd4j.valueArrayOf(new long[] {5, 5}, 0.25, DataType.DOUBLE);
            assertThat(QuantizedActivation.unsigned(bits).getActivation(x.dup(), true))
                    .isEqualTo(x);
        }
    }

    @Test
    void notFiniteIsRefusedWhereAClipIsTakenAndNanPassesAFrozenOne() {
        QuantizedActivation a = QuantizedActivation.signed(4);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            INDArray x = Nd4j.createFromArray(1f, bad).reshape(1, 2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> a.getActivation(x, true))
                    .withMessageContaining("must be finite");
        }
        INDArray frozen = a.withClip(7)
                .getActivation(
                        Nd4j.createFromArray(Float.NaN, Float.POSITIVE_INFINITY, -9f)
                                .reshape(1, 3),
                        false);
        assertThat(frozen.toFloatVector()).containsExactly(Float.NaN, 7, -7);
    }

    @Test
    void survivesJson() throws Exception {
        for (IActivation a : new IActivation[] {
            QuantizedActivation.unsigned(4),
            QuantizedActivation.signed(6).around(new ActivationTanH()).withClip(1.25),
            SignActivation.tanh(),
            SignActivation.clipped()
        }) {
            String json = NeuralNetConfiguration.mapper().writeValueAsString(a);
            IActivation copy = NeuralNetConfiguration.mapper().readValue(json, IActivation.class);
            assertThat(copy).isEqualTo(a).hasSameHashCodeAs(a).hasToString(a.toString());
        }
    }

    @Test
    void saysWhatItIs() {
        assertThat(QuantizedActivation.unsigned(4)).hasToString("A4(relu)");
        assertThat(QuantizedActivation.signed(2).around(new ActivationTanH()).withClip(0.5))
                .hasToString("A2(tanh, signed, clip 0.5)");
        assertThat(QuantizedActivation.unsigned(4))
                .isNotEqualTo(QuantizedActivation.unsigned(4).withClip(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 6, 8})
    void refusesBits(int bits) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuantizedActivation.unsigned(bits))
                .withMessageContaining(bits + " bits; allowed are 1 to 5");
        int signed = bits == 6 ? 7 : bits;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuantizedActivation.signed(signed))
                .withMessageContaining("allowed are 2 to 6");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY, 1e39})
    void refusesClips(double clip) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuantizedActivation.unsigned(4).withClip(clip))
                .withMessageContaining("clip is");
    }

    @Test
    void refusesInnerFunctionsThatAreNotPlain() {
        for (IActivation inner : new IActivation[] {
            QuantizedActivation.unsigned(2),
            SignActivation.tanh(),
            new ActivationRReLU(),
            new ActivationPReLU(Nd4j.ones(1), new long[0])
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> QuantizedActivation.signed(2).around(inner))
                    .withMessageContaining("inner activation function");
        }
        assertThat(QuantizedActivation.signed(2)
                        .around(new ActivationIdentity())
                        .inner())
                .isEqualTo(new ActivationIdentity());
    }
}
