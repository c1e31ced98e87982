package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Of first weights that are too small for few levels the plan warns. */
class FirstWeightsTest {

    /** In the last layer of 10 outputs: that of 50 inputs and 10 outputs has a root mean square of sqrt(2 / 60) = 0.18. */
    private static final double USUAL = Math.sqrt(2 / 60.0);

    @Test
    void smallWeightsAreWarnedOf() {
        assertThat(warnings(Grid.binary(), normal(0.5 * USUAL)))
                .singleElement()
                .asString()
                .startsWith("layer 'output', parameter 'W': the first weights are 0.")
                .contains("(root mean square 0.0", " instead of 0.18)", "use WeightInit.XAVIER or RELU");
        assertThat(warnings(Grid.ternary(), normal(0.1 * USUAL))).hasSize(1);
        assertThat(warnings(Grid.uniform(2), normal(0.1 * USUAL))).hasSize(1);
    }

    @Test
    void moreLevelsAndWeightsOfTheUsualSizeAreNot() {
        assertThat(warnings(Grid.uniform(3), normal(0.1 * USUAL))).isEmpty();
        assertThat(warnings(Grid.binary(), normal(USUAL))).isEmpty();
        assertThat(warnings(Grid.binary(), normal(10 * USUAL))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "XAVIER",
                "XAVIER_UNIFORM",
                "RELU",
                "RELU_UNIFORM",
                "LECUN_NORMAL",
                "LECUN_UNIFORM",
                "NORMAL",
                "SIGMOID_UNIFORM",
                "VAR_SCALING_NORMAL_FAN_AVG"
            })
    void noneOfTheseInitializationsIs(WeightInit init) {
        assertThat(warnings(Grid.binary(), init.getWeightInitFunction(null))).isEmpty();
    }

    @Test
    void anInitializationThatIsSmallerIs() {
        assertThat(warnings(Grid.binary(), WeightInit.UNIFORM.getWeightInitFunction(null)))
                .hasSize(1);
    }

    @Test
    void whatBatchNormFollowsIsNot() {
        IWeightInit small = normal(0.01 * USUAL);
        MultiLayerNetwork network = network(
                new DenseLayer.Builder()
                        .nOut(50)
                        .weightInit(small)
                        .activation(Activation.IDENTITY)
                        .build(),
                new BatchNormalization(),
                output(WeightInit.XAVIER.getWeightInitFunction(null)));
        assertThat(plan(network, Grid.binary())).isEmpty();
    }

    @Test
    void convolutionsOfTheUsualSizeAreNot() {
        List<ConvolutionLayer.BaseConvBuilder<?>> kinds = List.of(
                new ConvolutionLayer.Builder(5, 5),
                new Deconvolution2D.Builder(5, 5),
                new SeparableConvolution2D.Builder(5, 5),
                new DepthwiseConvolution2D.Builder(5, 5));
        for (ConvolutionLayer.BaseConvBuilder<?> kind : kinds) {
            Layer layer =
                    kind.nOut(16).hasBias(false).weightInit(WeightInit.XAVIER).build();
            assertThat(plan(network(layer, output(WeightInit.XAVIER.getWeightInitFunction(null))), Grid.binary()))
                    .as(layer.toString())
                    .isEmpty();
        }
    }

    @Test
    void aSmallConvolutionIs() {
        Layer layer = new ConvolutionLayer.Builder(5, 5)
                .nOut(16)
                .weightInit(normal(0.3 * Math.sqrt(2 / (25.0 * (2 + 16)))))
                .build();
        assertThat(plan(network(layer, output(WeightInit.XAVIER.getWeightInitFunction(null))), Grid.binary()))
                .hasSize(1);
    }

    private static List<String> warnings(Grid grid, IWeightInit init) {
        return plan(
                network(
                        new ConvolutionLayer.Builder(5, 5)
                                .nOut(12)
                                .weightInit(WeightInit.XAVIER)
                                .build(),
                        new DenseLayer.Builder()
                                .nOut(50)
                                .weightInit(WeightInit.XAVIER)
                                .build(),
                        output(init)),
                grid);
    }

    private static List<String> plan(MultiLayerNetwork network, Grid grid) {
        return Askew.fromScratch(6, 100).grid(grid).build().plan(network).warnings();
    }

    private static IWeightInit normal(double deviation) {
        return new WeightInitDistribution(new NormalDistribution(0, deviation));
    }

    private static Layer output(IWeightInit init) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nOut(10)
                .weightInit(init)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static MultiLayerNetwork network(Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-3))
                .list();
        List.of(layers).forEach(list::layer);
        MultiLayerNetwork network = new MultiLayerNetwork(
                list.setInputType(InputType.convolutionalFlat(10, 10, 2)).build());
        network.init();
        return network;
    }
}
