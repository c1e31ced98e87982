package io.github.dl4jaskew.examples.margin;

import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import io.github.dl4jaskew.margin.metrics.Loss;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Small networks in double without biases, mostly with one logit, trained on sums of losses instead of means. */
final class DoubleNetworks {

    private DoubleNetworks() {}

    /** {@code <w, x>}. */
    static MultiLayerNetwork linear(int inputs, ILossFunction loss, Activation output, double learningRate) {
        return init(builder(learningRate, 0).list().layer(output(inputs, loss, output)));
    }

    /** {@code <v, act(W x)>}. */
    static MultiLayerNetwork twoLayers(
            int inputs, int hidden, Activation activation, ILossFunction loss, double learningRate, long seed) {
        return init(builder(learningRate, seed)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(inputs)
                        .nOut(hidden)
                        .hasBias(false)
                        .activation(activation)
                        .build())
                .layer(output(hidden, loss, Activation.IDENTITY)));
    }

    /** Logits {@code w_i x_i} of as many classes as inputs, with softmax and cross entropy. */
    static MultiLayerNetwork products(int classes, double learningRate) {
        return init(builder(learningRate, 0)
                .list()
                .layer(new ElementWiseMultiplicationLayer.Builder()
                        .nIn(classes)
                        .nOut(classes)
                        .activation(Activation.IDENTITY)
                        .biasUpdater(new NoOp())
                        .build())
                .layer(new LossLayer.Builder(new LogDomainLoss(Loss.CROSS_ENTROPY))
                        .activation(Activation.SOFTMAX)
                        .build()));
    }

    private static NeuralNetConfiguration.Builder builder(double learningRate, long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.DOUBLE)
                // or the gradient is divided by the number of examples
                .miniBatch(false)
                .updater(new Sgd(learningRate));
    }

    private static OutputLayer output(int inputs, ILossFunction loss, Activation activation) {
        return new OutputLayer.Builder(loss)
                .nIn(inputs)
                .nOut(1)
                .hasBias(false)
                .activation(activation)
                .build();
    }

    private static MultiLayerNetwork init(NeuralNetConfiguration.ListBuilder list) {
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    /** Rows of points with labels 1 and 0. */
    static DataSet data(double[][] points, boolean... positive) {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, points.length, 1);
        for (int i = 0; i < points.length; i++) {
            labels.putScalar(i, 0, positive[i] ? 1 : 0);
        }
        return new DataSet(Nd4j.createFromArray(points), labels);
    }
}
