package io.github.dl4jaskew.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.LearningRateUnit;
import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import io.github.dl4jaskew.schedule.Growth;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;

/** Binary weights trained by each method beat those that are rounded after a float training of the same length. */
class TrainingTest {

    private static final int ROWS = 600;
    private static final int ITERATIONS = Tasks.EPOCHS * ROWS / Tasks.BATCH;
    private static double rounded;

    @BeforeAll
    static void round() {
        MultiLayerNetwork network = Tasks.network(new Adam(0.01));
        network.fit(Tasks.data(2, ROWS), Tasks.EPOCHS);
        rounded = accuracy(PostTraining.builder().build(), network);
    }

    private static Adam updater(double rate) {
        return new Adam(new CosineSchedule(ScheduleType.ITERATION, rate, ITERATIONS));
    }

    private static <B extends TrainingBuilder<B>> B settings(B builder) {
        return builder.scale(Scale.unit()).updater(updater(0.1)).learningRateUnit(LearningRateUnit.CELL);
    }

    static Stream<QuantizedTraining> methods() {
        return Stream.of(
                settings(BinaryConnect.builder()).build(),
                settings(ProxQuant.builder())
                        .lambda(Growth.linear(0.1 / ITERATIONS).byIteration())
                        .build(),
                settings(BinaryRelax.builder())
                        .lambda(Growth.exponential(1, 1.02).byIteration().infiniteFrom(0.75 * ITERATIONS))
                        .build(),
                settings(Parq.builder())
                        .inverseSlope(Annealing.hold(0.25 * ITERATIONS)
                                .thenCosine(0.5 * ITERATIONS)
                                .byIteration())
                        .build());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void beatsRounding(QuantizedTraining method) {
        assertThat(trained(method)).isGreaterThan(rounded + 0.02);
    }

    @Test
    void stochasticBinaryConnectLearns() {
        assertThat(trained(BinaryConnect.builder()
                        .stochastic(7)
                        .updater(updater(0.3))
                        .learningRateUnit(LearningRateUnit.CELL)
                        .build()))
                .isGreaterThan(0.6);
    }

    private static double trained(QuantizedTraining method) {
        MultiLayerNetwork network = Tasks.network(new Adam(0.01));
        method.install(network);
        network.fit(Tasks.data(2, ROWS), Tasks.EPOCHS);
        return accuracy(method, network);
    }

    private static double accuracy(QuantizedTraining method, MultiLayerNetwork network) {
        return method.quantize(network, Tasks.data(2, ROWS))
                .evaluate(Tasks.data(3, ROWS))
                .accuracy();
    }
}
