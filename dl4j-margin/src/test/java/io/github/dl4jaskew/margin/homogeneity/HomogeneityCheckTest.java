package io.github.dl4jaskew.margin.homogeneity;

import static io.github.dl4jaskew.margin.homogeneity.Nets.dense;
import static io.github.dl4jaskew.margin.homogeneity.Nets.flat;
import static io.github.dl4jaskew.margin.homogeneity.Nets.softmax;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HomogeneityCheckTest {

    @Test
    void homogeneousNetworksPassToRounding() {
        HomogeneityCheck check = HomogeneityCheck.of(
                flat(dense("first", true), dense("second", false), softmax(false)), Nets.flatFeatures());
        assertThat(check.deviation()).isLessThan(1e-13);
        assertThat(check.perturbedDeviation()).isLessThan(1e-13);
        assertThat(check.eulerResidual().getAsDouble()).isLessThan(1e-12);
        assertThat(check.analysis().degree()).hasValue(3);
    }

    @Test
    void aBiasOfZeroShowsOnlyWithNoise() {
        HomogeneityCheck check = HomogeneityCheck.of(flat(dense("first", true), softmax(true)), Nets.flatFeatures());
        assertThat(check.deviation()).isLessThan(HomogeneityCheck.TOLERANCE);
        assertThat(check.perturbedDeviation()).isGreaterThan(0.01);
        assertThat(check.eulerResidual()).isEmpty();
    }

    @Test
    void theNetworkAndTheRandomNumbersAreLeftAlone() {
        MultiLayerNetwork network = flat(dense("first", true), softmax(false));
        INDArray before = network.params().dup();
        Nd4j.getRandom().setSeed(9);
        double next = Nd4j.getRandom().nextDouble();
        Nd4j.getRandom().setSeed(9);
        HomogeneityCheck.of(network, Nets.flatFeatures());
        assertThat(Nd4j.getRandom().nextDouble()).isEqualTo(next);
        assertThat(network.params()).isEqualTo(before);
        assertThat(network.getOutputLayer().conf().getLayer())
                .isEqualTo(flat(dense("first", true), softmax(false))
                        .getOutputLayer()
                        .conf()
                        .getLayer());
    }

    @Test
    void aWrongDegreeIsAnErrorThatShowsBoth() {
        Homogeneity wrong = Homogeneity.of(flat(dense("first", true), dense("more", false), softmax(false)));
        MultiLayerCopy copy = new MultiLayerCopy(flat(dense("first", true), softmax(false)));
        assertThatThrownBy(() -> HomogeneityCheck.of(wrong, copy, Nets.flatFeatures()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("analysis and measurement disagree")
                .hasMessageContaining("output \"out\" deviates from degree 3 by 0.5")
                .hasMessageContaining("homogeneous of degree 3");
    }

    @Test
    void anOverlookedReasonIsAnError() {
        Homogeneity wrong = Homogeneity.of(flat(dense("first", true), dense("hidden", false), softmax(false)));
        MultiLayerCopy tanh =
                new MultiLayerCopy(flat(dense("first", true), dense("hidden", false, Activation.TANH), softmax(false)));
        assertThatThrownBy(() -> HomogeneityCheck.of(wrong, tanh, Nets.flatFeatures()))
                .hasMessageContaining("disagree");
        MultiLayerCopy norm = new MultiLayerCopy(
                flat(dense("first", true), new BatchNormalization.Builder().build(), softmax(false)));
        Homogeneity two = Homogeneity.of(flat(dense("first", true), softmax(false)));
        assertThatThrownBy(() -> HomogeneityCheck.of(two, norm, Nets.flatFeatures()))
                .hasMessageContaining("disagree");
    }

    @Test
    void aReasonThatIsNoneIsAnError() {
        Homogeneity wrong =
                Homogeneity.of(flat(dense("first", true), dense("hidden", false, Activation.TANH), softmax(false)));
        MultiLayerCopy copy = new MultiLayerCopy(flat(dense("first", true), dense("hidden", false), softmax(false)));
        assertThatThrownBy(() -> HomogeneityCheck.of(wrong, copy, Nets.flatFeatures()))
                .hasMessageContaining("disagree")
                .hasMessageContaining("\"hidden\": activation tanh is not homogeneous");
    }

    @Test
    void thereMustBeSomethingToCompare() {
        MultiLayerNetwork network = flat(dense("first", false), softmax(false));
        assertThatThrownBy(() -> HomogeneityCheck.of(network, Nd4j.zeros(2, Nets.FEATURES)))
                .hasMessageContaining("all logits are 0");
    }
}
