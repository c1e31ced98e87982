package io.github.dl4jaskew.internal.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.AskewNets;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.quantized.MemoryReport;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import io.github.dl4jaskew.testkit.Nets;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class QuantizationTest {

    private static final Askew RECIPE = AskewNets.closing()
            .grid(Grid.uniform(3))
            .scale(Scale.max().perChannel())
            .updater(new Adam(0.1))
            .build();

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        RECIPE.install(network);
        Nets.fit(network, 3);
        return network;
    }

    @Test
    void codesLevelsAndWeightsAgree() {
        MultiLayerNetwork network = network();
        QuantizedModel model = RECIPE.quantize(network);
        MultiLayerNetwork quantized = model.toMultiLayerNetwork();
        assertThat(model.parameters()).extracting(QuantizedParameter::layer).containsExactly("hidden", "output");
        for (QuantizedParameter p : model.parameters()) {
            INDArray trained = network.getLayer(p.layer()).getParam(p.name());
            ArrayWeights before = new ArrayWeights(trained);
            ArrayWeights after = new ArrayWeights(quantized.getLayer(p.layer()).getParam(p.name()));
            assertThat(p.size()).isEqualTo(trained.length());
            assertThat(p.codes().bits()).isEqualTo(3);
            for (long i = 0; i < p.size(); i++) {
                int channel = p.grid().channels().of(i);
                int code = p.codes().get(i);
                assertThat((float) after.at(i)).isEqualTo((float) p.grid().level(channel, code));
                assertThat(code).isEqualTo(p.grid().code(channel, before.at(i)));
            }
        }
        assertThat(Nets.param(quantized, "0_b")).isEqualTo(Nets.param(network, "0_b"));
        assertThat(Nets.param(quantized, "1_mean")).isEqualTo(Nets.param(network, "1_mean"));
        assertThat(model.output(Nets.data().getFeatures()))
                .isEqualTo(quantized.output(Nets.data().getFeatures()));
        assertThat(model.evaluate(Nets.iterator(5)).confusionToString())
                .isEqualTo(quantized.evaluate(Nets.iterator(5)).confusionToString());
    }

    @Test
    void trainingGoesOnAsIfNothingHadHappened() {
        MultiLayerNetwork network = network();
        MultiLayerNetwork undisturbed = network();
        String configuration = Nets.configuration(network);
        float[] params = Nets.params(network);
        QuantizedModel model = RECIPE.quantize(network, Nets.iterator(5));
        model.evaluate(Nets.iterator(5));
        model.toMultiLayerNetwork().params().assign(0);
        assertThat(Nets.params(network)).isEqualTo(params);
        Nets.requireSameConfiguration(network, configuration);
        Nets.fit(network, 3);
        Nets.fit(undisturbed, 3);
        assertThat(Nets.params(network)).isEqualTo(Nets.params(undisturbed));
    }

    @Test
    void exceptionsLeaveTheNetworkAlone() {
        MultiLayerNetwork network = network();
        float[] params = Nets.params(network);
        assertThatThrownBy(() -> RECIPE.quantize(network, failing())).hasMessage("disk full");
        QuantizedModel model = RECIPE.quantize(network);
        INDArray output = model.output(Nets.data().getFeatures());
        assertThatThrownBy(() -> model.evaluate(failing())).hasMessage("disk full");
        assertThat(Nets.params(network)).isEqualTo(params);
        assertThat(model.output(Nets.data().getFeatures())).isEqualTo(output);

        network.getParam("2_W").putScalar(4, Double.NaN);
        float[] broken = Nets.params(network);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RECIPE.quantize(network))
                .withMessageContaining("layer 'output', parameter 'W'")
                .withMessageContaining("NaN");
        assertThat(Nets.params(network)).isEqualTo(broken);
        assertThat(Nets.isConstrained(network)).isTrue();
    }

    /** Breaks at the second minibatch. */
    private static DataSetIterator failing() {
        return new ListDataSetIterator<>(Nets.data().asList(), 5) {
            private int batches;

            @Override
            public DataSet next() {
                if (batches++ > 0) {
                    throw new IllegalStateException("disk full");
                }
                return super.next();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8})
    void memoryIsCounted(int bits) {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        Askew recipe = AskewNets.closing()
                .grid(Grid.uniform(bits))
                .scale(Scale.max().perChannel())
                .layers(Layers.named("hidden"))
                .build();
        recipe.install(network);
        MemoryReport report = recipe.quantize(network).memoryReport();
        long packed = (20L * bits + 7) / 8 + 4 * 5;
        assertThat(report.rows()).hasSize(8);
        assertThat(report.rows().get(0)).isEqualTo(new MemoryReport.Row("hidden", "W", bits, 20, 80, packed));
        assertThat(report.rows().get(1)).isEqualTo(new MemoryReport.Row("hidden", "b", 32, 5, 20, 20));
        assertThat(report.floatBytes()).isEqualTo(4 * network.numParams());
        assertThat(report.packedBytes()).isEqualTo(4 * (network.numParams() - 20) + packed);
        assertThat(report.ratio()).isCloseTo(report.floatBytes() / (double) report.packedBytes(), within(1e-12));
        assertThat(report.toString()).contains("hidden", "float bytes", "times smaller");
    }

    @Test
    void graphsAreQuantized() {
        ComputationGraph graph = Nets.graph(new Sgd(0.1));
        RECIPE.install(graph);
        Nets.fit(graph, 3);
        graph.setListeners(new AskewListener());
        float[] params = Nets.params(graph);
        QuantizedModel model = RECIPE.quantize(graph);
        assertThat(model.parameters()).hasSize(4);
        assertThat(Nets.params(graph)).isEqualTo(params);
        assertThat(Nets.isConstrained(graph)).isTrue();
        assertThat(graph.getListeners()).hasSize(1);
        assertThat(Nets.isConstrained(model.toComputationGraph())).isFalse();
        assertThat(model.memoryReport().rows())
                .filteredOn(row -> row.bits() == 3)
                .extracting(MemoryReport.Row::layer)
                .containsExactlyInAnyOrder("left", "right", "first", "second");
        assertThatIllegalStateException()
                .isThrownBy(model::toMultiLayerNetwork)
                .withMessageContaining("toComputationGraph");
        assertThatIllegalStateException()
                .isThrownBy(() -> RECIPE.quantize(network()).toComputationGraph())
                .withMessageContaining("toMultiLayerNetwork");
    }

    @Test
    void graphsOfOneInputAndOutputEvaluate() {
        ComputationGraph graph = Nets.init(Nets.base(new Sgd(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer("output", Nets.output("output", Nets.IN, Nets.OUT), "in")
                .setOutputs("output")
                .build());
        RECIPE.install(graph);
        graph.fit(Nets.iterator(5), 2);
        QuantizedModel model = RECIPE.quantize(graph, Nets.iterator(5));
        assertThat(model.evaluate(Nets.iterator(5)).confusionToString())
                .isEqualTo(model.toComputationGraph().evaluate(Nets.iterator(5)).confusionToString());
        assertThat(model.output(Nets.data().getFeatures()))
                .isEqualTo(model.toComputationGraph().outputSingle(Nets.data().getFeatures()));
    }

    @Test
    void needsAConstraint() {
        assertThatIllegalStateException()
                .isThrownBy(() -> RECIPE.quantize(Nets.mlp(new Sgd(0.1))))
                .withMessageContaining("install(network)");
        assertThatIllegalStateException().isThrownBy(() -> RECIPE.quantize(Nets.graph(new Sgd(0.1))));
    }
}
