package io.github.dl4jaskew.examples.task;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.AskewBuilder;
import io.github.dl4jaskew.examples.data.Iris;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.grid.Grid;
import java.io.IOException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Three species of iris by a small network.
 *
 * @param split the flowers
 */
public record IrisTask(Split split) implements Task {

    private static final int HIDDEN = 64;
    private static final int SPECIES = 3;

    /**
     * The problem of a seed.
     *
     * @param seed decides which flowers are trained on
     * @throws IOException if the data is not on the class path
     */
    public IrisTask(long seed) throws IOException {
        this(Iris.read(seed));
    }

    @Override
    public String dataset() {
        return "iris";
    }

    @Override
    public String network() {
        return "mlp 4-64-3";
    }

    @Override
    public int batch() {
        return 20;
    }

    @Override
    public int epochs() {
        return 60;
    }

    @Override
    public MultiLayerConfiguration configuration(IUpdater updater, long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(updater)
                .list()
                .layer(new DenseLayer.Builder()
                        .nOut(HIDDEN)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(SPECIES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(4))
                .build();
    }

    @Override
    public AskewBuilder recipe(Grid grid, Budget budget) {
        return Askew.fromScratch(budget.epochs(), budget.iterationsPerEpoch()).grid(grid);
    }
}
