package io.github.dl4jaskew.margin.latestage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.testkit.Paired;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

@Tag("training")
class NormalizedSgdTest {

    @ParameterizedTest
    @ValueSource(floats = {1f, 1e30f, 1e-30f, 1e-44f})
    void stepHasTheLengthOfTheRate(float size) {
        INDArray gradient = step(new NormalizedSgd(0.5), Nd4j.createFromArray(3 * size, 0, -4 * size));
        assertThat(gradient.norm2Number().doubleValue()).isCloseTo(0.5, within(1e-6));
        // 3e-44 and 4e-44 are not 3 to 4 among float32's smallest numbers
        double precision = size < 1e-40 ? 0.05 : 1e-6;
        assertThat(gradient.getDouble(0)).isCloseTo(0.3, within(precision));
        assertThat(gradient.getDouble(1)).isZero();
        assertThat(gradient.getDouble(2)).isCloseTo(-0.4, within(precision));
    }

    @Test
    void noGradientNoStep() {
        assertThat(step(new NormalizedSgd(0.5), Nd4j.zeros(3))).isEqualTo(Nd4j.zeros(3));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void refusesGradientsThatAreNotFinite(float value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> step(new NormalizedSgd(0.5), Nd4j.createFromArray(1, value)))
                .withMessageContaining("must be finite");
    }

    private static INDArray step(NormalizedSgd config, INDArray gradient) {
        config.instantiate((INDArray) null, false).applyUpdater(gradient, 0, 0);
        return gradient;
    }

    @Test
    void hasNoState() {
        NormalizedSgd config = new NormalizedSgd(1);
        GradientUpdater<?> updater = config.instantiate(Map.of(), false);
        assertThat(config.stateSize(10)).isZero();
        assertThat(updater.getState()).isEmpty();
        assertThat(updater.getConfig()).isEqualTo(config);
        updater.setState(Map.of(), true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> updater.setState(Map.of("V", Nd4j.zeros(1)), true))
                .withMessageContaining("[V]");
        assertThatIllegalStateException()
                .isThrownBy(() -> updater.setStateViewArray(Nd4j.zeros(1), new long[] {1}, 'c', true));
    }

    @Test
    void oneUpdaterIsOneBlockAndOneStep() {
        MultiLayerNetwork network = Clusters.network(new NormalizedSgd(0.01), new LossMCXENT());
        INDArray before = network.params().dup();
        network.fit(Clusters.data());
        assertThat(((MultiLayerUpdater) network.getUpdater()).getUpdaterBlocks())
                .hasSize(1);
        assertThat(network.params().sub(before).norm2Number().doubleValue()).isCloseTo(0.01, within(1e-6));
    }

    @Test
    void leavesSgdBehindOnceDataAreSeparated() {
        List<Paired> margins = Paired.seeds(seed -> new Paired(
                marginAfter300Steps(new NormalizedSgd(0.05), seed), marginAfter300Steps(new Sgd(0.05), seed)));
        Paired.requireWins("margins", margins);
        Paired.requireMedianGain(
                "margin, and five times that of SGD",
                margins.stream().map(p -> new Paired(p.better(), 5 * p.worse())).toList());
        Paired.requireWins(
                "separated",
                margins.stream().map(p -> new Paired(p.better(), 0)).toList());
    }

    private static double marginAfter300Steps(IUpdater updater, long seed) {
        MultiLayerNetwork network = Clusters.network(updater, new LossMCXENT(), seed);
        for (int k = 0; k < 300; k++) {
            network.fit(Clusters.data());
        }
        return Clusters.smallestMargin(network);
    }

    @Test
    void survivesJsonInAConfiguration() {
        IUpdater updater = new NormalizedSgd(new MapSchedule.Builder(ScheduleType.EPOCH)
                .add(0, 0.5)
                .add(3, 0.25)
                .build());
        MultiLayerConfiguration conf =
                Clusters.network(updater, new LossMCXENT()).getLayerWiseConfigurations();
        MultiLayerConfiguration copy = MultiLayerConfiguration.fromJson(conf.toJson());
        assertThat(copy).isEqualTo(conf);
        assertThat(copy.getConf(0).getLayer().getUpdaterByParam("W").getLearningRate(0, 4))
                .isEqualTo(0.25);
    }

    @Test
    void rateCanBeSetLater() {
        NormalizedSgd config = new NormalizedSgd(0.5);
        config.setLrAndSchedule(0.25, null);
        assertThat(config).isEqualTo(new NormalizedSgd(0.25));
        config.setLrAndSchedule(Double.NaN, new FixedSchedule(-1));
        assertThat(config.hasLearningRate()).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.getLearningRate(2, 1))
                .withMessageContaining("iteration 2, epoch 1 is -1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> config.setLrAndSchedule(Double.NaN, null));
    }

    @Test
    void isAValue() {
        NormalizedSgd config = new NormalizedSgd(0.5);
        assertThat(config)
                .isEqualTo(config.clone())
                .hasSameHashCodeAs(new NormalizedSgd(0.5))
                .isNotEqualTo(new NormalizedSgd(0.25))
                .isNotEqualTo(new Sgd(0.5));
        assertThat(config.toString()).contains("0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NormalizedSgd(0))
                .withMessageContaining("learning rate is 0.0");
    }
}
