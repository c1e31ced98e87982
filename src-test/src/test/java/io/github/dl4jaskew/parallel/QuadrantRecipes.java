package io.github.dl4jaskew.parallel;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.testkit.Quadrants;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** AskewSGD on the networks of {@link Quadrants}. */
final class QuadrantRecipes {

    private QuadrantRecipes() {}

    /** A recipe whose intervals are closed to 1e-4 after that many updates of a worker. */
    static Askew.Builder recipe(int epochs, int iterationsPerEpoch) {
        return Askew.fromScratch(epochs, iterationsPerEpoch).grid(Grid.binary());
    }

    /** Installs a recipe on a network of either kind. */
    static void install(Askew recipe, Model network) {
        if (network instanceof ComputationGraph graph) {
            recipe.install(graph);
        } else {
            recipe.install((MultiLayerNetwork) network);
        }
    }

    /** Where the constrained weights stand. */
    static AskewReport.Row state(Model network) {
        int iteration = network instanceof ComputationGraph g
                ? g.getIterationCount()
                : ((MultiLayerNetwork) network).getIterationCount();
        int epoch = network instanceof ComputationGraph g
                ? g.getEpochCount()
                : ((MultiLayerNetwork) network).getEpochCount();
        return new AskewListener().report(network, iteration, epoch).total();
    }
}
