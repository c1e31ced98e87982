package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.baseline.BinaryConnect;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.testkit.LayerCase;
import io.github.dl4jaskew.testkit.Nets;
import java.util.EnumSet;
import java.util.Set;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** Every type of layer either sees nearest levels, forward and backward, or is skipped with the reason. */
class WeightNoiseLayersTest {

    private static final double RATE = 0.01;
    private static final Set<LayerCase> BLIND = EnumSet.of(
            LayerCase.CONVOLUTION_1D,
            LayerCase.EMBEDDING,
            LayerCase.EMBEDDING_SEQUENCE,
            LayerCase.SELF_ATTENTION,
            LayerCase.RECURRENT_ATTENTION,
            LayerCase.LOCALLY_CONNECTED_1D,
            LayerCase.LOCALLY_CONNECTED_2D);

    private static final BinaryConnect METHOD =
            BinaryConnect.builder().grid(Grid.ternary()).build();

    private static MultiLayerNetwork network(LayerCase type) {
        return Nets.init(type.configuration(new Sgd(RATE), Activation.TANH));
    }

    @ParameterizedTest
    @EnumSource
    void inferenceIsThatOfTheQuantizedNetwork(LayerCase type) {
        MultiLayerNetwork network = network(type);
        AskewPlan plan = METHOD.install(network);
        boolean claimed = plan.constrained().stream().anyMatch(e -> e.layer().equals("first"));
        assertThat(claimed).isEqualTo(!BLIND.contains(type));
        if (!claimed) {
            assertThat(plan.toString()).contains("has no weight noise");
        }
        network.fit(type.data());
        INDArray before = network(type).output(type.features());
        assertThat(network.output(type.features()))
                .isEqualTo(METHOD.quantize(network).output(type.features()))
                .isNotEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void trainingTakesTheGradientsOfTheQuantizedNetwork(LayerCase type) {
        MultiLayerNetwork network = network(type);
        METHOD.install(network);
        MultiLayerNetwork rounded = METHOD.quantize(network).toMultiLayerNetwork();
        INDArray start = network.params().dup();
        INDArray roundedStart = rounded.params().dup();
        for (int i = 0; i < 2; i++) {
            // The second time with the parameters of the first: a stale copy would show.
            network.params().assign(start);
            rounded.params().assign(roundedStart);
            network.fit(type.data());
            rounded.fit(type.data());
        }
        ArrayWeights moved = new ArrayWeights(network.params());
        ArrayWeights from = new ArrayWeights(start);
        ArrayWeights roundedMoved = new ArrayWeights(rounded.params());
        ArrayWeights roundedFrom = new ArrayWeights(roundedStart);
        int compared = 0;
        for (InstalledParameter p : InstalledParameter.of(network)) {
            long first = p.weights().offset() - network.params().offset();
            double end = p.grid().scale(0);
            for (long i = first; i < first + p.weights().length(); i++) {
                double wanted = from.at(i) + roundedMoved.at(i) - roundedFrom.at(i);
                assertThat(moved.at(i)).isEqualTo(Math.max(-end, Math.min(end, wanted)), within(1e-6));
                compared++;
            }
        }
        assertThat(compared).isPositive();
    }
}
