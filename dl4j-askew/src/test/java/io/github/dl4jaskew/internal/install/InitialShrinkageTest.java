package io.github.dl4jaskew.internal.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.schedule.Annealing;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class InitialShrinkageTest {

    @Test
    void weightsBeginWithTheGivenShareOfTheLargestLevel() {
        MultiLayerNetwork network = network();
        INDArray before = network.getParam("0_W").dup();
        INDArray bias = network.getParam("1_b").assign(0.7).dup();

        AskewPlan plan = recipe().scale(Scale.mse()).initialScale(0.06).build().install(network);

        for (AskewPlan.Entry entry : plan.constrained()) {
            double scale = entry.grid().scale(0);
            assertThat(rootMeanSquare(network.getParam(entry.layer().replace("layer", "") + "_W")))
                    .isCloseTo(0.06 * scale, within(1e-6 * scale));
        }
        INDArray after = network.getParam("0_W");
        double factor = after.getDouble(0) / before.getDouble(0);
        assertThat(after.equalsWithEps(before.mul(factor), 1e-7)).isTrue();
        assertThat(network.getParam("1_b")).isEqualTo(bias);
        assertThat(plan.toString()).contains("initial scale 0.06");
    }

    @Test
    void everyChannelHasItsOwnFactor() {
        MultiLayerNetwork network = network();
        network.getParam("0_W").getColumn(2).muli(50);

        AskewPlan plan = recipe().scale(Scale.mse().perChannel())
                .initialScale(0.5)
                .build()
                .install(network);

        double[] scales = plan.constrained().get(0).grid().scales();
        for (int c = 0; c < scales.length; c++) {
            assertThat(rootMeanSquare(network.getParam("0_W").getColumn(c)))
                    .isCloseTo(0.5 * scales[c], within(1e-5 * scales[c]));
        }
    }

    @Test
    void weightsOfZeroStay() {
        MultiLayerNetwork network = network();
        network.getParam("0_W").assign(0);

        recipe().scale(Scale.unit()).initialScale(0.06).build().install(network);

        assertThat(network.getParam("0_W").amaxNumber().doubleValue()).isZero();
    }

    @Test
    void aTrainedNetworkIsNotChangedUnlessAsked() {
        MultiLayerNetwork network = network();
        INDArray before = network.params().dup();

        Askew.fromTrained(2, 2).build().install(network);

        assertThat(network.params()).isEqualTo(before);
    }

    @Test
    void aConfigurationHasNoWeightsAndItsPlanSaysSo() {
        AskewPlan plan = recipe().initialScale(0.06).build().install(configuration());

        assertThat(plan.warnings()).anySatisfy(w -> assertThat(w).contains("initial scale 0.06", "left out"));
    }

    @Test
    void sharesOutOfRangeAreRefused() {
        for (double share : new double[] {0, -0.1, 1.01, Double.NaN}) {
            assertThatThrownBy(() -> recipe().initialScale(share))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("initialScale is " + share)
                    .hasMessageContaining("up to 1");
        }
    }

    private static Askew.Builder recipe() {
        return Askew.builder().grid(Grid.binary()).epsilon(Annealing.hold(5).thenLinear(5));
    }

    private static double rootMeanSquare(INDArray weights) {
        return Math.sqrt(weights.mul(weights).meanNumber().doubleValue());
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration());
        network.init();
        return network;
    }

    private static MultiLayerConfiguration configuration() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.01))
                .list()
                .layer(new DenseLayer.Builder()
                        .nOut(6)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(5))
                .build();
    }
}
