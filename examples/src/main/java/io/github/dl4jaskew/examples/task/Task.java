package io.github.dl4jaskew.examples.task;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.schedule.CosineSchedule;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ScheduleType;

/** A problem, a network for it, and how it is trained with and without the constraint. */
public interface Task {

    /**
     * The data's name.
     *
     * @return such as "iris"
     */
    String dataset();

    /**
     * The network's name.
     *
     * @return such as "mlp"
     */
    String network();

    /**
     * The data.
     *
     * @return always the same
     */
    Split split();

    /**
     * Examples of a minibatch.
     *
     * @return at least 1
     */
    int batch();

    /**
     * Length of a training unless the user says otherwise.
     *
     * @return at least 1
     */
    int epochs();

    /**
     * The network, which is the same with and without the constraint.
     *
     * @param updater what trains it
     * @param seed what its first weights are drawn with
     * @return a complete configuration
     */
    MultiLayerConfiguration configuration(IUpdater updater, long seed);

    /**
     * The recipe of the quantized training.
     *
     * @param grid the levels
     * @param budget length of the training
     * @return the recipe, ready to build
     */
    Askew.Builder recipe(Grid grid, Budget budget);

    /**
     * What trains the float network.
     *
     * @param budget length of the training
     * @return Adam, along a cosine
     */
    default IUpdater floatUpdater(Budget budget) {
        return adam(0.01, budget);
    }

    /**
     * What trains the parts of the quantized network that are not constrained.
     *
     * @param budget length of the training
     * @return Adam, along a cosine
     */
    default IUpdater askewUpdater(Budget budget) {
        return floatUpdater(budget);
    }

    /**
     * What trains the constrained weights of the network with BinaryConnect; the other parameters have {@link
     * #floatUpdater}.
     *
     * @param budget length of the training
     * @return Adam, along a cosine, with a learning rate in half cells a step
     */
    default IUpdater binaryConnectUpdater(Budget budget) {
        return adam(0.01, budget);
    }

    /**
     * The levels that are compared unless the user says otherwise.
     *
     * @return at least one grid
     */
    default List<Grid> grids() {
        return List.of(Grid.binary());
    }

    /**
     * How the grid is scaled when the float network is rounded.
     *
     * @return by default the scale of least squared error, for each tensor
     */
    default Scale roundingScale() {
        return Scale.mse();
    }

    /**
     * What batch-norm statistics are estimated on.
     *
     * @return training data, by default all of it in one minibatch
     */
    default DataSetIterator statisticsData() {
        return Batches.whole(split().train());
    }

    /**
     * Adam with a learning rate that falls to 0 along a cosine.
     *
     * @param rate at the start
     * @param budget length of the training
     * @return the updater
     */
    static IUpdater adam(double rate, Budget budget) {
        return new Adam(new CosineSchedule(ScheduleType.ITERATION, rate, budget.iterations()));
    }
}
