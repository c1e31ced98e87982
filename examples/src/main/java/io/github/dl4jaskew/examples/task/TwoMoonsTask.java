package io.github.dl4jaskew.examples.task;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.data.TwoMoons;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The paper's two moons: a 2-3-1 network of 9 weights without biases, batch norm without learned scale after both
 * layers, ReLU, sigmoid cross entropy.
 *
 * @param split the points
 */
public record TwoMoonsTask(Split split) implements Task {

    /** In half cells a step, at the start. */
    public static final double LEARNING_RATE = 6;

    private static final double DECAY = 0.95;

    /** The paper's 0.99^50: the network is rounded with its intervals still open. */
    private static final double LAST_EPSILON = 0.605;

    /**
     * The problem of a seed.
     *
     * @param seed what the points are drawn with
     */
    public TwoMoonsTask(long seed) {
        this(TwoMoons.generate(seed));
    }

    @Override
    public String dataset() {
        return "two-moons";
    }

    @Override
    public String network() {
        return "mlp 2-3-1";
    }

    @Override
    public int batch() {
        return 100;
    }

    @Override
    public int epochs() {
        return 50;
    }

    @Override
    public MultiLayerConfiguration configuration(IUpdater updater, long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(updater)
                .list()
                .layer(new DenseLayer.Builder()
                        .nOut(3)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(batchNorm())
                // a layer of its own, as DL4J's batch norm ignores an activation function
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new DenseLayer.Builder()
                        .nOut(1)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(batchNorm())
                .layer(new LossLayer.Builder(LossFunction.XENT)
                        .activation(Activation.SIGMOID)
                        .build())
                .setInputType(InputType.feedForward(2))
                .build();
    }

    private static BatchNormalization batchNorm() {
        return new BatchNormalization.Builder().lockGammaBeta(true).build();
    }

    /**
     * Nine weights are a search more than a descent: a learning rate that throws a weight across its cell in one step
     * lets the training visit many of the 512 networks, and intervals that close slowly, as the paper's 0.99^epoch do,
     * hold it to the better ones. The levels are the grid's own, as batch norm takes every scale out again.
     */
    @Override
    public Askew.Builder recipe(Grid grid, Budget budget) {
        ISchedule rate = new CosineSchedule(ScheduleType.ITERATION, LEARNING_RATE, budget.iterations());
        return Askew.builder()
                .grid(grid)
                .scale(Scale.unit())
                .epsilon(Annealing.hold(0).thenExponential(LAST_EPSILON, budget.epochs()))
                .restoringRate(1)
                .maxStep(1)
                .updater(Adam.builder()
                        .learningRateSchedule(rate)
                        .beta1(DECAY)
                        .beta2(DECAY)
                        .build())
                .learningRateUnit(LearningRateUnit.CELL);
    }

    @Override
    public Scale roundingScale() {
        return Scale.unit();
    }
}
