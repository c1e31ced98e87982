package io.github.dl4jaskew.internal.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.SameDiffs;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** {@code fromScratch} makes weights small, and so refuses those that have learnt something. */
class TrainedWeightsTest {

    private static final Adam UPDATER = new Adam(0.01);

    private static Askew fromScratch() {
        return Askew.fromScratch(2, 10).build();
    }

    private static void requireRefused(MultiLayerNetwork network, String reason) {
        INDArray before = network.params().dup();
        String configuration = Nets.configuration(network);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fromScratch().install(network))
                .withMessageContaining("the network is trained (" + reason)
                .withMessageContaining("use Askew.fromTrained(epochs, iterationsPerEpoch)")
                .withMessageContaining("confirm with initialScale(0.06)");
        assertThat(network.params()).isEqualTo(before);
        assertThat(Nets.configuration(network)).isEqualTo(configuration);
    }

    @Test
    void countsTell() {
        MultiLayerNetwork network = Nets.mlp(UPDATER);
        Nets.fit(network, 3);
        requireRefused(network, "it counts 3 iterations and 0 epochs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fromScratch().plan(network))
                .withMessageContaining("it counts 3 iterations");
        requireRefused((MultiLayerNetwork) Network.of(network).copy().model(), "parameter ");
    }

    @Test
    void soDoBiasesThatHaveMoved() {
        MultiLayerNetwork network = Nets.mlp(UPDATER);
        Nets.fit(network, 3);
        network.setIterationCount(0);
        requireRefused(network, "parameter 'b' of layer 'hidden' is not what its initialization gives");
        MultiLayerNetwork transferred = new TransferLearning.Builder(network)
                .nOutReplace(2, 4, WeightInit.XAVIER)
                .build();
        requireRefused(transferred, "");
        // a new head on trained layers is new
        Askew.fromScratch(2, 10).layers(Layers.named("output")).build().install(transferred);
    }

    @Test
    void aNewNetworkOfAConfigurationThatCountsIsNew() {
        MultiLayerNetwork trained = Nets.mlp(UPDATER);
        Nets.fit(trained, 3);
        MultiLayerNetwork network = new MultiLayerNetwork(trained.getLayerWiseConfigurations());
        network.init();
        assertThat(network.getIterationCount()).isEqualTo(3);
        assertThat(fromScratch().install(network).constrained()).isNotEmpty();
        assertThat(network.getIterationCount()).isZero();
    }

    @Test
    void soDoesAnotherDistribution() {
        MultiLayerNetwork network = Nets.of(
                UPDATER,
                new DenseLayer.Builder()
                        .name("hidden")
                        .nIn(60)
                        .nOut(80)
                        .hasBias(false)
                        .build(),
                Nets.output("output", 80, Nets.OUT));
        network.getParam("0_W").muli(2);
        requireRefused(network, "parameter 'W' of layer 'hidden'");
    }

    @Test
    void graphsToo() {
        ComputationGraph graph = Nets.graph(UPDATER);
        Nets.fit(graph, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fromScratch().install(graph))
                .withMessageContaining("it counts 2 iterations");
        graph.getConfiguration().setIterationCount(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fromScratch().install(graph))
                .withMessageContaining("is not what its initialization gives");
        fromScratch().install(Nets.graph(UPDATER));

        SameDiff sameDiff = SameDiffs.of(UPDATER);
        SameDiffs.fit(sameDiff, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fromScratch().install(sameDiff))
                .withMessageContaining("it counts 2 iterations");
        fromScratch().install(SameDiffs.of(UPDATER));
    }

    @Test
    void whoInsistsIsObeyed() {
        MultiLayerNetwork network = Nets.mlp(UPDATER);
        Nets.fit(network, 3);
        INDArray before = network.getParam("0_W").dup();
        Askew.fromScratch(2, 10).initialScale(0.06).build().install(network);
        assertThat(network.getParam("0_W")).isNotEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = WeightInit.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ZERO", "ONES", "IDENTITY", "DISTRIBUTION"})
    void newNetworksAreAccepted(WeightInit init) {
        MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder()
                .seed(11)
                .weightInit(init)
                .biasInit(0.1)
                .updater(UPDATER)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(8).build())
                .layer(new DenseLayer.Builder().nOut(40).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE).nOut(2).build())
                .setInputType(InputType.convolutional(8, 8, 2))
                .build());
        Nd4j.getRandom().setSeed(17);
        INDArray next = Nd4j.rand(3, 3);
        Nd4j.getRandom().setSeed(17);

        fromScratch().install(network);

        // the random numbers of the training are as they would have been
        assertThat(Nd4j.rand(3, 3)).isEqualTo(next);
    }

    @Test
    void newRecurrentNetworksAreAccepted() {
        MultiLayerNetwork network = Nets.init(Nets.base(UPDATER)
                .list()
                .layer(new Bidirectional(new LSTM.Builder()
                        .nIn(4)
                        .nOut(16)
                        .activation(Activation.TANH)
                        .build()))
                .layer(new LSTM.Builder().nOut(8).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MSE).nOut(2).build())
                .setInputType(InputType.recurrent(4))
                .build());
        fromScratch().install(network);
        MultiLayerNetwork last = Nets.init(Nets.base(UPDATER)
                .list()
                .layer(new LastTimeStep(new LSTM.Builder().nOut(8).build()))
                .layer(new OutputLayer.Builder(LossFunction.MSE).nOut(2).build())
                .setInputType(InputType.recurrent(4))
                .build());
        fromScratch().install(last);
    }
}
