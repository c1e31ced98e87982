package io.github.dl4jaskew.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.schedule.Annealing;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionHelper;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Where a helper such as oneDNN's does the backward pass of a convolution, DL4J keeps the weights of the forward pass. A
 * method whose forward pass sees other weights than those that are trained must not go on with the levels of the first
 * step.
 */
class ConvolutionHelperTest {

    private static final double RATE = 0.2;

    /** Forward weights that the helper was shown, one for each step. */
    private final List<Double> seen = new ArrayList<>();

    static Stream<QuantizedTraining> methods() {
        return Stream.of(
                BinaryConnect.builder().scale(Scale.fixed(1)).build(),
                Askew.builder()
                        .scale(Scale.fixed(1))
                        .epsilon(Annealing.hold(3).thenLinear(3).byIteration())
                        .straightThroughHold()
                        .build());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyStepSeesTheLevelsOfItsOwnWeights(QuantizedTraining method) throws ReflectiveOperationException {
        MultiLayerNetwork network = network();
        method.install(network);
        network.getParam("0_W").assign(0.25);
        setHelper(network);

        DataSet example = new DataSet(Nd4j.ones(1, 1, 2, 2), Nd4j.ones(1, 1, 2, 2));
        // one epoch: DL4J clears them between epochs
        network.fit(new ListDataSetIterator<>(List.of(example, example, example), 1));

        // The helper's gradient is 1: the steps begin at 0.25, 0.05 and -0.15.
        assertThat(seen).containsExactly(1.0, 1.0, -1.0);
        assertThat(network.getParam("0_W").getDouble(0)).isEqualTo(0.25 - 3 * RATE, within(1e-6));
    }

    private void setHelper(MultiLayerNetwork network) throws ReflectiveOperationException {
        Field helper = org.deeplearning4j.nn.layers.convolution.ConvolutionLayer.class.getDeclaredField("helper");
        helper.setAccessible(true);
        helper.set(
                network.getLayer(0),
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {ConvolutionHelper.class},
                        (proxy, method, arguments) -> switch (method.getName()) {
                            case "checkSupported" -> true;
                            case "helperMemoryUse" -> Map.of();
                            case "backpropGradient" ->
                                backward((INDArray) arguments[0], (INDArray) arguments[1], (INDArray) arguments[8]);
                            // null: DL4J's own code does it
                            default -> null;
                        }));
    }

    private Pair<Gradient, INDArray> backward(INDArray input, INDArray weights, INDArray weightGradients) {
        seen.add(weights.getDouble(0));
        weightGradients.assign(1);
        Gradient gradient = new DefaultGradient();
        gradient.setGradientFor("W", weightGradients, 'c');
        return new Pair<>(gradient, input.like());
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Sgd(RATE))
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .list()
                .layer(new ConvolutionLayer.Builder(1, 1)
                        .nOut(1)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new CnnLossLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(2, 2, 1))
                .build());
        network.init();
        return network;
    }
}
