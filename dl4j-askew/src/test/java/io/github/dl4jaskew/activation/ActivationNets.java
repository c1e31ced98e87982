package io.github.dl4jaskew.activation;

import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks with quantized activations, and a task for them: whether a point lies in a ring. */
public final class ActivationNets {

    private static final int HIDDEN = 64;

    private ActivationNets() {}

    public static Layer layer(IActivation activation) {
        return activation instanceof QuantizedActivation q
                ? new QuantizedActivationLayer(q)
                : new ActivationLayer(activation);
    }

    static NeuralNetConfiguration.Builder base(DataType type) {
        return new NeuralNetConfiguration.Builder().seed(11).dataType(type).updater(new Adam(0.02));
    }

    private static DenseLayer dense(int in, int out) {
        return new DenseLayer.Builder()
                .nIn(in)
                .nOut(out)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static Layer norm(int size) {
        return new BatchNormalization.Builder().nIn(size).nOut(size).build();
    }

    private static Layer loss() {
        return new LossLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** Two hidden layers with batch norm, each followed by a layer for the activation. */
    public static MultiLayerNetwork network(Layer first, Layer second) {
        return network(DataType.FLOAT, first, second);
    }

    static MultiLayerNetwork network(DataType type, Layer first, Layer second) {
        MultiLayerNetwork network = new MultiLayerNetwork(base(type)
                .list()
                .layer(dense(4, HIDDEN))
                .layer(norm(HIDDEN))
                .layer(first)
                .layer(dense(HIDDEN, HIDDEN))
                .layer(norm(HIDDEN))
                .layer(second)
                .layer(dense(HIDDEN, 2))
                .layer(norm(2))
                .layer(loss())
                .build());
        network.init();
        return network;
    }

    /** The same as a graph. */
    public static ComputationGraph graph(Layer first, Layer second) {
        ComputationGraphConfiguration conf = base(DataType.FLOAT)
                .graphBuilder()
                .addInputs("in")
                .addLayer("d1", dense(4, HIDDEN), "in")
                .addLayer("n1", norm(HIDDEN), "d1")
                .addLayer("a1", first, "n1")
                .addLayer("d2", dense(HIDDEN, HIDDEN), "a1")
                .addLayer("n2", norm(HIDDEN), "d2")
                .addLayer("a2", second, "n2")
                .addLayer("d3", dense(HIDDEN, 2), "a2")
                .addLayer("n3", norm(2), "d3")
                .addLayer("out", loss(), "n3")
                .setOutputs("out")
                .build();
        ComputationGraph graph = new ComputationGraph(conf);
        graph.init();
        return graph;
    }

    /** Points of the plane with two numbers of no use, and whether they lie in a ring. */
    public static DataSet ring(long seed, int rows) {
        Random random = new Random(seed);
        INDArray x = Nd4j.create(DataType.FLOAT, rows, 4);
        INDArray y = Nd4j.zeros(DataType.FLOAT, rows, 2);
        for (int i = 0; i < rows; i++) {
            double a = 2 * random.nextDouble() - 1;
            double b = 2 * random.nextDouble() - 1;
            x.putRow(i, Nd4j.createFromArray((float) a, (float) b, (float) random.nextGaussian(), 1f));
            y.putScalar(i, Math.hypot(a, b) < 0.7 ? 1 : 0, 1);
        }
        return new DataSet(x, y);
    }

    public static DataSetIterator batches(DataSet data, int size) {
        return new ListDataSetIterator<>(data.asList(), size);
    }
}
