package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.SameDiffs;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** A dead output does not keep a network from being quantized. */
class DeadChannelTest {

    private static MultiLayerNetwork network(double magnitude) {
        MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
        network.getParam("0_W").putColumn(3, Nd4j.valueArrayOf(Nets.IN, magnitude));
        return network;
    }

    private static AskewPlan.Entry hidden(AskewPlan plan) {
        return AskewNets.entry(plan, "hidden", "W");
    }

    @Test
    void itTakesTheScaleOfTheTensorWithAWarning() {
        for (double magnitude : new double[] {0, 1e-42}) {
            MultiLayerNetwork network = network(magnitude);
            double tensor = hidden(Askew.builder()
                            .grid(Grid.ternary())
                            .epsilon(Nets.epsilon(1))
                            .build()
                            .plan(network))
                    .grid()
                    .scale(0);

            AskewPlan plan =
                    Askew.fromTrained(5, 15).grid(Grid.ternary()).build().install(network);

            assertThat(hidden(plan).grid().scale(3)).isEqualTo(tensor);
            assertThat(hidden(plan).grid().scale(2)).isNotEqualTo(tensor);
            assertThat(plan.warnings())
                    .singleElement()
                    .asString()
                    .isEqualTo(
                            "layer 'hidden', parameter 'W': channel 3 cannot have a scale of its own (weights all zero"
                                    + " or tiny: dead outputs) and takes the tensor's, " + (float) tensor);
            INDArray column = Askew.fromTrained(5, 15)
                    .build()
                    .quantize(network)
                    .toMultiLayerNetwork()
                    .getParam("0_W")
                    .getColumn(3);
            assertThat(column.amaxNumber().doubleValue()).isZero();
        }
    }

    @Test
    void aGridWithoutZeroSaysWhatRoundingMakesOfIt() {
        AskewPlan plan = Askew.fromTrained(5, 15).grid(Grid.uniform(8)).build().install(network(0));

        double scale = hidden(plan).grid().scale(3);
        assertThat(plan.warnings())
                .singleElement()
                .asString()
                .endsWith("uniform(8) has no level 0, and rounding gives these weights the magnitude "
                        + (float) (scale / 255));
    }

    @Test
    void aHugeChannelHasItsOwnScale() {
        AskewPlan plan = Askew.fromTrained(5, 15).grid(Grid.ternary()).build().install(network(1e38));

        assertThat(hidden(plan).grid().scale(3)).isEqualTo((float) 1e38);
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void variablesOfAGraphToo() {
        SameDiff graph = SameDiffs.of(new Adam(0.01));
        graph.getVariable(SameDiffs.HIDDEN).getArr().putColumn(1, Nd4j.zeros(Nets.IN));

        AskewPlan plan = Askew.fromTrained(5, 15).grid(Grid.ternary()).build().install(graph);

        assertThat(plan.warnings())
                .singleElement()
                .asString()
                .startsWith("variable '" + SameDiffs.HIDDEN + "': channel 1 cannot");
    }

    @Test
    void aTensorOfZerosIsRefused() {
        MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
        network.getParam("0_W").assign(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Askew.fromTrained(5, 15).build().install(network))
                .withMessageContaining("layer 'hidden', parameter 'W': the scale of the tensor is 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Askew.builder()
                        .epsilon(Nets.epsilon(1))
                        .scale(Scale.fixed(1e-42))
                        .build()
                        .install(Nets.mlp(new Adam(0.01))))
                .withMessageContaining("where float32 holds all levels of binary");
    }
}
