package io.github.dl4jaskew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class KerasFileTest {

    /** As DL4J imports a Sequential: every layer keeps each of its inputs with probability 1. */
    private static MultiLayerNetwork imported() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(Activation.RELU)
                        .dropOut(new Dropout(1.0))
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(5)
                        .activation(Activation.RELU)
                        .dropOut(new Dropout(0.5))
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(8, 8, 1, CNN2DFormat.NHWC))
                .build());
        network.init();
        return network;
    }

    @Test
    void anImportedConvolutionWithChannelsLastCanBeTrained() {
        MultiLayerNetwork network = (MultiLayerNetwork) KerasFile.trainable(imported());
        INDArray before = network.params().dup();

        network.fit(new DataSet(Nd4j.rand(6, 8, 8, 1), Nd4j.eye(2).repeat(0, 3)));

        assertThat(network.params()).isNotEqualTo(before);
    }

    @Test
    void itIsRemovedInsideOfWrappersToo() {
        LSTM lstm = new LSTM.Builder()
                .nOut(3)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .dropOut(new Dropout(1.0))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new Bidirectional(lstm.clone()))
                .layer(new LastTimeStep(lstm))
                .setInputType(InputType.recurrent(2, 4))
                .build());
        network.init();
        KerasFile.trainable(network);

        Bidirectional both = (Bidirectional) network.getLayer(0).conf().getLayer();
        LastTimeStep last =
                (LastTimeStep) network.getLayerWiseConfigurations().getConf(1).getLayer();
        assertThat(both.getFwd().getIDropout()).isNull();
        assertThat(both.getBwd().getIDropout()).isNull();
        assertThat(last.getUnderlying().getIDropout()).isNull();
    }

    @Test
    void onlyDropoutThatKeepsEverythingIsRemoved() {
        MultiLayerNetwork network = (MultiLayerNetwork) KerasFile.trainable(imported());
        ComputationGraph graph =
                (ComputationGraph) KerasFile.trainable(imported().toComputationGraph());

        assertThat(network.getLayer(0).conf().getLayer().getIDropout()).isNull();
        assertThat(network.getLayer(1).conf().getLayer().getIDropout()).isEqualTo(new Dropout(0.5));
        assertThat(graph.getLayer(0).conf().getLayer().getIDropout()).isNull();
        assertThat(graph.getLayer(1).conf().getLayer().getIDropout()).isEqualTo(new Dropout(0.5));
    }
}
