package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import io.github.dl4jaskew.schedule.Growth;
import io.github.dl4jaskew.testkit.Paired;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;

/** Binary weights trained by each method beat those that are rounded after a float training of the same length. */
@Tag("training")
class TrainingTest {

    private static final int ROWS = 600;
    private static final int ITERATIONS = Tasks.EPOCHS * ROWS / Tasks.BATCH;
    private static final Map<Integer, Double> ROUNDED = new HashMap<>();

    @BeforeAll
    static void round() {
        for (int seed = 1; seed <= 5; seed++) {
            MultiLayerNetwork network = Tasks.network(new Adam(0.01), seed);
            network.fit(Tasks.data(2, ROWS), Tasks.EPOCHS);
            ROUNDED.put(seed, accuracy(PostTrainingQuantization.builder().build(), network));
        }
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
        Paired.requireWins(
                method + " and rounding", Paired.seeds(seed -> new Paired(trained(method, seed), ROUNDED.get(seed))));
    }

    @Test
    void stochasticBinaryConnectLearns() {
        BinaryConnect method = BinaryConnect.builder()
                .stochastic(7)
                .updater(updater(0.3))
                .learningRateUnit(LearningRateUnit.CELL)
                .build();
        double mostFrequent = Tasks.set(3, ROWS).getLabels().mean(0).maxNumber().doubleValue();
        Paired.requireWins(
                "accuracy and share of the largest class",
                Paired.seeds(seed -> new Paired(trained(method, seed), mostFrequent)));
    }

    private static double trained(QuantizedTraining method, int seed) {
        MultiLayerNetwork network = Tasks.network(new Adam(0.01), seed);
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
