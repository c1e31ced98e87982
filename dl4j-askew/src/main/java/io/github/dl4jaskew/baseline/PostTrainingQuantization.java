package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.GridStep;
import io.github.dl4jaskew.internal.install.Installer;
import io.github.dl4jaskew.internal.install.Quantization;
import io.github.dl4jaskew.internal.install.Target;
import io.github.dl4jaskew.internal.install.TrainingMethod;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.TrainingCounts;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Post-training quantization (PTQ): the network trains in full precision, and {@link #quantize} then fits the scales to its
 * weights, {@code s = scale(w)}, and rounds every weight to its nearest level. With data, batch-norm statistics are
 * re-estimated on the rounded weights, without which few bits are hardly ever of use.
 *
 * <p>{@code install} changes nothing: it says in its plan what would be rounded, with the scales of the weights at that
 * moment. Immutable and thread safe.
 */
public final class PostTrainingQuantization implements QuantizedTraining {

    private final Installer installer;
    private final Method method;

    private PostTrainingQuantization(Method method) {
        this.method = method;
        this.installer = new Installer(method);
    }

    /** {@return a builder, by default with binary weights and scales of least squared error} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the values. Each method returns this builder; {@link #build} can be called repeatedly. Not thread safe. */
    public static final class Builder extends BaselineBuilder<Builder> {

        private Builder() {}

        /**
         * The method.
         *
         * @return an immutable method
         * @throws IllegalArgumentException if the scale is not defined for the grid
         */
        public PostTrainingQuantization build() {
            return new PostTrainingQuantization(new Method(target()));
        }

        @Override
        Builder self() {
            return this;
        }
    }

    @Override
    public AskewPlan install(Model network) {
        return plan(network);
    }

    @Override
    public AskewPlan plan(Model network) {
        return installer.plan(network);
    }

    @Override
    public AskewPlan install(MultiLayerConfiguration configuration) {
        return installer.install(configuration.clone());
    }

    @Override
    public AskewPlan install(ComputationGraphConfiguration configuration) {
        return installer.install(configuration.clone());
    }

    /**
     * The rounded network. Works on a copy; the network is not touched.
     *
     * @param network an initialised network without constraint
     * @return exact levels, codes and scales
     * @throws IllegalStateException if a constraint is installed, or the network is not initialised
     * @throws IllegalArgumentException if a weight is not finite, no weight is claimed or a scale cannot be estimated
     */
    @Override
    public QuantizedModel quantize(Model network) {
        return Quantization.of(installed(network), null);
    }

    /**
     * The rounded network, with batch-norm statistics re-estimated.
     *
     * @param network an initialised network without constraint
     * @param data training data, an array of features for each input; is reset and read once for each batch-norm layer
     * @return exact levels, codes and scales
     * @throws IllegalStateException as for {@link #quantize(Model)}
     * @throws IllegalArgumentException as for {@link #quantize(Model)}, or if the data is empty, has not one array for each
     *     input or cannot be reset
     */
    @Override
    public QuantizedModel quantize(Model network, MultiDataSetIterator data) {
        return Quantization.of(installed(network), data);
    }

    private Model installed(Model network) {
        Network copy = Network.of(network).copy();
        TrainingCounts before = copy.counts();
        installer.install(copy.model(), plan -> {});
        copy.setCounts(before);
        return copy.model();
    }

    @Override
    public String toString() {
        return method.toString();
    }

    /**
     * What marks the weights of a copy.
     *
     * @param target which weights, which levels
     */
    private record Method(Target target) implements TrainingMethod {

        @Override
        public GridStep step(ConstrainedLayer layer, int cellPower, @Nullable IUpdater replacedUpdater) {
            return new LatentStep(layer, cellPower, false, replacedUpdater);
        }

        @Override
        public boolean trains() {
            return false;
        }

        @Override
        public List<String> settings() {
            return List.of("post-training quantization (PTQ)");
        }

        @Override
        public String toString() {
            return "PostTrainingQuantization(" + target + ")";
        }
    }
}
