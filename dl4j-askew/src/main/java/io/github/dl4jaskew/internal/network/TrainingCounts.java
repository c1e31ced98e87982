package io.github.dl4jaskew.internal.network;

import java.util.Collection;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;

/**
 * How far a network's training has come, by which all schedules count.
 *
 * @param iteration updates done
 * @param epoch epochs done
 */
public record TrainingCounts(int iteration, int epoch) {

    public static TrainingCounts of(Model network) {
        if (network instanceof MultiLayerNetwork list) {
            return new TrainingCounts(list.getIterationCount(), list.getEpochCount());
        }
        ComputationGraph graph = graph(network);
        return new TrainingCounts(graph.getIterationCount(), graph.getEpochCount());
    }

    public void setOn(Model network) {
        if (network instanceof MultiLayerNetwork list) {
            list.setIterationCount(iteration);
            list.setEpochCount(epoch);
        } else {
            ComputationGraph graph = graph(network);
            graph.getConfiguration().setIterationCount(iteration);
            graph.getConfiguration().setEpochCount(epoch);
        }
    }

    public static Collection<TrainingListener> listeners(Model network) {
        return network instanceof MultiLayerNetwork list
                ? list.getListeners()
                : graph(network).getListeners();
    }

    private static ComputationGraph graph(Model network) {
        if (network instanceof ComputationGraph graph) {
            return graph;
        }
        throw new IllegalArgumentException("a MultiLayerNetwork or ComputationGraph is needed, but this is a "
                + network.getClass().getName());
    }
}
