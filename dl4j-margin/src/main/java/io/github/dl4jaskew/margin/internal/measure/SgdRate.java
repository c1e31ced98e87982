package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.LossFunctions;
import io.github.dl4jaskew.margin.internal.network.TrainableNetwork;
import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The learning rate of a network that is trained by plain SGD.
 *
 * @param rate gamma, above 0
 * @param logFactor logarithm of what the loss multiplies its gradient by, see {@link LogDomainLoss}
 */
public record SgdRate(double rate, double logFactor) {

    /**
     * Empty if a parameter has another updater, another rate than the rest, or a gradient that is normalized, or if outputs
     * multiply their gradients by different factors.
     */
    public static Optional<SgdRate> of(Model network, int iteration, int epoch) {
        Set<Double> rates = new HashSet<>();
        Set<Double> logFactors = new HashSet<>();
        for (Layer layer : TrainableNetwork.of(network).layers()) {
            org.deeplearning4j.nn.conf.layers.Layer conf = layer.conf().getLayer();
            ILossFunction loss = LossFunctions.of(conf);
            if (loss != null) {
                logFactors.add(loss instanceof LogDomainLoss logDomain ? logDomain.logScale() : 0.0);
            }
            for (String parameter : layer.paramTable().keySet()) {
                IUpdater updater = layer.getConfig().getUpdaterByParam(parameter);
                if (!(updater instanceof Sgd) || isNormalized(layer.getConfig())) {
                    return Optional.empty();
                }
                rates.add(updater.getLearningRate(iteration, epoch));
            }
        }
        if (rates.size() != 1 || logFactors.size() != 1 || !(rates.iterator().next() > 0)) {
            return Optional.empty();
        }
        return Optional.of(
                new SgdRate(rates.iterator().next(), logFactors.iterator().next()));
    }

    private static boolean isNormalized(TrainingConfig layer) {
        GradientNormalization normalization = layer.getGradientNormalization();
        return normalization != null && normalization != GradientNormalization.None;
    }
}
