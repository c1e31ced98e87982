package io.github.dl4jaskew.examples.task;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.grid.Grid;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Networks for handwritten digits: batch norm and ReLU behind every hidden layer of weights, and a bias in the output
 * layer alone.
 *
 * @param kind which network
 * @param split the digits
 */
public record DigitsNetwork(Kind kind, Split split) implements Task {

    /** The networks. */
    public enum Kind {
        /** Convolutions of 20 and 50 filters of 5 x 5, each with max pooling, and 500 hidden units. */
        LENET,
        /** 784-512-512-10. */
        MLP
    }

    private static final int STATISTICS_EXAMPLES = 10_000;
    private static final int STATISTICS_BATCH = 500;

    @Override
    public String dataset() {
        return "mnist";
    }

    @Override
    public String network() {
        return kind == Kind.LENET ? "lenet" : "mlp 784-512-512-10";
    }

    @Override
    public int batch() {
        return 100;
    }

    @Override
    public int epochs() {
        return 8;
    }

    @Override
    public List<Grid> grids() {
        return List.of(Grid.binary(), Grid.ternary());
    }

    @Override
    public MultiLayerConfiguration configuration(IUpdater updater, long seed) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(seed).updater(updater).list();
        (kind == Kind.LENET ? lenet() : mlp()).forEach(list::layer);
        return list.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(Mnist.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutionalFlat(Mnist.SIDE, Mnist.SIDE, 1))
                .build();
    }

    private static List<Layer> lenet() {
        return List.of(
                convolution(20),
                batchNorm(),
                relu(),
                pooling(),
                convolution(50),
                batchNorm(),
                relu(),
                pooling(),
                dense(500),
                batchNorm(),
                relu());
    }

    private static List<Layer> mlp() {
        return List.of(dense(512), batchNorm(), relu(), dense(512), batchNorm(), relu());
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

    private static Layer batchNorm() {
        return new BatchNormalization.Builder().build();
    }

    /** A layer of its own, as DL4J's batch norm ignores an activation function. */
    private static Layer relu() {
        return new ActivationLayer(Activation.RELU);
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
        return Task.adam(0.003, budget);
    }

    @Override
    public DataSetIterator statisticsData() {
        return Batches.inOrder(split.firstTrain(STATISTICS_EXAMPLES), STATISTICS_BATCH);
    }
}
