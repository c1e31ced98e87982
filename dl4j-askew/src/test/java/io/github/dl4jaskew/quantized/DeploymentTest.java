package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThat;

import foreign.ForeignActivation;
import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.plan.AskewPlan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Before training, the plan says what the model will be good for. */
class DeploymentTest {

    private static MultiLayerNetwork network(InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.1))
                .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().nOut(8).activation(Activation.IDENTITY).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static Askew askew() {
        return Askew.fromScratch(2, 10).build();
    }

    @Test
    void aChainCanGoEverywhere() {
        MultiLayerNetwork network = network(InputType.feedForward(4), dense(), output());
        AskewPlan plan = askew().plan(network);
        assertThat(plan.deployment()).isEqualTo(new Deployment(null, null));
        assertThat(plan.toString()).contains("packed file: yes; edge predictor: yes");
        assertThat(askew().install(network).deployment()).isEqualTo(plan.deployment());
    }

    /** Its layers have trained for epochs that the network has not. */
    @Test
    void whatTransferLearningHasBuiltOfATrainedNetworkCanBePacked() throws IOException {
        MultiLayerNetwork trained = network(InputType.feedForward(4), dense(), output());
        trained.fit(new ListDataSetIterator<>(new DataSet(Nd4j.rand(6, 4), Nd4j.rand(6, 2)).asList(), 3), 2);
        FineTuneConfiguration tuning =
                new FineTuneConfiguration.Builder().updater(new Adam(0.1)).build();
        MultiLayerNetwork network = new TransferLearning.Builder(trained)
                .fineTuneConfiguration(tuning)
                .build();
        ComputationGraph graph = new TransferLearning.GraphBuilder(trained.toComputationGraph())
                .fineTuneConfiguration(tuning)
                .build();
        Askew recipe = Askew.fromTrained(2, 10).build();

        assertThat(recipe.plan(network).deployment()).isEqualTo(new Deployment(null, null));
        assertThat(recipe.plan(graph).deployment()).isEqualTo(new Deployment(null, null));
        QuantizedModel rounded = PostTrainingQuantization.builder().build().quantize(network);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        rounded.save(file);
        INDArray features = Nd4j.rand(3, 4);
        assertThat(QuantizedModel.load(new ByteArrayInputStream(file.toByteArray()))
                        .output(features))
                .isEqualTo(rounded.output(features));
    }

    @Test
    void theLayerInTheWayIsNamed() {
        MultiLayerNetwork network = network(
                InputType.recurrent(4),
                new SelfAttentionLayer.Builder()
                        .name("attention")
                        .nOut(8)
                        .nHeads(1)
                        .projectInput(true)
                        .build(),
                new RnnOutputLayer.Builder(LossFunction.MSE).nOut(2).build());
        assertThat(askew().plan(network).toString())
                .contains("packed file: yes; edge predictor: no, layer 'attention' is a SelfAttentionLayer");
        assertThat(askew().install(network.getLayerWiseConfigurations()).deployment())
                .isEqualTo(new Deployment(null, "layer 'attention' is a SelfAttentionLayer"));
    }

    @Test
    void graphsToo() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .updater(new Adam(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", dense(), "in")
                .addVertex("unit", new L2NormalizeVertex(), "a")
                .addLayer("b", output(), "unit")
                .setOutputs("b")
                .setInputTypes(InputType.feedForward(4))
                .build());
        graph.init();
        assertThat(askew().plan(graph).toString()).contains("edge predictor: no, vertex 'unit' is a L2NormalizeVertex");
    }

    @Test
    void aClassOfTheUsersOwnCannotBePacked() {
        DenseLayer foreign = new DenseLayer.Builder()
                .nOut(8)
                .activation(new ForeignActivation())
                .build();
        MultiLayerNetwork network = network(InputType.feedForward(4), foreign, output());
        assertThat(askew().plan(network).toString())
                .contains(
                        "packed file: no, this network's configuration cannot be packed: ", "foreign.ForeignActivation")
                .doesNotContain("edge predictor");
    }

    @Test
    void clipsThatDataDecidesAreNotInTheWay() throws IOException {
        DenseLayer rounded = new DenseLayer.Builder()
                .nOut(8)
                .activation(QuantizedActivation.unsigned(2))
                .build();
        MultiLayerNetwork network = network(
                InputType.feedForward(4),
                rounded,
                dense(),
                new QuantizedActivationLayer(QuantizedActivation.unsigned(2)),
                output());
        Askew askew = askew();
        assertThat(askew.install(network).deployment()).isEqualTo(new Deployment(null, null));
        DataSet data = new DataSet(Nd4j.rand(10, 4), Nd4j.rand(10, 2));
        network.fit(data);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        askew.quantize(network, new ListDataSetIterator<>(data.asList(), 10)).save(out);
        assertThat(EdgeModel.load(new ByteArrayInputStream(out.toByteArray())).outputSize())
                .isEqualTo(2);
    }
}
