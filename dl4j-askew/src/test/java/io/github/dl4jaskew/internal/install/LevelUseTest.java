package io.github.dl4jaskew.internal.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.AskewNets;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.Weights;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.SameDiffs;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** The plan shows how many weights are on each level, and says when levels are wasted. */
class LevelUseTest {

    private static final int SIZE = 64 * 64;

    private static double[] normal(int size, DoubleUnaryOperator f) {
        Random random = new Random(1);
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = f.applyAsDouble(random.nextGaussian());
        }
        return values;
    }

    private static Optional<String> warning(Grid grid, Scale scale, double... weights) {
        Weights values = Weights.of(weights);
        return new LevelUse(scale.fit(grid, values, new Channels(64, 1)), values).warning("W");
    }

    @Test
    void usualWeightsWarnOfNothing() {
        for (Grid grid : new Grid[] {
            Grid.binary(), Grid.ternary(), Grid.uniform(2), Grid.uniform(4), Grid.uniform(8), Grid.powersOfTwo(6)
        }) {
            for (Scale scale : new Scale[] {Scale.mse(), Scale.mse().perChannel()}) {
                assertThat(warning(grid, scale, normal(SIZE, x -> x))).isEmpty();
                assertThat(warning(grid, scale, normal(64, x -> x))).isEmpty();
            }
            // heavy tails, as trained weights have
            assertThat(warning(grid, Scale.mse(), normal(SIZE, x -> x * Math.abs(x))))
                    .isEmpty();
        }
    }

    @Test
    void oneOutlierErasesTheOthers() {
        double[] weights = normal(SIZE, x -> 0.1 * x);
        weights[7] = 50;
        assertThat(warning(Grid.ternary(), Scale.mse(), weights))
                .hasValueSatisfying(w -> assertThat(w)
                        .startsWith("W: 4095 of 4096 weights are nearest to level 0.0, so that most levels are unused"
                                + " (largest weight 50.0, mean magnitude 0.0")
                        .contains("Scale.meanAbs()", "perChannel()"));
        assertThat(warning(Grid.uniform(4), Scale.max(), weights))
                .hasValueSatisfying(w -> assertThat(w).contains("weights are nearest to 4 of the 16 levels"));
        assertThat(warning(Grid.ternary(), Scale.mse().perChannel(), weights))
                .hasValueSatisfying(w -> assertThat(w)
                        .contains("in 1 of 64 channels nearly all weights are nearest to the level next to 0"));
    }

    @Test
    void levelsWithoutWeightsAreNamed() {
        double[] positive = normal(SIZE, Math::abs);
        assertThat(warning(Grid.ternary(), Scale.unit(), positive))
                .hasValueSatisfying(w -> assertThat(w).contains("no weight is nearest to level -1.0"));
        assertThat(warning(Grid.uniform(4), Scale.max(), positive))
                .hasValueSatisfying(w -> assertThat(w).contains("no weight is nearest to 8 of the 16 levels"));
    }

    @Test
    void planAndModelSayIt() {
        MultiLayerNetwork network =
                Nets.of(new Sgd(0.1), Nets.dense("hidden", 16, 16), Nets.output("output", 16, Nets.OUT));
        network.getParam("0_W").putScalar(2, 3, 50);
        PostTrainingQuantization method =
                PostTrainingQuantization.builder().grid(Grid.ternary()).build();
        String expected = "layer 'hidden', parameter 'W': 255 of 256 weights are nearest to level 0.0";

        AskewPlan plan = method.install(network);
        QuantizedModel model = method.quantize(network);

        assertThat(AskewNets.entry(plan, "hidden", "W").levels()).containsExactly(0L, 255L, 1L);
        assertThat(AskewNets.entry(plan, "hidden", "b").levels()).isEmpty();
        assertThat(plan.toString()).contains("0/>99/<1 %", "WARNING: " + expected);
        assertThat(plan.warnings()).singleElement().asString().startsWith(expected);
        assertThat(model.warnings()).singleElement().asString().startsWith(expected);
        assertThat(model.toString()).contains("WARNING: " + expected);
        assertThat(model.memoryReport().toString()).contains("WARNING: " + expected);
        assertThat(model.withLabels(List.of("a", "b", "c")).warnings()).isEqualTo(model.warnings());
    }

    @Test
    void graphsOfSameDiffToo() {
        SameDiff graph = SameDiffs.like(
                Nets.of(new Adam(0.1), Nets.dense("hidden", Nets.IN, 16), Nets.output("output", 16, Nets.OUT)));
        graph.setTrainingConfig(SameDiffs.config(new Adam(0.1)).build());
        graph.getVariable(SameDiffs.HIDDEN).getArr().putScalar(2, 3, 50);

        AskewPlan plan = Askew.builder()
                .grid(Grid.ternary())
                .epsilon(Nets.epsilon(0))
                .build()
                .install(graph);

        String expected = "variable '" + SameDiffs.HIDDEN + "': 63 of 64 weights are nearest to level 0.0";
        assertThat(plan.warnings()).anySatisfy(w -> assertThat(w).startsWith(expected));
        assertThat(AskewNets.entry(plan, "SameDiff", SameDiffs.HIDDEN).levels()).containsExactly(0L, 63L, 1L);
    }
}
