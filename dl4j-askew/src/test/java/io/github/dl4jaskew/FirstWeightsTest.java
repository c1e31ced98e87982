package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
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

    private static final IWeightInit XAVIER = WeightInit.XAVIER.getWeightInitFunction(null);

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

    /** Its root mean square is 0.713 times XAVIER's, but for chance. */
    @Test
    void chanceIsLeftOut() {
        for (long seed = 1; seed <= 20; seed++) {
            MultiLayerNetwork network = network(
                    seed,
                    InputType.feedForward(128),
                    new DenseLayer.Builder()
                            .nOut(2)
                            .weightInit(WeightInit.NORMAL)
                            .build(),
                    output(XAVIER));
            assertThat(plan(network, Grid.binary())).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void whatBatchNormOrLayerNormFollowsIsNot() {
        DenseLayer.Builder small = new DenseLayer.Builder()
                .nOut(50)
                .weightInit(normal(0.01 * USUAL))
                .activation(Activation.IDENTITY);
        assertThat(plan(network(small.build(), new BatchNormalization(), output(XAVIER)), Grid.binary()))
                .isEmpty();
        assertThat(Askew.fromScratch(6, 100)
                        .quantizationDelay(100)
                        .build()
                        .plan(network(small.build(), new BatchNormalization(), output(XAVIER)))
                        .warnings())
                .isEmpty();
        assertThat(plan(network(small.hasLayerNorm(true).build(), output(XAVIER)), Grid.binary()))
                .noneMatch(warning -> warning.contains("first weights"));
    }

    @Test
    void fromTrainedDoesNotAsk() {
        assertThat(Askew.fromTrained(6, 100)
                        .build()
                        .plan(network(output(normal(0.01 * USUAL))))
                        .warnings())
                .isEmpty();
    }

    @Test
    void convolutionsOfTheUsualSizeAreNot() {
        List<ConvolutionLayer.BaseConvBuilder<?>> kinds = List.of(
                new ConvolutionLayer.Builder(5, 5),
                new ConvolutionLayer.Builder(5, 5).stride(2, 2),
                new Deconvolution2D.Builder(5, 5).stride(2, 2),
                new SeparableConvolution2D.Builder(5, 5),
                new DepthwiseConvolution2D.Builder(5, 5));
        for (ConvolutionLayer.BaseConvBuilder<?> kind : kinds) {
            Layer layer =
                    kind.nOut(16).hasBias(false).weightInit(WeightInit.XAVIER).build();
            assertThat(plan(network(layer, output(XAVIER)), Grid.binary()))
                    .as(layer.toString())
                    .isEmpty();
        }
    }

    @Test
    void layersWithOtherFansAreNot() {
        for (Layer layer : List.of(
                new Convolution1DLayer.Builder(5)
                        .nOut(16)
                        .weightInit(WeightInit.XAVIER)
                        .build(),
                new SelfAttentionLayer.Builder()
                        .nOut(16)
                        .nHeads(4)
                        .headSize(16)
                        .projectInput(true)
                        .weightInit(WeightInit.XAVIER)
                        .build())) {
            MultiLayerNetwork network = network(
                    1,
                    InputType.recurrent(16, 12),
                    layer,
                    new RnnOutputLayer.Builder(LossFunction.MCXENT)
                            .nOut(10)
                            .activation(Activation.SOFTMAX)
                            .build());
            assertThat(plan(network, Grid.binary())).noneMatch(warning -> warning.contains("first weights"));
        }
    }

    @Test
    void aSmallConvolutionIs() {
        double usual = Math.sqrt(2 / (25.0 * (2 + 16 / 4.0)));
        Layer layer = new ConvolutionLayer.Builder(5, 5)
                .stride(2, 2)
                .nOut(16)
                .weightInit(normal(0.6 * usual))
                .build();
        assertThat(plan(network(layer, output(XAVIER)), Grid.binary()))
                .singleElement()
                .asString()
                .contains(String.format(Locale.ROOT, "instead of %.2g)", usual));
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
        return network(1, InputType.convolutionalFlat(10, 10, 2), layers);
    }

    private static MultiLayerNetwork network(long seed, InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(1e-3))
                .list();
        List.of(layers).forEach(list::layer);
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }
}
