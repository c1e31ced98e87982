package io.github.dl4jaskew;

import io.github.dl4jaskew.internal.askewsgd.Projection;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.TrainingCounts;
import io.github.dl4jaskew.plan.ProjectionMode;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;

/**
 * Epochs of an engine that trains copies of a network, such as DL4J's ParallelWrapper and Spark. They count iterations
 * and epochs in ways of their own, call no listener at the end of an epoch, and leave the network as it comes out of the
 * average or the sum of its copies, without a look at the constraint; and a ParallelWrapper drops the updater of a
 * MultiLayerNetwork, with the state of Adam or momentum, whenever its fit is over. This puts the four right:
 *
 * <pre>{@code
 * int iterations = (minibatches + workers - 1) / workers;              // of each worker in an epoch
 * Askew.fromScratch(epochs, iterations).build().install(network);
 *
 * ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network).workers(workers).build();
 * ParallelTraining.run(network, epochs, iterations, () -> wrapper.fit(train));
 *
 * SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, network, master);
 * ParallelTraining.run(network, epochs, iterations, () -> spark.fit(rdd));
 * }</pre>
 *
 * <p>What holds in which engine, for W workers:
 * <ul>
 *   <li>ParallelWrapper with averaging, and Spark's ParameterAveragingTrainingMaster: every worker follows the rule exactly
 *       between two averages. The average of weights that are all in one interval is in it; where workers have gone to
 *       different levels, it can lie anywhere between them, and the rule draws it back in the following steps, this class
 *       after the last one. Keep averagingFrequency short compared with the annealing (at most 5 with the
 *       recipes, whose intervals close in 10 iterations or more), and Spark's {@code
 *       saveUpdater(true)}, without which the state of Adam or momentum is lost at every average.
 *   <li>ParallelWrapper with shared gradients, and Spark's SharedTrainingMaster: what a worker shares is its skewed step,
 *       rounded to multiples of DL4J's threshold, the rest kept for later; each worker adds up the steps of all. So the rule
 *       holds up to W thresholds, and W workers draw W times as strongly: give the recipe a restoring rate (or alpha) and
 *       learning rates that are W times smaller. Give batch normalization {@code useLogStd(true)}, as its statistics are
 *       shared in the same way. A weight moves by at most W thresholds in a step, so the intervals must not close in fewer
 *       steps than half a cell has of them. For SharedTrainingMaster let one call of {@code fit} see the data of all epochs
 *       ({@code context.union}), in one partition for each worker, as on the workers its counts restart with every call
 *       and task; and shut its ModelParameterServer down before fit returns here, as the driver continues to apply updates
 *       that arrive late.
 * </ul>
 *
 * <p>Behind a {@linkplain Askew.Builder#quantizationDelay quantization delay} every worker estimates the scales for itself, from
 * the weights of its own copy at that iteration. These differ between workers as their weights do, least where they have just
 * been averaged; from then on each worker follows the rule on levels of its own.
 *
 * <p>A ParallelWrapper's threads start while its first worker trains already, so that no mode repeats itself bit for bit
 * with several workers; with one (its {@code setWorkers(1)}) it does bit for bit what {@code fit} does. Noise ({@link
 * Askew.Builder#perturbation}) is the same on all workers.
 *
 * <p>After {@link #run} the constraint holds exactly in all of them: {@code psi(t) <= eps} for every weight, up to the
 * rounding of its data type, and the grid itself under {@link ProjectionMode#GRID}.
 */
public final class ParallelTraining {

    private ParallelTraining() {}

    /**
     * Trains. After each epoch iteration and epoch count of the network are set to what the epochs done so far amount to,
     * the constraint is restored as by {@link Askew#project}, and the network's listeners are notified that an epoch has ended.
     *
     * @param model the network that the engine trains, with the constraint installed
     * @param epochs how often fit is called, at least 1
     * @param iterationsPerEpoch updates that a worker makes in an epoch, at least 1; the same that the recipe counts
     * @param fit one epoch of the engine, such as {@code () -> wrapper.fit(train)}; returns when its workers are done
     * @throws IllegalArgumentException if a number is below 1, or a weight is not finite after an epoch
     * @throws IllegalStateException if no constraint is installed
     */
    public static void run(Model model, int epochs, int iterationsPerEpoch, Runnable fit) {
        if (epochs < 1 || iterationsPerEpoch < 1) {
            throw new IllegalArgumentException("epochs is " + epochs + " and iterationsPerEpoch is "
                    + iterationsPerEpoch + "; both must be at least 1");
        }
        if (InstalledParameter.of(model).isEmpty()) {
            throw new IllegalStateException(
                    "no constraint is installed on this network; call install(network) before training");
        }
        Network network = Network.of(model);
        for (int i = 0; i < epochs; i++) {
            TrainingCounts before = network.counts();
            network.keepUpdaterDuring(fit);
            TrainingCounts after = new TrainingCounts(before.iteration() + iterationsPerEpoch, before.epoch());
            network.setCounts(after);
            Projection.run(model);
            // DL4J's own epochs end before they are counted.
            for (TrainingListener listener : List.copyOf(network.listeners())) {
                listener.onEpochEnd(model);
            }
            network.setCounts(new TrainingCounts(after.iteration(), after.epoch() + 1));
        }
    }
}
