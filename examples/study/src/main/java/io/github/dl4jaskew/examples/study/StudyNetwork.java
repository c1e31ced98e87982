package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import io.github.dl4jaskew.activation.SignActivation;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.task.Budget;
import io.github.dl4jaskew.examples.task.Task;
import io.github.dl4jaskew.grid.Grid;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A network of the study on handwritten digits. None has a bias; those with batch norm have one behind every layer of
 * weights, the last included, as in the paper: it takes out the scale, which a binary layer cannot choose.
 *
 * @param kind which network
 * @param activations what a hidden layer ends with
 * @param split the digits
 */
record StudyNetwork(Kind kind, Width activations, Split split) implements Task {

    /** The networks. */
    enum Kind {
        /** 784-512-512-10 with batch norm. */
        MLP_BN("mlp-bn 784-512-512-10"),
        /** The same without batch norm. */
        MLP("mlp 784-512-512-10"),
        /** Convolutions of 20 and 50 filters of 5 x 5, each with max pooling, and 500 hidden units; with batch norm. */
        LENET("lenet");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /** Hidden activations. */
    enum Width {
        /** ReLU. */
        FLOAT(""),
        /** ReLU of four bits. */
        A4("-a4"),
        /** The sign, with the gradient of tanh. */
        A1("-a1");

        private final String suffix;

        Width(String suffix) {
            this.suffix = suffix;
        }

        Layer layer() {
            return switch (this) {
                case FLOAT -> new ActivationLayer(Activation.RELU);
                case A4 -> new QuantizedActivationLayer(QuantizedActivation.unsigned(4));
                case A1 -> new ActivationLayer(SignActivation.tanh());
            };
        }
    }

    private static final double FLOAT_RATE = 0.003;
    private static final int STATISTICS_EXAMPLES = 10_000;
    private static final int STATISTICS_BATCH = 500;

    @Override
    public String dataset() {
        return "mnist-" + split.train().getFeatures().size(0);
    }

    /** The name of a network, which tells where its activations are not float. */
    static String name(Kind kind, Width activations) {
        return kind.label + activations.suffix;
    }

    @Override
    public String network() {
        return name(kind, activations);
    }

    @Override
    public int batch() {
        return 100;
    }

    @Override
    public int epochs() {
        return 20;
    }

    @Override
    public MultiLayerConfiguration configuration(IUpdater updater, long seed) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(updater)
                // with oneDNN, DL4J's evaluation in a workspace fails
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .list();
        layers().forEach(list::layer);
        return list.setInputType(
                        kind == Kind.LENET
                                ? InputType.convolutionalFlat(Mnist.SIDE, Mnist.SIDE, 1)
                                : InputType.feedForward((long) Mnist.SIDE * Mnist.SIDE))
                .build();
    }

    private List<Layer> layers() {
        List<Layer> layers = new ArrayList<>();
        if (kind == Kind.LENET) {
            hidden(layers, convolution(20), pooling());
            hidden(layers, convolution(50), pooling());
            hidden(layers, dense(500));
        } else {
            hidden(layers, dense(512));
            hidden(layers, dense(512));
        }
        weights(layers, dense(Mnist.CLASSES));
        layers.add(new LossLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .build());
        return layers;
    }

    /** Pooling comes before the activation: the largest of some signs says little, and for ReLU it makes no difference. */
    private void hidden(List<Layer> layers, Layer layer, Layer... pooling) {
        weights(layers, layer);
        layers.addAll(List.of(pooling));
        // a layer of its own, as DL4J's batch norm ignores an activation function
        layers.add(activations.layer());
    }

    private void weights(List<Layer> layers, Layer layer) {
        layers.add(layer);
        if (kind != Kind.MLP) {
            layers.add(new BatchNormalization.Builder().build());
        }
    }

    private static Layer convolution(int filters) {
        return new ConvolutionLayer.Builder(5, 5)
                .nOut(filters)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static Layer dense(int units) {
        return new DenseLayer.Builder()
                .nOut(units)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static Layer pooling() {
        return new SubsamplingLayer.Builder(PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }

    @Override
    public Askew.Builder recipe(Grid grid, Budget budget) {
        return Askew.fromScratch(budget.epochs(), budget.iterationsPerEpoch()).grid(grid);
    }

    @Override
    public IUpdater floatUpdater(Budget budget) {
        return Task.adam(FLOAT_RATE, budget);
    }

    @Override
    public DataSetIterator statisticsData() {
        return Batches.inOrder(split.firstTrain(STATISTICS_EXAMPLES), STATISTICS_BATCH);
    }
}
