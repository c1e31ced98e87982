package io.github.dl4jaskew.matrix;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes dropout and noise depend on the iteration alone. DL4J draws them from ND4J's global generator, whose state no
 * checkpoint holds, so that without this a resumed training draws others.
 */
final class SeededNoise extends BaseTrainingListener {

    private static final long SEED = 77;

    @Override
    public void onEpochStart(Model model) {
        seed(
                model instanceof MultiLayerNetwork list
                        ? list.getIterationCount()
                        : ((ComputationGraph) model).getIterationCount());
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        seed(iteration + 1);
    }

    private static void seed(int iteration) {
        Nd4j.getRandom().setSeed(SEED + iteration);
    }
}
