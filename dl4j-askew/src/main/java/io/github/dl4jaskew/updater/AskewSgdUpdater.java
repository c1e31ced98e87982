package io.github.dl4jaskew.updater;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

/** The state and the step of {@link AskewSgd} for one block of parameters. */
final class AskewSgdUpdater implements GradientUpdater<AskewSgd> {

    private static final String VELOCITY = "V";

    private final AskewSgd config;
    private @Nullable INDArray velocity;

    AskewSgdUpdater(AskewSgd config) {
        this.config = config;
    }

    @Override
    public AskewSgd getConfig() {
        return config;
    }

    @Override
    public void setState(Map<String, INDArray> stateMap, boolean initialize) {
        INDArray state = stateMap.get(VELOCITY);
        if (config.getMomentum() > 0) {
            if (state == null || stateMap.size() != 1) {
                throw new IllegalArgumentException(
                        "the state of AskewSgd with momentum is {" + VELOCITY + "}, but got " + stateMap.keySet());
            }
            setStateViewArray(state, state.shape(), state.ordering(), initialize);
        }
    }

    @Override
    public Map<String, INDArray> getState() {
        return velocity == null ? Map.of() : Map.of(VELOCITY, velocity);
    }

    @Override
    public void setStateViewArray(
            @Nullable INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
        if (viewArray == null) {
            // SameDiff calls this for updaters without state too.
            return;
        }
        if (initialize) {
            viewArray.assign(0);
        }
        velocity = viewArray.reshape(gradientOrder, gradientShape);
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        if (!config.isConstrained()) {
            throw new IllegalStateException(
                    "AskewSgd has no interval constraint: call Askew.builder()...build().install(network)"
                            + " before training, or use Sgd to train without constraint");
        }
        double learningRate = config.getLearningRate(iteration, epoch);
        if (config.getMomentum() == 0) {
            gradient.muli(learningRate);
            return;
        }
        if (velocity == null) {
            throw new IllegalStateException("AskewSgd with momentum has no state array yet");
        }
        requireFinite(gradient);
        INDArray v = velocity.reshape(gradient.ordering(), gradient.shape());
        Nd4j.exec(new Axpy(v, gradient, gradient, config.getMomentum()));
        v.assign(gradient);
        gradient.muli(learningRate);
    }

    /** A NaN that has entered the velocity would never leave it. */
    private static void requireFinite(INDArray gradient) {
        if (!Double.isFinite(gradient.sumNumber().doubleValue())) {
            for (long i = 0; i < gradient.length(); i++) {
                double value = gradient.getDouble(i);
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "gradient element " + i + " is " + value + "; it must be finite");
                }
            }
        }
    }
}
