package io.github.dl4jaskew.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;

class BatchNormBehindTest {

    @Test
    void directlyOrBehindWhatKeepsMultiples() {
        assertThat(normalized(dense(Activation.IDENTITY), new BatchNormalization()))
                .isTrue();
        assertThat(normalized(
                        dense(Activation.RELU),
                        new DropoutLayer(0.5),
                        new ActivationLayer(Activation.LEAKYRELU),
                        new BatchNormalization()))
                .isTrue();
        assertThat(normalized(dense(Activation.IDENTITY))).isFalse();
        assertThat(normalized(dense(Activation.IDENTITY), dense(Activation.IDENTITY), new BatchNormalization()))
                .isFalse();
    }

    @Test
    void notBehindWhatBendsTheScale() {
        assertThat(normalized(dense(Activation.TANH), new BatchNormalization())).isFalse();
        assertThat(normalized(
                        dense(Activation.IDENTITY), new ActivationLayer(Activation.SIGMOID), new BatchNormalization()))
                .isFalse();
    }

    @Test
    void convolutionsBehindPooling() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .name("first")
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new SubsamplingLayer.Builder()
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new BatchNormalization())
                .layer(new OutputLayer.Builder()
                        .name("output")
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(8, 8, 1))
                .build());
        network.init();

        assertThat(Network.of(network).hasBatchNormBehind("first")).isTrue();
        assertThat(Network.of(network).hasBatchNormBehind("output")).isFalse();
    }

    @Test
    void inAGraphAllReadersCount() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("both", dense(Activation.IDENTITY), "in")
                .addLayer("merged", dense(Activation.IDENTITY), "in")
                .addLayer("added", dense(Activation.IDENTITY), "in")
                .addLayer("shown", dense(Activation.IDENTITY), "in")
                .addVertex("merge", new MergeVertex(), "both", "merged")
                .addLayer("norm", new BatchNormalization(), "merge")
                .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "both", "added")
                .addLayer("norm2", new BatchNormalization(), "add")
                .addLayer("norm3", new BatchNormalization(), "shown")
                .addLayer(
                        "output",
                        new OutputLayer.Builder()
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "norm",
                        "norm2",
                        "norm3")
                .setOutputs("output", "shown")
                .setInputTypes(InputType.feedForward(3))
                .build());
        graph.init();

        assertThat(List.of("both", "merged", "added", "shown", "output"))
                .filteredOn(Network.of(graph)::hasBatchNormBehind)
                .containsExactly("merged");
    }

    private static Layer dense(Activation activation) {
        return new DenseLayer.Builder().nOut(4).activation(activation).build();
    }

    /** Whether the first of some layers is, in front of an output layer. */
    private static boolean normalized(Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.layer(new OutputLayer.Builder()
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(3))
                .build());
        network.init();
        return Network.of(network).hasBatchNormBehind("layer0");
    }
}
