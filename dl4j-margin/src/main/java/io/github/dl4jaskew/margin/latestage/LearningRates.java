package io.github.dl4jaskew.margin.latestage;

import io.github.dl4jaskew.margin.internal.network.TrainableNetwork;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.learning.config.IUpdater;

/** All updaters of a network that have a learning rate: of weights and biases, inside wrappers too. */
final class LearningRates {

    private final Set<IUpdater> updaters;

    private LearningRates(Set<IUpdater> updaters) {
        this.updaters = updaters;
    }

    /**
     * The updaters' own objects, which DL4J's updater blocks refer to. (NetworkUtils.setLearningRate misses bias updaters
     * and wrapped layers, and builds all blocks again.)
     */
    static LearningRates of(TrainableNetwork network) {
        Set<IUpdater> updaters = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Layer layer : network.layers()) {
            for (String parameter : layer.paramTable().keySet()) {
                IUpdater updater = layer.getConfig().getUpdaterByParam(parameter);
                if (updater != null && updater.hasLearningRate()) {
                    updaters.add(updater);
                }
            }
        }
        if (updaters.isEmpty()) {
            throw new IllegalArgumentException("no updater of the network has a learning rate");
        }
        requireOneRateWhereThereIsState(updaters, network.state());
        return new LearningRates(updaters);
    }

    /** Equal updaters share a block, and with it the layout of their state, when the network is saved and restored. */
    private static void requireOneRateWhereThereIsState(Set<IUpdater> updaters, TrainableNetwork.State start) {
        List<Double> rates = updaters.stream()
                .map(updater -> updater.getLearningRate(start.iteration(), start.epoch()))
                .distinct()
                .sorted()
                .toList();
        if (start.updaterState() != null && rates.size() > 1) {
            throw new IllegalArgumentException("the updaters have a state and the learning rates " + rates
                    + "; with a state, all must have the same one");
        }
    }

    void set(double rate) {
        for (IUpdater updater : updaters) {
            updater.setLrAndSchedule(rate, null);
        }
    }
}
