package io.github.dl4jaskew.margin;

import java.util.OptionalDouble;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** The learning rate of a network that is trained by plain SGD. */
final class SgdRate {

    private SgdRate() {}

    /** Empty if a parameter has another updater, or another rate than the rest. */
    static OptionalDouble of(Model network, int iteration, int epoch) {
        Layer[] layers = network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getLayers()
                : ((ComputationGraph) network).getLayers();
        OptionalDouble rate = OptionalDouble.empty();
        for (Layer layer : layers) {
            for (String parameter : layer.paramTable().keySet()) {
                IUpdater updater = layer.getConfig().getUpdaterByParam(parameter);
                if (!(updater instanceof Sgd)) {
                    return OptionalDouble.empty();
                }
                double own = updater.getLearningRate(iteration, epoch);
                if (!(own > 0) || (rate.isPresent() && rate.getAsDouble() != own)) {
                    return OptionalDouble.empty();
                }
                rate = OptionalDouble.of(own);
            }
        }
        return rate;
    }
}
