package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import io.github.dl4jaskew.testkit.Nets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/** What holds for every training method, on both kinds of networks, in both precisions. */
class TrainingMethodTest {

    /** The two kinds of networks that DL4J has. */
    enum Kind {
        LIST {
            @Override
            Model network(DataType type) {
                return Nets.mlp(new Adam(0.01)).convertDataType(type);
            }
        },
        GRAPH {
            @Override
            Model network(DataType type) {
                return Nets.graph(new Adam(0.01)).convertDataType(type);
            }
        };

        abstract Model network(DataType type);
    }

    static Stream<Arguments> all() {
        return Arrays.stream(GoldenNetwork.values())
                .flatMap(golden -> Arrays.stream(Kind.values())
                        .flatMap(kind -> Stream.of(DataType.FLOAT, DataType.DOUBLE)
                                .map(type -> Arguments.of(golden, kind, type))));
    }

    /** Those that put something on a network. */
    static Stream<Arguments> training() {
        return all().filter(arguments -> arguments.get()[0] != GoldenNetwork.POST_TRAINING);
    }

    private static Model restored(Model network) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        ByteArrayInputStream in = new ByteArrayInputStream(bytes.toByteArray());
        return network instanceof MultiLayerNetwork
                ? ModelSerializer.restoreMultiLayerNetwork(in, true)
                : ModelSerializer.restoreComputationGraph(in, true);
    }

    private static double[] params(Model network) {
        return network.params().dup().data().asDouble();
    }

    @ParameterizedTest
    @MethodSource("all")
    void plansWhatItInstalls(GoldenNetwork golden, Kind kind, DataType type) {
        Model network = kind.network(type);
        QuantizedTraining method = golden.method();
        AskewPlan plan = method.plan(network);
        assertThat(Askew.isInstalled(network)).isFalse();
        double[] before = params(network);
        assertThat(method.install(network).entries()).isEqualTo(plan.entries());
        assertThat(params(network)).isEqualTo(before);
        assertThat(plan.constrained()).extracting(AskewPlan.Entry::parameter).containsOnly("W");
        assertThat(plan.constrained()).hasSize(kind == Kind.LIST ? 2 : 4);
        assertThat(Askew.isInstalled(network)).isEqualTo(golden != GoldenNetwork.POST_TRAINING);
    }

    @ParameterizedTest
    @MethodSource("training")
    void survivesJsonAndCopies(GoldenNetwork golden, Kind kind, DataType type) throws IOException {
        Model network = kind.network(type);
        golden.method().install(network);
        String configuration = Nets.configuration(network);
        Nets.requireSameConfiguration(restored(network), configuration);
        Nets.requireSameConfiguration(Network.of(network).copy().model(), configuration);
        if (network instanceof MultiLayerNetwork list) {
            MultiLayerConfiguration own = list.getLayerWiseConfigurations();
            assertThat(MultiLayerConfiguration.fromJson(configuration)).isEqualTo(own);
            assertThat(own.clone()).isEqualTo(own);
            Nets.requireSameConfiguration(list.clone(), configuration);
        } else {
            ComputationGraphConfiguration own = ((ComputationGraph) network).getConfiguration();
            assertThat(ComputationGraphConfiguration.fromJson(configuration)).isEqualTo(own);
            assertThat(own.clone().getVertices()).isEqualTo(own.getVertices());
        }
    }

    @ParameterizedTest
    @MethodSource("training")
    void resumesExactly(GoldenNetwork golden, Kind kind, DataType type) throws IOException {
        Model whole = kind.network(type);
        golden.method().install(whole);
        Nets.fit(whole, 4);
        Model second = restored(whole);
        double[] middle = params(whole);
        Nets.fit(whole, 4);
        Nets.fit(second, 4);
        assertThat(params(second)).isEqualTo(params(whole)).isNotEqualTo(middle);
    }

    @ParameterizedTest
    @MethodSource("all")
    void quantizesExactlyAndLeavesTheNetworkAlone(GoldenNetwork golden, Kind kind, DataType type) {
        Model network = kind.network(type);
        QuantizedTraining method = golden.method();
        AskewPlan plan = method.install(network);
        Nets.fit(network, 4);
        String configuration = Nets.configuration(network);
        double[] params = params(network);

        QuantizedModel model = method.quantize(network);

        assertThat(model.parameters())
                .extracting(QuantizedParameter::layer)
                .isEqualTo(
                        plan.constrained().stream().map(AskewPlan.Entry::layer).toList());
        Model served = model.toNetwork();
        assertThat(Askew.isInstalled(served)).isFalse();
        model.parameters().forEach(p -> requireOnLevels(served, p, type));
        Nets.requireSameConfiguration(network, configuration);
        assertThat(params(network)).isEqualTo(params);
    }

    private static void requireOnLevels(Model network, QuantizedParameter parameter, DataType type) {
        INDArray array = Network.of(network).sites().stream()
                .filter(site -> site.name().equals(parameter.layer()))
                .map(site -> site.params().get(parameter.name()))
                .findFirst()
                .orElseThrow();
        assertThat(array.dataType()).isEqualTo(type);
        double[] weights = array.dup(array.ordering()).data().asDouble();
        ScaledGrid grid = parameter.grid();
        for (int i = 0; i < weights.length; i++) {
            double level = grid.level(grid.channels().of(i), parameter.codes().get(i));
            assertThat(weights[i]).isEqualTo(type == DataType.FLOAT ? (float) level : level);
        }
    }

    @ParameterizedTest
    @MethodSource("training")
    void uninstallingLeavesNoTrace(GoldenNetwork golden, Kind kind, DataType type) {
        Model network = kind.network(type);
        String before = Nets.configuration(network);
        QuantizedTraining method = golden.method();
        method.install(network);
        assertThatIllegalStateException().isThrownBy(() -> method.install(network));
        assertThat(Askew.uninstall(network)).isTrue();
        assertThat(Askew.isInstalled(network)).isFalse();
        assertThat(Askew.uninstall(network)).isFalse();
        Nets.requireSameConfiguration(network, before);
        Nets.fit(network, 1);
        assertThat(params(network)).doesNotContain(Double.NaN);
    }
}
