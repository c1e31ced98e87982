package io.github.dl4jaskew.margin;

import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Tiny networks and data for the tests; everything is seeded. */
public final class MarginNets {

    public static final int IN = 4;
    public static final int CLASSES = 3;

    private MarginNets() {}

    public static NeuralNetConfiguration.Builder base(DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(42)
                .dataType(type)
                .updater(new Sgd(0.1))
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU);
    }

    public static DenseLayer dense(int in, int out, Activation activation) {
        return new DenseLayer.Builder()
                .nIn(in)
                .nOut(out)
                .hasBias(false)
                .activation(activation)
                .build();
    }

    public static OutputLayer softmax(int in, int classes) {
        return new OutputLayer.Builder(new LossMCXENT(0, null))
                .nIn(in)
                .nOut(classes)
                .hasBias(false)
                .activation(Activation.SOFTMAX)
                .build();
    }

    public static OutputLayer sigmoid(int in, int outputs) {
        return new OutputLayer.Builder(new LossBinaryXENT(0))
                .nIn(in)
                .nOut(outputs)
                .hasBias(false)
                .activation(Activation.SIGMOID)
                .build();
    }

    public static MultiLayerNetwork network(NeuralNetConfiguration.Builder base, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = base.list();
        Arrays.stream(layers).forEach(list::layer);
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    /** 4 inputs, a layer of ReLU, 3 classes, no biases: homogeneous of degree 2. */
    public static MultiLayerNetwork mlp(DataType type) {
        return network(base(type), dense(IN, 8, Activation.RELU), softmax(8, CLASSES));
    }

    /** The same as a graph, and a second output, named "other", with sigmoid. */
    public static ComputationGraph graph(DataType type) {
        ComputationGraph graph = new ComputationGraph(base(type)
                .graphBuilder()
                .addInputs("in")
                .addLayer("hidden", dense(IN, 8, Activation.RELU), "in")
                .addLayer("classes", softmax(8, CLASSES), "hidden")
                .addLayer("other", sigmoid(8, 1), "hidden")
                .setOutputs("classes", "other")
                .build());
        graph.init();
        return graph;
    }

    public static INDArray normal(DataType type, long seed, long... shape) {
        Random random = new Random(seed);
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Nd4j.createFromArray(values).castTo(type).reshape(shape);
    }

    public static INDArray oneHot(DataType type, long seed, int rows, int classes) {
        Random random = new Random(seed);
        INDArray labels = Nd4j.zeros(type, rows, classes);
        for (int i = 0; i < rows; i++) {
            labels.putScalar(new long[] {i, random.nextInt(classes)}, 1);
        }
        return labels;
    }

    public static DataSet data(DataType type, int rows) {
        return new DataSet(normal(type, 7, rows, IN), oneHot(type, 8, rows, CLASSES));
    }

    public static DataSetIterator iterator(DataSet data, int batch) {
        return new ListDataSetIterator<>(data.asList(), batch);
    }

    public static float[] parameters(org.deeplearning4j.nn.api.Model network) {
        return network.params().dup().toFloatVector();
    }
}
