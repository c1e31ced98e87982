package io.github.dl4jaskew.examples.task;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.examples.data.LogisticData;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The paper's logistic regression, trained with the paper's own settings: plain SGD, learning rate 2, halved at epochs
 * 30 and 60; alpha 0.1; eps = 0.96^epoch.
 *
 * @param data the problem, with the weights that made it
 */
public record LogisticTask(LogisticData data) implements Task {

    /** At the start. */
    public static final double LEARNING_RATE = 2;

    /**
     * The problem of a seed.
     *
     * @param seed what w* and the examples are drawn with
     */
    public LogisticTask(long seed) {
        this(LogisticData.generate(seed));
    }

    @Override
    public String dataset() {
        return "logistic";
    }

    @Override
    public String network() {
        return "10-1";
    }

    @Override
    public Split split() {
        return data.split();
    }

    @Override
    public int batch() {
        return 100;
    }

    @Override
    public int epochs() {
        return 90;
    }

    @Override
    public MultiLayerConfiguration configuration(IUpdater updater, long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(updater)
                .list()
                .layer(new OutputLayer.Builder(LossFunction.XENT)
                        .nOut(1)
                        .hasBias(false)
                        .activation(Activation.SIGMOID)
                        .build())
                .setInputType(InputType.feedForward(LogisticData.DIMENSION))
                .build();
    }

    @Override
    public IUpdater askewUpdater(Budget budget) {
        ISchedule rate = new MapSchedule(
                ScheduleType.EPOCH, Map.of(0, LEARNING_RATE, 30, LEARNING_RATE / 2, 60, LEARNING_RATE / 4));
        return new AskewSgd(rate);
    }

    @Override
    public Askew.Builder recipe(Grid grid, Budget budget) {
        return Askew.builder()
                .grid(grid)
                .scale(Scale.unit())
                .epsilon(Annealing.hold(0).thenExponential(0.96))
                .alpha(0.1);
    }

    @Override
    public Scale roundingScale() {
        return Scale.unit();
    }

    /**
     * Whether a model holds exactly the weights that made the data.
     *
     * @param model a quantized model of this task
     * @return true if all ten are equal
     */
    public boolean recovered(QuantizedModel model) {
        QuantizedParameter weights = model.parameters().get(0);
        for (int i = 0; i < data.truth().size(); i++) {
            if (weights.grid().level(0, weights.codes().get(i)) != data.truth().get(i)) {
                return false;
            }
        }
        return true;
    }
}
