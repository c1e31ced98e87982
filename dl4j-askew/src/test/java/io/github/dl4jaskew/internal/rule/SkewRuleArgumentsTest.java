package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SkewRuleArgumentsTest {

    private static final ScaledGrid GRID = ScaledGrid.perTensor(Grid.binary(), 1);
    private static final Grid MANY =
            Grid.of(new Random(1).doubles(200, -1, 1).sorted().toArray());
    private static final int N = 3 * BlockKernel.BLOCK - 72;
    private static final double[] BAD = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};

    @ParameterizedTest
    @ValueSource(doubles = {-1e-9, 1.000001, Double.NaN, Double.POSITIVE_INFINITY})
    void epsilon(double epsilon) {
        assertThatThrownBy(() -> SkewRule.step(epsilon, 0.1, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("epsilon is " + epsilon + "; allowed is 0 to 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.000001, Double.NaN})
    void rho(double rho) {
        assertThatThrownBy(() -> SkewRule.gradient(0.5, rho, 0.5, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rho")
                .hasMessageContaining("is " + rho + ";");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, Double.NaN, Double.NEGATIVE_INFINITY})
    void maxStep(double maxStep) {
        assertThatThrownBy(() -> SkewRule.step(0.5, 0.1, maxStep))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("maxStep is " + maxStep);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void gamma(double gamma) {
        assertThatThrownBy(() -> SkewRule.gradient(0.5, 0.1, 0.5, gamma))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("learning rate is " + gamma);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void cellPower(int power) {
        assertThatThrownBy(() -> new SkewRule(0.5, 0.1, 0.5, Stage.STEP, 1, power))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cellPower is " + (double) power);
    }

    @Test
    void endsOfTheRangesAreAllowed() {
        assertThatCode(() -> SkewRule.step(0, 1, Double.POSITIVE_INFINITY)).doesNotThrowAnyException();
        assertThatCode(() -> SkewRule.gradient(1, 0, 1e-9, 0)).doesNotThrowAnyException();
    }

    @Test
    void lengthsDiffer() {
        INDArray velocity = Nd4j.ones(4);
        assertThatThrownBy(() -> SkewRule.step(0.5, 0.1, 0.5).apply(GRID, Nd4j.ones(5), velocity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("5 weights but 4 velocities");
        assertThat(velocity).isEqualTo(Nd4j.ones(4));
    }

    /** With a constraint and without one; and, without a learning rate, where nothing is to be done. */
    private static final List<SkewRule> RULES = List.of(
            SkewRule.step(0.5, 0.1, 0.5),
            SkewRule.step(1, 0.1, 0.5),
            SkewRule.gradient(0.5, 0.1, 0.5, 0.1),
            SkewRule.gradient(1, 0.1, 0.5, 0.1),
            SkewRule.gradient(0.5, 0.1, 0.5, 0));

    @KernelTypes
    void weightThatIsNotFinite(Kernel kernel, DataType type) {
        for (double bad : BAD) {
            for (int element : new int[] {0, BlockKernel.BLOCK - 1, BlockKernel.BLOCK, N - 1}) {
                INDArray w = Nd4j.ones(type, N);
                w.putScalar(element, bad);
                INDArray unchanged = w.dup();
                for (SkewRule rule : RULES) {
                    assertThatThrownBy(() -> kernel.apply(rule, GRID, w, Nd4j.ones(type, N)))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("weight of element " + element + " is " + bad + "; it must be finite");
                }
                assertThat(w.toDoubleVector()).isEqualTo(unchanged.toDoubleVector());
            }
        }
    }

    /** The clip to the hull would make a finite number of it. */
    @KernelTypes
    void velocityThatIsNotFinite(Kernel kernel, DataType type) {
        int element = BlockKernel.BLOCK + 976;
        for (double bad : BAD) {
            INDArray v = Nd4j.ones(type, N);
            v.putScalar(element, bad);
            INDArray w = Nd4j.ones(type, N);
            for (SkewRule rule : RULES) {
                String what = rule.stage() == Stage.STEP ? "update" : "gradient";
                assertThatThrownBy(() -> kernel.apply(rule, GRID, w, v.dup()))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(what + " of element " + element + " is " + bad + "; it must be finite");
            }
            assertThat(w).isEqualTo(Nd4j.ones(type, N));
        }
    }

    @KernelTypes
    void aSumThatOverflowsIsNotAnError(Kernel kernel, DataType type) {
        double[] velocity = new double[100];
        Arrays.fill(velocity, type == DataType.FLOAT ? 3e38 : 1e308);
        double[] weights = new double[100];
        Arrays.fill(weights, 0.9375);
        assertThat(kernel.run(SkewRule.step(0.5, 0.1, 0.5), GRID, type, weights, velocity))
                .containsOnly(1.9375);
    }

    @KernelTypes
    void weightsFarBeyondTheHullAreBroughtBack(Kernel kernel, DataType type) {
        for (double weight : new double[] {1e3, -1e6, 1e12, -1e30}) {
            double[] result = kernel.run(
                    SkewRule.step(0.5, 0.1, 0.5), GRID, type, new double[] {weight, 0.5}, new double[] {0.25, 0.01});
            double single = type == DataType.FLOAT ? (float) weight : weight;
            assertThat(single - result[0]).isBetween(-1.0, 1.0);
            assertThat(result[1]).isNegative();
        }
    }

    /** Beyond the last edge of a table there is no cell. */
    @KernelTypes
    void weightThatIsNotFiniteOnAnyGrid(Kernel kernel, DataType type) {
        List<Grid> grids = List.of(
                Grid.ternary(), Grid.uniform(4), Grid.powersOfTwo(4), Grid.of(-1, -1e-6, 0, 1e-6, 2e-6, 1), MANY);
        for (Grid levels : grids) {
            ScaledGrid grid = ScaledGrid.perTensor(levels, 0.5);
            for (double bad : BAD) {
                INDArray w = Nd4j.zeros(type, 30);
                w.putScalar(7, bad);
                assertThatThrownBy(() -> kernel.apply(SkewRule.step(0.5, 0.1, 0.5), grid, w, Nd4j.zeros(type, 30)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("weight of element 7 is " + bad + "; it must be finite");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void largestWeightOnAnyGrid(DataType type) {
        double largest = type == DataType.FLOAT ? Float.MAX_VALUE : Double.MAX_VALUE;
        for (Grid levels : List.of(Grid.binary(), Grid.uniform(4), Grid.powersOfTwo(4), MANY)) {
            for (double scale : new double[] {1e-30, 1, 1e30}) {
                for (double weight : new double[] {largest, -largest}) {
                    double[] result = Kernel.HOST.run(
                            SkewRule.step(0.5, 0.1, 0.5),
                            ScaledGrid.perTensor(levels, scale),
                            type,
                            new double[] {weight, 0},
                            new double[2]);
                    assertThat(result[0]).isEqualTo(weight, within(1e-7 * largest));
                }
            }
        }
    }

    /** K / gamma has no float; infinity would make the weights infinite or NaN. */
    @ParameterizedTest
    @CsvSource({"FLOAT, 1e-40, 3.4028234663852886E38", "DOUBLE, 1e-310, 1.7976931348623157E308"})
    void gradientThatCannotBeHeld(DataType type, double gamma, double largest) {
        SkewRule rule = SkewRule.gradient(0.1, 0.5, Double.POSITIVE_INFINITY, gamma);
        assertThat(Kernel.HOST.run(rule, GRID, type, new double[] {0.5, -0.5}, new double[] {1e-3, 1e-3}))
                .containsExactly(-largest, largest);
    }
}
