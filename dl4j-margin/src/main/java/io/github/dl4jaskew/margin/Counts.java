package io.github.dl4jaskew.margin;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** How far a network's training is. */
final class Counts {

    private Counts() {}

    static int iterations(Model network) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getIterationCount()
                : ((ComputationGraph) network).getIterationCount();
    }

    static int epochs(Model network) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getEpochCount()
                : ((ComputationGraph) network).getEpochCount();
    }
}
