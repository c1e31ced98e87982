package io.github.dl4jaskew.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;

class NetworkTest {

    @Test
    void sharesNothingWithANetwork() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .list()
                .layer(new LastTimeStep(new LSTM.Builder().nOut(3).build()))
                .layer(output())
                .setInputType(InputType.recurrent(2, 4))
                .build());
        network.init();
        network.setListeners(new ScoreIterationListener(1));
        network.setIterationCount(17);
        MultiLayerNetwork copy = (MultiLayerNetwork) Network.of(network).copy().model();
        assertThat(copy.getIterationCount()).isEqualTo(17);
        assertThat(copy.getListeners()).isEmpty();
        assertThat(copy.params()).isEqualTo(network.params());
        assertThat(inner(copy)).isEqualTo(inner(network)).isNotSameAs(inner(network));
        copy.params().addi(1);
        assertThat(copy.params()).isNotEqualTo(network.params());
    }

    private static Object inner(MultiLayerNetwork network) {
        return ((LastTimeStep) network.getLayerWiseConfigurations().getConf(0).getLayer()).getUnderlying();
    }

    @Test
    void sharesNothingWithAGraph() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", output(), "in")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(4))
                .build());
        graph.init();
        graph.setListeners(new ScoreIterationListener(1));
        graph.getConfiguration().setIterationCount(17);
        ComputationGraph copy = (ComputationGraph) Network.of(graph).copy().model();
        assertThat(copy.getIterationCount()).isEqualTo(17);
        assertThat(copy.getListeners()).isNullOrEmpty();
        assertThat(copy.params()).isEqualTo(graph.params());
        copy.params().addi(1);
        assertThat(copy.params()).isNotEqualTo(graph.params());
        assertThat(graph.getListeners()).hasSize(1);
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build();
    }
}
