package io.github.dl4jaskew.margin.latestage;

import io.github.dl4jaskew.margin.internal.network.TrainableNetwork;
import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import io.github.dl4jaskew.margin.loss.LossMeter;
import io.github.dl4jaskew.margin.metrics.Loss;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** The loss of a network's output layer, which gives way to a {@link LogDomainLoss} for some time. */
final class OutputLoss {

    private final Consumer<ILossFunction> place;
    private final ILossFunction original;
    private final LogDomainLoss replacement;

    private OutputLoss(Consumer<ILossFunction> place, ILossFunction original, Loss loss) {
        this.place = place;
        this.original = original;
        this.replacement = new LogDomainLoss(loss);
    }

    static OutputLoss of(TrainableNetwork network) {
        List<Layer> outputs = Arrays.stream(network.layers())
                .map(layer -> layer.conf().getLayer())
                .filter(layer -> layer instanceof BaseOutputLayer || layer instanceof LossLayer)
                .toList();
        if (outputs.size() != 1) {
            throw new IllegalArgumentException(
                    "the network has " + outputs.size() + " output or loss layers; allowed is 1");
        }
        if (outputs.get(0) instanceof BaseOutputLayer layer) {
            return new OutputLoss(
                    layer::setLossFn, layer.getLossFn(), loss(layer.getLossFn(), layer.getActivationFn()));
        }
        LossLayer layer = (LossLayer) outputs.get(0);
        return new OutputLoss(layer::setLossFn, layer.getLossFn(), loss(layer.getLossFn(), layer.getActivationFn()));
    }

    private static Loss loss(ILossFunction function, IActivation activation) {
        if (function instanceof LogDomainLoss logDomain) {
            return logDomain.loss();
        }
        if (function instanceof LossMCXENT cross
                && cross.getWeights() == null
                && activation instanceof ActivationSoftmax) {
            return Loss.CROSS_ENTROPY;
        }
        if (function instanceof LossBinaryXENT binary
                && binary.getWeights() == null
                && activation instanceof ActivationSigmoid) {
            return Loss.LOGISTIC;
        }
        throw new IllegalArgumentException(
                "the output layer has loss " + function + " and activation " + activation
                        + "; allowed are MCXENT with softmax, XENT with sigmoid, both without class weights, and LogDomainLoss");
    }

    Loss loss() {
        return replacement.loss();
    }

    /**
     * The logarithm of the mean loss over a data set.
     *
     * @param scoring scores the whole set
     * @return NaN if a logit is not finite
     */
    double logMean(Runnable scoring) {
        LossMeter meter = new LossMeter(loss());
        place.accept(meter);
        scoring.run();
        return meter.logMeanLoss().orElse(Double.NaN);
    }

    void scale(double logScale) {
        place.accept(replacement.withLogScale(logScale));
    }

    void restore() {
        place.accept(original);
    }
}
