package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import io.github.dl4jaskew.testkit.LayerCase;
import io.github.dl4jaskew.testkit.Nets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Every type of layer is constrained, trained onto its levels, saved, quantized and set free again. */
class LayerTypesTest {

    private static final Askew TERNARY =
            AskewNets.closing().grid(Grid.ternary()).build();

    @ParameterizedTest
    @EnumSource
    void constrainsTheWeightsAndNothingElse(LayerCase type) {
        MultiLayerNetwork network = network(type);
        AskewPlan plan = TERNARY.install(network);
        assertThat(plan.constrained().stream()
                        .filter(e -> e.layer().equals("first"))
                        .map(AskewPlan.Entry::parameter)
                        .collect(Collectors.toSet()))
                .isEqualTo(type.weights());
        assertThat(plan.skipped()).allMatch(e -> e.skipped() != null && e.grid() == null);
        assertThat(plan.entries().stream().mapToLong(AskewPlan.Entry::size).sum())
                .isEqualTo(network.numParams());
    }

    @Tag("training")
    @ParameterizedTest
    @EnumSource
    void trainsOntoTheLevels(LayerCase type) {
        MultiLayerNetwork network = Nets.init(type.configuration(new Sgd(Nets.resting(0.01)), Activation.TANH));
        TERNARY.install(network);
        fit(network, type, 30);
        AskewNets.requireDrawn(network);
        requireLevels(TERNARY.quantize(network), network);
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheConfigurationWhenOthersQuantize(LayerCase type) {
        MultiLayerNetwork network = network(type);
        Askew recipe = recipe(type);
        recipe.install(network);
        fit(network, type, 1);
        String before = Nets.configuration(network);
        float[] params = Nets.params(network);

        QuantizedModel model = recipe.quantize(network);

        Nets.requireSameConfiguration(network, before);
        assertThat(Nets.params(network)).isEqualTo(params);
        MultiLayerNetwork served = model.toMultiLayerNetwork();
        assertThat(Nets.isConstrained(served)).isFalse();
        assertThat(served.output(type.features())).isEqualTo(model.output(type.features()));
        recipe.install(served);
        assertThat(Nets.isConstrained(model.toMultiLayerNetwork())).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void isSavedWithTheNetwork(LayerCase type) throws IOException {
        MultiLayerNetwork network = network(type);
        recipe(type).install(network);
        fit(network, type, 3);
        MultiLayerNetwork restored = restored(network);
        Nets.requireSameConfiguration(restored, Nets.configuration(network));
        fit(network, type, 5);
        fit(restored, type, 5);
        assertThat(Nets.params(restored)).isEqualTo(Nets.params(network));
    }

    @ParameterizedTest
    @EnumSource
    void uninstallRestoresTheConfiguration(LayerCase type) {
        MultiLayerNetwork network = network(type);
        String before = Nets.configuration(network);
        recipe(type).install(network);
        assertThat(Nets.isConstrained(network)).isTrue();
        assertThat(Askew.uninstall(network)).isTrue();
        Nets.requireSameConfiguration(network, before);
        assertThat(Askew.uninstall(network)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void configurationAndNetworkAgree(LayerCase type) {
        var configuration = type.configuration(new Sgd(0.01), Activation.TANH);
        AskewPlan onConfiguration = recipe(type).install(configuration);
        MultiLayerNetwork fromConfiguration = Nets.init(configuration);
        MultiLayerNetwork network = network(type);
        AskewPlan onNetwork = recipe(type).install(network);

        assertThat(onConfiguration).isEqualTo(onNetwork);
        Nets.requireSameConfiguration(fromConfiguration, Nets.configuration(network));
        fit(fromConfiguration, type, 4);
        fit(network, type, 4);
        assertThat(Nets.params(fromConfiguration)).isEqualTo(Nets.params(network));
    }

    /** One that uses everything: scales per channel, an updater, noise, a projection. */
    private static Askew recipe(LayerCase type) {
        return AskewNets.closing()
                .scale(type.ordinal() % 2 == 0 ? Scale.mse() : Scale.max().perChannel())
                .updater(new Adam(0.1))
                .learningRateUnit(LearningRateUnit.CELL)
                .perturbation(0.01, 5)
                .projection(ProjectionMode.HULL)
                .build();
    }

    private static MultiLayerNetwork network(LayerCase type) {
        return Nets.init(type.configuration(new Sgd(0.01), Activation.TANH));
    }

    private static void fit(MultiLayerNetwork network, LayerCase type, int iterations) {
        DataSet data = type.data();
        for (int i = 0; i < iterations; i++) {
            network.fit(data);
        }
    }

    private static MultiLayerNetwork restored(MultiLayerNetwork network) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes.toByteArray()), true);
    }

    private static void requireLevels(QuantizedModel model, MultiLayerNetwork trained) {
        MultiLayerNetwork network = model.toMultiLayerNetwork();
        assertThat(model.parameters()).isNotEmpty();
        for (QuantizedParameter p : model.parameters()) {
            INDArray weights = parameter(network, p);
            ScaledGrid grid = p.grid();
            float[] levels = new float[grid.grid().size()];
            for (int code = 0; code < levels.length; code++) {
                levels[code] = (float) grid.level(0, code);
            }
            for (long i = 0; i < weights.length(); i++) {
                assertThat(levels).contains(weights.getFloat(i));
            }
            assertThat(weights.shape())
                    .isEqualTo(parameter(trained, p).shape())
                    .isEqualTo(p.shape().stream().mapToLong(Long::longValue).toArray());
        }
        assertThat(Arrays.equals(Nets.params(network), Nets.params(trained))).isFalse();
    }

    private static INDArray parameter(MultiLayerNetwork network, QuantizedParameter p) {
        return network.getLayer(p.layer()).getParam(p.name());
    }
}
