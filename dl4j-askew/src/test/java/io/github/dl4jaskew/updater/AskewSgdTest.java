package io.github.dl4jaskew.updater;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.testkit.Nets;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.util.NetworkUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class AskewSgdTest {

    private static final Askew RECIPE =
            Askew.builder().epsilon(Nets.epsilon(0.5)).build();

    @Test
    void failsAtTheFirstUpdateWithoutConstraint() {
        MultiLayerNetwork network = Nets.mlp(new AskewSgd(0.1));
        float[] before = Nets.params(network);
        assertThatIllegalStateException()
                .isThrownBy(() -> Nets.fit(network, 1))
                .withMessageContaining("install(network)")
                .withMessageContaining("use Sgd");
        assertThat(Nets.params(network)).isEqualTo(before);
        RECIPE.install(network);
        Nets.fit(network, 1);
        Askew.uninstall(network);
        assertThatIllegalStateException().isThrownBy(() -> Nets.fit(network, 1));
    }

    @Test
    void installOnOneLayerArmsAll() {
        MultiLayerNetwork network = Nets.mlp(new AskewSgd(0.1, 0.9));
        Askew.builder()
                .epsilon(Nets.epsilon(0.5))
                .layers(Layers.named("hidden"))
                .build()
                .install(network);
        Nets.fit(network, 2);
        // One block but for the running averages of the batch norm
        assertThat(((MultiLayerUpdater) network.getUpdater()).getUpdaterBlocks())
                .hasSize(3);
    }

    @Test
    void momentumIsHeavyBall() {
        GradientUpdater<?> updater = new AskewSgd(0.1, 0.5).constrained(true).instantiate(Nd4j.zeros(2), true);
        double[] velocity = new double[2];
        for (int i = 0; i < 4; i++) {
            INDArray gradient = Nd4j.createFromArray(1f + i, -2f);
            updater.applyUpdater(gradient, i, 0);
            velocity[0] = 0.5 * velocity[0] + 1 + i;
            velocity[1] = 0.5 * velocity[1] - 2;
            assertThat(gradient.getDouble(0)).isCloseTo(0.1 * velocity[0], within(1e-6));
            assertThat(gradient.getDouble(1)).isCloseTo(0.1 * velocity[1], within(1e-6));
        }
        assertThat(updater.getState()).containsOnlyKeys("V");
        assertThat(updater.getState().get("V").getDouble(1)).isCloseTo(velocity[1], within(1e-6));
        assertThat(updater.getConfig()).isEqualTo(new AskewSgd(0.1, 0.5).constrained(true));
    }

    @Test
    void plainSgdHasNoState() {
        AskewSgd sgd = new AskewSgd(0.1).constrained(true);
        assertThat(sgd.stateSize(10)).isZero();
        assertThat(new AskewSgd(0.1, 0.9).stateSize(10)).isEqualTo(10);
        GradientUpdater<?> updater = sgd.instantiate((INDArray) null, false);
        INDArray gradient = Nd4j.createFromArray(1f, -2f);
        updater.applyUpdater(gradient, 0, 0);
        assertThat(gradient).isEqualTo(Nd4j.createFromArray(0.1f, -0.2f));
        assertThat(updater.getState()).isEmpty();
    }

    @Test
    void stateCanBeGivenByName() {
        AskewSgd config = new AskewSgd(1, 0.5).constrained(true);
        GradientUpdater<?> updater = config.instantiate(Map.of("V", Nd4j.createFromArray(4f, 8f)), false);
        INDArray gradient = Nd4j.zeros(2);
        updater.applyUpdater(gradient, 0, 0);
        assertThat(gradient).isEqualTo(Nd4j.createFromArray(2f, 4f));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.instantiate(Map.of("M", Nd4j.zeros(2)), false))
                .withMessageContaining("[M]");
        assertThatIllegalStateException()
                .isThrownBy(() -> config.instantiate((INDArray) null, false).applyUpdater(gradient, 0, 0));
    }

    @Test
    void nanGradientLeavesTheVelocityFinite() {
        GradientUpdater<?> updater = new AskewSgd(1, 0.5).constrained(true).instantiate(Nd4j.zeros(2), true);
        updater.applyUpdater(Nd4j.createFromArray(1f, 2f), 0, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> updater.applyUpdater(Nd4j.createFromArray(1f, Float.NaN), 1, 0))
                .withMessageContaining("element 1 is NaN");
        assertThat(updater.getState().get("V")).isEqualTo(Nd4j.createFromArray(1f, 2f));
    }

    @Test
    void trainsLikeSgdWhereNothingIsConstrained() {
        MultiLayerNetwork sgd = Nets.mlp(new Sgd(0.1));
        MultiLayerNetwork askew = Nets.mlp(new AskewSgd(0.1));
        Askew free = Askew.builder()
                .epsilon(Nets.epsilon(1))
                .scale(io.github.dl4jaskew.grid.Scale.fixed(9))
                .build();
        free.install(sgd);
        free.install(askew);
        Nets.fit(sgd, 5);
        Nets.fit(askew, 5);
        assertThat(Nets.params(askew)).isEqualTo(Nets.params(sgd));
    }

    @Test
    void scheduleSetsTheRate() {
        AskewSgd sgd = new AskewSgd(new MapSchedule.Builder(ScheduleType.ITERATION)
                .add(0, 0.5)
                .add(2, 0.0)
                .add(3, -0.1)
                .build());
        assertThat(sgd.hasLearningRate()).isTrue();
        assertThat(sgd.getLearningRate(1, 0)).isEqualTo(0.5);
        assertThat(sgd.getLearningRate(2, 0)).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sgd.getLearningRate(3, 7))
                .withMessageContaining("iteration 3, epoch 7 is -0.1");
    }

    @Test
    void rateCanBeSetLater() {
        AskewSgd sgd = new AskewSgd(0.5);
        sgd.setLrAndSchedule(0.25, null);
        assertThat(sgd).isEqualTo(new AskewSgd(0.25));
        sgd.setLrAndSchedule(Double.NaN, new FixedSchedule(0.75));
        assertThat(sgd.getLearningRate(0, 0)).isEqualTo(0.75);
        assertThatIllegalArgumentException().isThrownBy(() -> sgd.setLrAndSchedule(Double.NaN, null));

        MultiLayerNetwork network = Nets.mlp(new AskewSgd(0.1, 0.9));
        RECIPE.install(network);
        Nets.fit(network, 1);
        NetworkUtils.setLearningRate(network, 0.01);
        assertThat(NetworkUtils.getLearningRate(network, 0)).isEqualTo(0.01);
        Nets.fit(network, 1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesBadRates(double rate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AskewSgd(rate))
                .withMessageContaining("learning rate is " + rate);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void refusesBadMomentum(double momentum) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AskewSgd(0.1, momentum))
                .withMessageContaining("momentum is " + momentum);
    }

    @Test
    void isAValue() {
        AskewSgd sgd = new AskewSgd(0.1, 0.5);
        assertThat(sgd)
                .isEqualTo(new AskewSgd(0.1, 0.5))
                .hasSameHashCodeAs(new AskewSgd(0.1, 0.5))
                .isEqualTo(sgd.clone())
                .isNotEqualTo(new AskewSgd(0.1))
                .isNotEqualTo(new AskewSgd(0.2, 0.5))
                .isNotEqualTo(sgd.constrained(true))
                .isNotEqualTo(new Sgd(0.1));
        assertThat(sgd.isConstrained()).isFalse();
        assertThat(sgd.getMomentum()).isEqualTo(0.5);
        assertThat(sgd.toString()).contains("0.1", "0.5");
        AskewSgd copy = sgd.clone();
        copy.setLrAndSchedule(7, null);
        assertThat(sgd).isEqualTo(new AskewSgd(0.1, 0.5));
    }
}
