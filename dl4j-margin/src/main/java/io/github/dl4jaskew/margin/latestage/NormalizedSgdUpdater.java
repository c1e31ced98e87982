package io.github.dl4jaskew.margin.latestage;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/** The step of {@link NormalizedSgd} for one block of parameters. */
final class NormalizedSgdUpdater implements GradientUpdater<NormalizedSgd> {

    private final NormalizedSgd config;

    NormalizedSgdUpdater(NormalizedSgd config) {
        this.config = config;
    }

    @Override
    public NormalizedSgd getConfig() {
        return config;
    }

    @Override
    public void setState(Map<String, INDArray> stateMap, boolean initialize) {
        if (!stateMap.isEmpty()) {
            throw new IllegalArgumentException("NormalizedSgd has no state, but got " + stateMap.keySet());
        }
    }

    @Override
    public Map<String, INDArray> getState() {
        return Map.of();
    }

    @Override
    public void setStateViewArray(INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
        throw new IllegalStateException("NormalizedSgd has no state");
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        double learningRate = config.getLearningRate(iteration, epoch);
        double largest = gradient.normmaxNumber().doubleValue();
        if (largest == 0) {
            return;
        }
        // squares of a float32 gradient underflow from 1e-19
        gradient.divi(largest);
        double norm = gradient.norm2Number().doubleValue();
        if (!(norm > 0 && norm < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the gradient's largest magnitude is " + largest + " and its norm "
                    + norm * largest + "; all elements must be finite");
        }
        gradient.muli(learningRate / norm);
    }
}
