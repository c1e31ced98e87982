package io.github.dl4jaskew.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.schedule.Growth;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** AdaSTE and ReSTE: the step of a network is the gradient at the forward weights times the slope, in plain Java. */
class ShapedGradientTest {

    private static final double RATE = 0.05;

    @Test
    void adaSteTakesTheGradientAtTheMappedWeightsTimesTheAdaptiveSlope() {
        // mu = 3, alpha = 0.01: s(t) = (|t| + 3.03) / 4, 1 from |t| = 0.97 on
        requireStep(
                AdaSte.builder().mu(Growth.exponential(3, 1)).build(),
                t -> Math.signum(t) * Math.min(1, (Math.abs(t) + 3.03) / 4),
                (t, g) -> t * g > 0
                        ? Math.min(0.5, (Math.min(1, (Math.abs(t) + 3.03) / 4) + 3.03 / 4) / Math.abs(t))
                        : Math.abs(t) >= 0.97 ? 0 : 0.25);
    }

    @Test
    void reSteTakesTheGradientAtTheLevelsTimesTheSlopeOfThePower() {
        requireStep(
                ReSte.builder().power(Growth.exponential(2, 1)).build(),
                Math::signum,
                (t, g) ->
                        Math.abs(t) > 1.5 ? 0 : Math.abs(t) <= 0.1 ? 1 / Math.sqrt(0.1) : 0.5 / Math.sqrt(Math.abs(t)));
    }

    private static void requireStep(QuantizedTraining method, DoubleUnaryOperator forward, DoubleBinaryOperator slope) {
        MultiLayerNetwork network = Tasks.network(new Sgd(RATE));
        AskewPlan plan = method.install(network);
        MultiLayerNetwork seen = Tasks.network(new Sgd(RATE));
        INDArray before = network.params().dup();
        plan.constrained().forEach(e -> {
            double s = e.grid().scale(0);
            INDArray weights = seen.getLayer(e.layer()).getParam(e.parameter());
            for (int r = 0; r < weights.rows(); r++) {
                for (int c = 0; c < weights.columns(); c++) {
                    weights.putScalar(r, c, s * forward.applyAsDouble(weights.getDouble(r, c) / s));
                }
            }
        });
        INDArray seenBefore = seen.params().dup();
        DataSet batch = Tasks.set(4, 30);
        network.fit(batch);
        seen.fit(batch);
        INDArray plain = seenBefore.sub(seen.params());
        int moved = 0;
        for (AskewPlan.Entry e : plan.constrained()) {
            ScaledGrid grid = e.grid();
            INDArray actual = network.getLayer(e.layer()).getParam(e.parameter());
            long first = actual.offset() - network.params().offset();
            INDArray flat = network.params().reshape(-1);
            for (long i = first; i < first + actual.length(); i++) {
                double w = before.getDouble(i);
                double update = plain.getDouble(i);
                double t = w / grid.scale(0);
                double wanted = w - update * slope.applyAsDouble(t, update);
                assertThat(flat.getDouble(i)).isEqualTo(wanted, within(1e-6));
                moved += update != 0 && wanted != w ? 1 : 0;
            }
        }
        assertThat(moved).isPositive();
    }

    @Test
    void theScheduleMustBeSet() {
        assertThatIllegalStateException()
                .isThrownBy(() -> AdaSte.builder().build())
                .withMessageContaining("mu is not set");
        assertThatIllegalStateException()
                .isThrownBy(() -> ReSte.builder().build())
                .withMessageContaining("power is not set");
    }

    @Test
    void adaSteWarnsWhileTheForwardPassDoesNotSeeTheLevels() {
        MultiLayerNetwork network = Tasks.network(new Sgd(RATE));
        AdaSte method =
                AdaSte.builder().mu(Growth.exponential(50, 2).byIteration()).build();
        method.install(network);
        QuantizedModel early = method.quantize(network);
        assertThat(early.warnings()).anyMatch(line -> line.contains("AdaSTE's mu is 50.0"));
        network.fit(Tasks.set(4, 30));
        assertThat(method.quantize(network).warnings()).noneMatch(line -> line.contains("AdaSTE"));
    }
}
