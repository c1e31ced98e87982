package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.baseline.BinaryConnect;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.report.History;
import io.github.dl4jaskew.examples.report.Losses;
import io.github.dl4jaskew.examples.report.Result;
import io.github.dl4jaskew.examples.task.Budget;
import io.github.dl4jaskew.examples.task.Task;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * One task, four ways: the float network; the float network rounded to the grid; BinaryConnect; and AskewSGD. All are
 * trained for as many epochs, and every quantized network has its batch-norm statistics re-estimated.
 */
public final class Comparison {

    private static final int EVALUATION_BATCH = 500;

    /** As {@link Askew#fromScratch} has it in front of batch norm: binary weights begin small, so that their signs are learned. */
    private static final double START = 0.06;

    private final Task task;
    private final long seed;
    private final Budget budget;
    private final Runnable onEpoch;

    /**
     * A comparison.
     *
     * @param task the problem
     * @param epochs length of each training
     * @param seed decides first weights and the order of the examples
     * @param onEpoch called after each epoch
     */
    public Comparison(Task task, int epochs, long seed, Runnable onEpoch) {
        this.task = task;
        this.seed = seed;
        this.onEpoch = onEpoch;
        this.budget = new Budget(
                epochs, Batches.inOrder(task.split().train(), task.batch()).count());
    }

    /**
     * A trained float network.
     *
     * @param network the network
     * @param result its figures
     * @param losses its training
     */
    public record Unconstrained(MultiLayerNetwork network, Result result, Losses losses) {}

    /**
     * A quantized network.
     *
     * @param model the network
     * @param result its figures
     * @param history its training
     */
    public record Quantized(QuantizedModel model, Result result, History history) {}

    /**
     * Trains without constraint.
     *
     * @return network and figures
     */
    public Unconstrained trainFloat() {
        MultiLayerNetwork network = network(task.floatUpdater(budget));
        Losses losses = new Losses(budget.iterations());
        network.setListeners(losses);
        double seconds = fit(network);
        return new Unconstrained(network, result(network, "float", "none", seconds, false), losses);
    }

    /**
     * Rounds a float network to a grid.
     *
     * @param trained a float network of this task, which is not changed
     * @param grid the levels
     * @return figures of the rounded network
     */
    public Result round(Unconstrained trained, Grid grid) {
        QuantizedModel model = PostTrainingQuantization.builder()
                .grid(grid)
                .scale(task.roundingScale())
                .build()
                .quantize(trained.network(), task.statisticsData());
        return result(
                model.toMultiLayerNetwork(),
                "rounded",
                grid.toString(),
                trained.result().seconds(),
                isOnGrid(model));
    }

    /**
     * Trains with BinaryConnect.
     *
     * @param grid the levels
     * @return figures of the quantized network
     */
    public Result trainBinaryConnect(Grid grid) {
        BinaryConnect.Builder builder = BinaryConnect.builder()
                .grid(grid)
                .scale(task.roundingScale())
                .updater(task.binaryConnectUpdater(budget))
                .learningRateUnit(LearningRateUnit.CELL);
        // small weights would all be rounded to a level 0, where a network has no gradient
        BinaryConnect method = (grid.size() == 2 ? builder.initialScale(START) : builder).build();
        MultiLayerNetwork network = network(task.floatUpdater(budget));
        method.install(network);
        double seconds = fit(network);
        QuantizedModel model = method.quantize(network, task.statisticsData());
        return result(model.toMultiLayerNetwork(), "binaryconnect", grid.toString(), seconds, isOnGrid(model));
    }

    /**
     * Trains with AskewSGD.
     *
     * @param grid the levels
     * @return model, figures and history
     */
    public Quantized trainAskew(Grid grid) {
        MultiLayerNetwork network = network(task.askewUpdater(budget));
        Askew recipe = task.recipe(grid, budget).build();
        AskewPlan plan = recipe.install(network);
        History history = new History(plan, Askew.epsilon(network), budget.iterations());
        network.setListeners(history);
        double seconds = fit(network);
        QuantizedModel model = recipe.quantize(network, task.statisticsData());
        Result result = result(model.toMultiLayerNetwork(), "askew", grid.toString(), seconds, isOnGrid(model));
        return new Quantized(model, result, history);
    }

    private MultiLayerNetwork network(IUpdater updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(task.configuration(updater, seed));
        network.init();
        return network;
    }

    private double fit(MultiLayerNetwork network) {
        Batches train = Batches.shuffled(task.split().train(), task.batch(), seed);
        long start = System.nanoTime();
        for (int epoch = 0; epoch < budget.epochs(); epoch++) {
            network.fit(train);
            onEpoch.run();
        }
        return (System.nanoTime() - start) * 1e-9;
    }

    private Result result(MultiLayerNetwork network, String model, String grid, double seconds, boolean onGrid) {
        DataSet test = task.split().test();
        double accuracy =
                network.evaluate(Batches.inOrder(test, EVALUATION_BATCH)).accuracy();
        return new Result(
                task.dataset(),
                task.network(),
                model,
                grid,
                accuracy,
                loss(network, test),
                seconds,
                seed,
                budget.epochs(),
                onGrid);
    }

    /**
     * The mean cross entropy of a network.
     *
     * @param network the network
     * @param test examples
     * @return the loss
     */
    public static double loss(MultiLayerNetwork network, DataSet test) {
        double sum = 0;
        Batches batches = Batches.inOrder(test, EVALUATION_BATCH);
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            sum += network.score(batch, false) * batch.getFeatures().size(0);
        }
        return sum / test.getFeatures().size(0);
    }

    /**
     * Whether the network of a model holds exactly the levels that its codes name.
     *
     * @param model a quantized model
     * @return true if every weight is equal to its level, bit for bit
     */
    public static boolean isOnGrid(QuantizedModel model) {
        MultiLayerNetwork network = model.toMultiLayerNetwork();
        return model.parameters().stream().allMatch(p -> isOnGrid(network, p));
    }

    private static boolean isOnGrid(MultiLayerNetwork network, QuantizedParameter parameter) {
        INDArray array = network.getLayer(parameter.layer()).getParam(parameter.name());
        double[] weights = array.dup(array.ordering()).data().asDouble();
        ScaledGrid grid = parameter.grid();
        for (int i = 0; i < weights.length; i++) {
            int channel = grid.channels().of(i);
            float level = (float) grid.level(channel, parameter.codes().get(i));
            if (weights[i] != level) {
                return false;
            }
        }
        return true;
    }
}
