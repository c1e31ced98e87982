package io.github.dl4jaskew.margin.homogeneity;

import static io.github.dl4jaskew.margin.homogeneity.Nets.dense;
import static io.github.dl4jaskew.margin.homogeneity.Nets.flat;
import static io.github.dl4jaskew.margin.homogeneity.Nets.softmax;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.dl4jaskew.margin.homogeneity.Reason.Kind;
import io.github.dl4jaskew.margin.internal.network.TrainedParameters;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.BaseInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationPReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class HomogeneityTest {

    @Test
    void theFirstBiasCountsAsAWeight() {
        MultiLayerNetwork network = flat(dense("first", true), dense("second", false), softmax(false));
        Homogeneity homogeneity = Homogeneity.of(network);
        assertThat(homogeneity.isHomogeneous()).isTrue();
        assertThat(homogeneity.degree()).hasValue(3);
        assertThat(homogeneity.degreeAtInference()).hasValue(3);
        assertThat(homogeneity.requireDegree()).isEqualTo(3);
        assertThat(homogeneity.reasons()).isEmpty();
        assertThat(homogeneity.outputs()).containsExactly("out");
        assertThat(homogeneity.layers())
                .containsExactly(
                        new LayerDegree("first", "DenseLayer", 1, 1),
                        new LayerDegree("second", "DenseLayer", 1, 2),
                        new LayerDegree("out", "OutputLayer", 1, 3));
        assertThat(homogeneity.toString()).contains("second  DenseLayer", "homogeneous of degree 3");
        check(network);
    }

    @Test
    void everyHiddenBiasIsNamed() {
        MultiLayerNetwork network = flat(dense("first", true), dense("second", true), softmax(true));
        Homogeneity homogeneity = Homogeneity.of(network);
        assertThat(homogeneity.degree()).isEmpty();
        assertThat(homogeneity.reasons()).extracting(Reason::layer).containsExactly("second", "out");
        assertThat(homogeneity.reasons()).extracting(Reason::kind).containsOnly(Kind.BROKEN);
        assertThatThrownBy(homogeneity::requireDegree)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not homogeneous")
                .hasMessageContaining("\"second\": trained bias has degree 1 where its weights give degree 2")
                .hasMessageContaining("\"out\": trained bias")
                .hasMessageContaining("hasBias(false)");
        assertThat(homogeneity.toString()).contains("is not homogeneous", "\"second\": trained bias");
        check(network);
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"IDENTITY", "RELU", "LEAKYRELU"})
    void piecewiseLinearActivationsKeepTheDegree(Activation activation) {
        assertDegree(flat(dense("first", true), dense("hidden", false, activation), softmax(false)), 3);
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {
                "TANH",
                "SIGMOID",
                "SOFTPLUS",
                "SOFTSIGN",
                "SOFTMAX",
                "ELU",
                "SELU",
                "GELU",
                "SWISH",
                "MISH",
                "HARDTANH",
                "HARDSIGMOID",
                "RATIONALTANH",
                "RECTIFIEDTANH",
                "RELU6",
                "THRESHOLDEDRELU"
            })
    void othersAreNamed(Activation activation) {
        MultiLayerNetwork network = flat(dense("first", true), dense("hidden", false, activation), softmax(false));
        String name = activation.getActivationFunction().toString();
        assertBroken(network, "hidden", "activation " + name + " is not homogeneous");
    }

    @Test
    void theCubeTriplesTheDegree() {
        assertDegree(flat(dense("first", true, Activation.CUBE), softmax(false)), 4);
    }

    @Test
    void optionsOfActivationsCount() {
        assertDegree(activated(new ActivationReLU(null, 0.0, 0.2)), 2);
        assertDegree(activated(new ActivationThresholdedReLU(0)), 2);
        assertHomogeneous(
                activated(new ActivationPReLU(Nd4j.createFromArray(new double[][] {{.1, .2, .3, .4, .5, .6}}), null)),
                2);
        assertBroken(activated(new ActivationReLU(2.0, null, null)), "act", "relu");
        assertBroken(activated(new ActivationReLU(null, 0.5, null)), "act", "relu");
        assertBroken(activated(new ActivationReLU6()), "act", "relu6");
    }

    private static MultiLayerNetwork activated(org.nd4j.linalg.activations.IActivation activation) {
        return flat(
                dense("first", true, Activation.IDENTITY),
                new ActivationLayer.Builder().name("act").activation(activation).build(),
                softmax(false));
    }

    /** ND4J's inference of it is no leaky ReLU. */
    @Test
    void randomSlopesAreBrokenAtInferenceToo() {
        assertBroken(flat(dense("first", true, Activation.RRELU), softmax(false)), "first", "constant 0.229");
    }

    @Test
    void layerNormIsOfTheDegreeOfItsGains() {
        assertDegree(flat(dense("first", true), normalized("norm", false), softmax(false)), 2);
        assertDegree(flat(dense("first", true), normalized("norm", true), softmax(false)), 2);
    }

    private static DenseLayer normalized(String name, boolean bias) {
        DenseLayer layer = dense(name, bias);
        layer.setHasLayerNorm(true);
        return layer;
    }

    @Test
    void batchNormIsNamedUnlessItIsFirst() {
        BatchNormalization norm = new BatchNormalization.Builder().name("norm").build();
        assertBroken(flat(dense("first", true), norm, softmax(false)), "norm", "batch norm");
        assertDegree(flat(norm, dense("first", false), softmax(false)), 3);
    }

    @Test
    void lockedBatchNormHasNoGainsThatCount() {
        BatchNormalization norm = new BatchNormalization.Builder()
                .name("norm")
                .lockGammaBeta(true)
                .build();
        assertDegree(flat(norm, dense("first", false), softmax(false)), 2);
        assertThat(Homogeneity.withoutBiases(flat(dense("first", true), norm, softmax(false)))
                        .degreeAtInference())
                .as("of the output alone")
                .hasValue(1);
    }

    @Test
    void dropoutAndWeightNoiseAreOfTraining() {
        DenseLayer dropped = dense("dropped", false);
        dropped.setIDropout(new Dropout(0.5));
        DenseLayer noisy = dense("noisy", false);
        noisy.setWeightNoise(new DropConnect(0.5));
        MultiLayerNetwork network = flat(
                dense("first", true),
                dropped,
                noisy,
                new DropoutLayer.Builder(0.5).name("drop").build(),
                softmax(false));
        Homogeneity homogeneity = Homogeneity.of(network);
        assertThat(homogeneity.reasons()).extracting(Reason::layer).containsExactly("dropped", "noisy", "drop");
        assertThat(homogeneity.reasons()).extracting(Reason::kind).containsOnly(Kind.TRAINING);
        assertThat(homogeneity.reasons().get(0).text()).contains("dropout at training");
        assertThat(homogeneity.isHomogeneous()).isFalse();
        assertThat(homogeneity.degree()).isEmpty();
        assertThat(homogeneity.degreeAtInference()).hasValue(4);
        assertThatThrownBy(homogeneity::requireDegree).hasMessageContaining("\"drop\": dropout at training");
        check(network);
    }

    @Test
    void trainedSlopesOfPReluAreNamedAndFixedOnesAreNot() {
        PReLULayer.Builder slopes = new PReLULayer.Builder().inputShape(6).name("slopes");
        assertBroken(
                flat(dense("first", true, Activation.IDENTITY), slopes.build(), softmax(false)),
                "slopes",
                "degree 2 below 0 and 1 above");
        // not FrozenLayerWithBackprop: it runs PReLU in place, which spoils the gradient of the layer before
        slopes.updater(new NoOp());
        assertDegree(flat(dense("first", true, Activation.IDENTITY), slopes.build(), softmax(false)), 2);
    }

    @Test
    void whatIsFrozenInFrontMayBeAnything() {
        Layer frozen = frozen(dense("frozen", true, Activation.TANH));
        BatchNormalization norm = new BatchNormalization.Builder().name("norm").build();
        assertDegree(flat(frozen, frozen(norm), dense("first", true), softmax(false)), 2);
        assertThat(Homogeneity.of(flat(frozen, softmax(true))).layers().get(0).type())
                .isEqualTo("DenseLayer (frozen)");
    }

    @Test
    void whatIsFrozenBehindMustHaveNoBias() {
        Layer frozen = new FrozenLayerWithBackprop(dense("frozen", true));
        frozen.setLayerName("frozen");
        MultiLayerNetwork zero = flat(dense("first", true), frozen, softmax(false));
        assertDegree(zero, 2);
        zero.getLayer(1).getParam("b").addi(0.5);
        assertBroken(zero, "frozen", "fixed bias has degree 0 where its weights give degree 1");
    }

    @Test
    void aFrozenLayerKeepsTheGradientFromThoseBeforeIt() {
        MultiLayerNetwork network =
                flat(dense("before", true, Activation.TANH), frozen(dense("frozen", true)), softmax(true));
        assertDegree(network, 1);
        TrainedParameters trained = TrainedParameters.of(network);
        assertThat(trained.isTrained("before", "W")).isFalse();
        assertThat(trained.isTrained("out", "W")).isTrue();
        assertThat(trained.isTrained("nowhere", "W")).isFalse();
        INDArray before = network.getLayer(0).params().dup();
        network.fit(Nets.flatFeatures(), Nets.features(10, 3));
        assertThat(network.getLayer(0).params()).isEqualTo(before);
    }

    @Test
    void transferLearningFreezes() {
        MultiLayerNetwork network =
                flat(dense("extractor", true, Activation.TANH), dense("head", true), softmax(false));
        assertThat(Homogeneity.of(network).reasons()).extracting(Reason::layer).containsExactly("extractor", "head");
        MultiLayerNetwork transferred =
                new TransferLearning.Builder(network).setFeatureExtractor(0).build();
        assertDegree(transferred, 2);
        assertThat(Homogeneity.of(transferred).layers().get(0).type()).isEqualTo("DenseLayer (frozen)");
    }

    @Test
    void locallyConnectedLayersCount() {
        LocallyConnected2D.Builder layer = new LocallyConnected2D.Builder()
                .name("local")
                .kernelSize(3, 3)
                .nOut(2)
                .hasBias(true);
        MultiLayerNetwork relu = Nets.images(layer.activation(Activation.RELU).build(), softmax(false));
        assertThat(Homogeneity.of(relu).degree()).hasValue(2);
        MultiLayerNetwork tanh = Nets.images(layer.activation(Activation.TANH).build(), softmax(false));
        assertThat(Homogeneity.of(tanh).reasons()).extracting(Reason::layer).containsExactly("local");
    }

    @Test
    void aPreprocessorOfOnesOwnIsNotKnown() {
        MultiLayerNetwork network = new MultiLayerNetwork(Nets.builder()
                .list(dense("first", true), softmax(false))
                .inputPreProcessor(1, new Own())
                .setInputType(InputType.feedForward(FEATURES))
                .build());
        network.init();
        assertUnknown(network, "out", "preprocessor Own");
        MultiLayerNetwork hidden = new MultiLayerNetwork(Nets.builder()
                .list(dense("first", true), softmax(false))
                .inputPreProcessor(1, new ComposableInputPreProcessor(new Own()))
                .setInputType(InputType.feedForward(FEATURES))
                .build());
        hidden.init();
        assertUnknown(hidden, "out", "preprocessor Own");
    }

    /** Does nothing, which only its author knows. */
    private static final class Own extends BaseInputPreProcessor {

        private static final long serialVersionUID = 1L;

        @Override
        public INDArray preProcess(INDArray input, int examples, LayerWorkspaceMgr workspaces) {
            return input;
        }

        @Override
        public INDArray backprop(INDArray output, int examples, LayerWorkspaceMgr workspaces) {
            return output;
        }

        @Override
        public InputType getOutputType(InputType type) {
            return type;
        }
    }

    @Test
    void theUpdaterNoOpFreezes() {
        DenseLayer fixed = dense("fixed", true, Activation.TANH);
        fixed.setIUpdater(new NoOp());
        fixed.setBiasUpdater(new NoOp());
        assertDegree(flat(fixed, softmax(true)), 1);
    }

    @Test
    void withoutTrainedWeightsTheDegreeIsZero() {
        Homogeneity homogeneity = Homogeneity.of(flat(
                frozen(Nets.dense("frozen", true)),
                new LossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .build()));
        assertThat(homogeneity.degree()).hasValue(0);
        assertThatThrownBy(homogeneity::requireDegree).hasMessageContaining("degree is 0");
    }

    @Test
    void recurrentLayersAreNamed() {
        Layer last =
                new LastTimeStep(new SimpleRnn.Builder().name("rnn").nOut(5).build());
        MultiLayerNetwork network = Nets.of(InputType.recurrent(FEATURES), last, softmax(false));
        assertThat(Homogeneity.of(network).reasons()).extracting(Reason::layer).containsExactly("rnn");
        assertThat(HomogeneityCheck.of(network, Nets.features(3, FEATURES, 5)).deviation())
                .isGreaterThan(HomogeneityCheck.TOLERANCE);
        RnnOutputLayer output = new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(2)
                .hasBias(true)
                .activation(Activation.SOFTMAX)
                .build();
        Layer lstm = new LSTM.Builder()
                .name("lstm")
                .nOut(5)
                .activation(Activation.TANH)
                .build();
        Homogeneity frozen = Homogeneity.of(Nets.of(InputType.recurrent(FEATURES), frozen(lstm), output));
        assertThat(frozen.degree()).hasValue(1);
    }

    /** hasBias(false) is an exception in DL4J there, or no setting. */
    @Test
    void theAdviceOnABiasIsOneThatLayersCanFollow() {
        RnnOutputLayer sequence = new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .name("out")
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
        MultiLayerNetwork network =
                Nets.of(InputType.recurrent(FEATURES), new TimeDistributed(dense("first", true)), sequence);
        assertThat(Homogeneity.of(network).reasons())
                .singleElement()
                .asString()
                .contains("a DenseLayer with hasBias(false) and an RnnLossLayer");
        Layer products = new ElementWiseMultiplicationLayer.Builder()
                .name("products")
                .nIn(6)
                .nOut(6)
                .build();
        assertBroken(flat(dense("first", true), products, softmax(false)), "products", "biasUpdater(new NoOp())");
        Layer fixed = new ElementWiseMultiplicationLayer.Builder()
                .name("products")
                .nIn(6)
                .nOut(6)
                .biasUpdater(new NoOp())
                .build();
        assertDegree(flat(dense("first", true), fixed, softmax(false)), 3);
    }

    @Test
    void timeStepsOfTheirOwnKeepTheDegree() {
        Layer each = new TimeDistributed(dense("each", true));
        Layer more = new TimeDistributed(dense("more", false, Activation.IDENTITY));
        Layer output = new RnnLossLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .build();
        MultiLayerNetwork network = Nets.of(InputType.recurrent(FEATURES), each, more, output);
        assertThat(Homogeneity.of(network).degree()).hasValue(2);
        assertThat(HomogeneityCheck.of(network, Nets.features(3, FEATURES, 5)).eulerResidual())
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({"SOFTMAX", "SIGMOID", "IDENTITY"})
    void theLossTakesItsActivation(Activation activation) {
        LossFunction loss = activation == Activation.SIGMOID ? LossFunction.XENT : LossFunction.MSE;
        Layer output = new LossLayer.Builder(loss).activation(activation).build();
        assertDegree(flat(dense("first", true, Activation.IDENTITY), output), 1);
    }

    @Test
    void otherActivationsOfTheOutputAreNamed() {
        OutputLayer output = new OutputLayer.Builder(LossFunction.MSE)
                .name("out")
                .nOut(3)
                .hasBias(false)
                .activation(Activation.TANH)
                .build();
        assertBroken(flat(dense("first", true), output), "out", "activation tanh");
    }

    @Test
    void softmaxWithoutALossIsNamed() {
        assertBroken(flat(dense("first", true), dense("last", false, Activation.SOFTMAX)), "last", "softmax");
    }

    @Test
    void layersOfWeightsThatMultiplyElementsCount() {
        ElementWiseMultiplicationLayer scale = new ElementWiseMultiplicationLayer.Builder()
                .name("scale")
                .nIn(FEATURES)
                .nOut(FEATURES)
                .activation(Activation.IDENTITY)
                .build();
        assertDegree(flat(scale, softmax(false)), 2);
        ElementWiseMultiplicationLayer behind = new ElementWiseMultiplicationLayer.Builder()
                .name("scale")
                .nIn(6)
                .nOut(6)
                .activation(Activation.IDENTITY)
                .build();
        assertBroken(flat(dense("first", true), behind, softmax(false)), "scale", "bias");
    }

    @Test
    void anEmbeddingIsAFirstLayer() {
        EmbeddingLayer embedding = new EmbeddingLayer.Builder()
                .name("words")
                .nIn(7)
                .nOut(5)
                .hasBias(true)
                .activation(Activation.IDENTITY)
                .build();
        OutputLayer output = softmax(false);
        output.setNIn(5);
        MultiLayerNetwork network =
                new MultiLayerNetwork(Nets.builder().list(embedding, output).build());
        network.init();
        assertThat(Homogeneity.of(network).degree()).hasValue(2);
        assertThat(HomogeneityCheck.of(network, Nd4j.createFromArray(new double[][] {{1}, {3}, {6}}))
                        .deviation())
                .isLessThan(HomogeneityCheck.TOLERANCE);
    }

    @Test
    void whatIsNotKnownIsSaidSo() {
        assertThat(Homogeneity.of(flat(
                                dense("first", true),
                                new OCNNOutputLayer.Builder()
                                        .name("one")
                                        .hiddenLayerSize(5)
                                        .build()))
                        .reasons())
                .extracting(Reason::layer, Reason::kind)
                .containsExactly(tuple("one", Kind.UNKNOWN));
        CenterLossOutputLayer center = new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                .name("center")
                .nOut(3)
                .hasBias(false)
                .activation(Activation.SOFTMAX)
                .build();
        assertUnknown(flat(dense("first", true), center), "center", "center loss");
    }

    @Test
    void aNetworkMustBeInitialised() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(Nets.builder().list(softmax(false)).build());
        assertThatThrownBy(() -> Homogeneity.of(network)).hasMessageContaining("init()");
    }

    @Test
    void outputsAreKnownByName() {
        Homogeneity homogeneity = Homogeneity.of(flat(dense("first", true), softmax(true)));
        assertThat(homogeneity.degree("out")).isEmpty();
        assertThat(homogeneity.reasons("out")).hasSize(1);
        assertThatThrownBy(() -> homogeneity.degree("ou"))
                .hasMessageContaining("output is \"ou\"; the network has [out]");
    }

    private static final int FEATURES = Nets.FEATURES;

    private static Layer frozen(Layer layer) {
        return new FrozenLayer(layer);
    }

    private static void assertDegree(MultiLayerNetwork network, int degree) {
        assertHomogeneous(network, degree);
        check(network);
    }

    private static void assertHomogeneous(MultiLayerNetwork network, int degree) {
        Homogeneity homogeneity = Homogeneity.of(network);
        assertThat(homogeneity.reasons()).isEmpty();
        assertThat(homogeneity.degree()).hasValue(degree);
    }

    private static void assertBroken(MultiLayerNetwork network, String layer, String text) {
        Homogeneity homogeneity = Homogeneity.of(network);
        assertThat(homogeneity.degree()).isEmpty();
        assertThat(homogeneity.degreeAtInference()).isEmpty();
        assertThat(homogeneity.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.layer()).isEqualTo(layer);
            assertThat(reason.kind()).isEqualTo(Kind.BROKEN);
            assertThat(reason.text()).contains(text);
        });
        check(network);
    }

    private static void assertUnknown(MultiLayerNetwork network, String layer, String text) {
        Homogeneity homogeneity = Homogeneity.of(network);
        assertThat(homogeneity.degreeAtInference()).isEmpty();
        assertThat(homogeneity.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.layer()).isEqualTo(layer);
            assertThat(reason.kind()).isEqualTo(Kind.UNKNOWN);
            assertThat(reason.text()).contains(text);
        });
    }

    /** Throws if the numbers disagree, in either direction. */
    private static void check(MultiLayerNetwork network) {
        HomogeneityCheck.of(network, Nets.flatFeatures());
    }
}
