package io.github.dl4jaskew.internal.network;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A live network keeps updaters that were made from its configuration as it was. They are made anew here, with the old
 * state where the recipe leaves the updaters' kinds alone.
 */
public final class UpdaterState {

    private UpdaterState() {}

    public static void renew(MultiLayerNetwork network, boolean keepState) {
        Updater old = network.getUpdater(false);
        if (old == null) {
            return;
        }
        INDArray state = copy(old.getStateViewArray());
        network.setUpdater(null);
        if (keepState && state != null) {
            Updater renewed = network.getUpdater(true);
            if (sameLength(renewed.getStateViewArray(), state)) {
                renewed.setStateViewArray(network, state, false);
            }
        }
    }

    public static void renew(ComputationGraph network, boolean keepState) {
        ComputationGraphUpdater old = network.getUpdater(false);
        if (old == null) {
            return;
        }
        INDArray state = copy(old.getStateViewArray());
        network.setUpdater(null);
        if (keepState && state != null) {
            ComputationGraphUpdater renewed = network.getUpdater(true);
            if (sameLength(renewed.getStateViewArray(), state)) {
                renewed.setStateViewArray(state);
            }
        }
    }

    /**
     * Runs something that may drop the network's updater. The updater is made beforehand, as a ParallelWrapper's workers
     * that start to make it while the first of them trains can wait for each other forever.
     */
    public static void keepDuring(Model network, Runnable training) {
        if (network instanceof MultiLayerNetwork list) {
            Updater updater = list.getUpdater(true);
            training.run();
            list.setUpdater(updater);
        } else if (network instanceof ComputationGraph graph) {
            ComputationGraphUpdater updater = graph.getUpdater(true);
            training.run();
            graph.setUpdater(updater);
        }
    }

    private static @Nullable INDArray copy(@Nullable INDArray state) {
        return state == null ? null : state.dup();
    }

    private static boolean sameLength(@Nullable INDArray a, INDArray b) {
        return a != null && a.length() == b.length();
    }
}
