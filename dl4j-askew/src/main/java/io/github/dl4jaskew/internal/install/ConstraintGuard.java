package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.internal.network.LayerSettings;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the training of a layer that has lost its {@link GridStep}. A {@code FineTuneConfiguration} with l1, l2 or
 * weight decay replaces all regularizations of a layer, and one with an updater replaces the recipe's, without a word.
 * Constraints live on, so this one looks after every step whether the others are still there. Changes no weight, but has
 * the layer forget the weights that its {@link org.deeplearning4j.nn.conf.weightnoise.IWeightNoise} gave to the last step.
 */
final class ConstraintGuard implements LayerConstraint, InstalledPart {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ConstraintGuard.class);

    private final String layer;
    private final @Nullable IUpdater updater;
    private final @Nullable IUpdater replacedUpdater;
    private Set<String> params;

    /**
     * A guard of one layer.
     *
     * @param layer its name
     * @param updater the updater that the recipe depends on; null if any will do
     * @param replacedUpdater the updater that the recipe's own one has replaced, or null
     * @param params of no use, but DL4J sets them
     */
    @JsonCreator
    ConstraintGuard(
            @JsonProperty("layer") String layer,
            @JsonProperty("updater") @Nullable IUpdater updater,
            @JsonProperty("replacedUpdater") @Nullable IUpdater replacedUpdater,
            @JsonProperty("params") @Nullable Set<String> params) {
        this.layer = layer;
        this.updater = updater;
        this.replacedUpdater = replacedUpdater;
        this.params = params == null ? Set.of() : new TreeSet<>(params);
    }

    @JsonProperty("layer")
    String layer() {
        return layer;
    }

    @JsonProperty("updater")
    @Nullable
    IUpdater updater() {
        return updater;
    }

    @JsonProperty("replacedUpdater")
    @Nullable
    IUpdater replacedUpdater() {
        return replacedUpdater;
    }

    @Override
    @JsonProperty("params")
    public Set<String> getParams() {
        return params;
    }

    @Override
    public void setParams(Set<String> params) {
        this.params = new TreeSet<>(params);
    }

    @Override
    public void applyConstraint(Layer trained, int iteration, int epoch) {
        // A layer keeps the weights of its forward pass for the backward pass, which drops them, unless a helper
        // (oneDNN,
        // cuDNN) does the work: then the layer would continue with them until the end of the epoch.
        trained.clearNoiseWeightParams();
        LayerSettings settings = LayerSettings.of(trained.conf().getLayer());
        if (settings == null) {
            return;
        }
        requireIntact(settings);
        IUpdater now = settings.updater();
        if (now instanceof DelayedUpdater delayed) {
            delayed.next(iteration);
        }
        // DL4J counts a step before it runs the constraints
        if (iteration <= 1 && updater != null && !updater.equals(Uninstallation.unconstrained(now))) {
            LOG.warn(
                    "layer '{}': the recipe was installed with {}, but training starts with {}; was it replaced by a"
                            + " FineTuneConfiguration or setLearningRate?",
                    layer,
                    updater,
                    now);
        }
    }

    /** Fails if the layer has lost what the installation has put on. */
    void requireIntact(LayerSettings settings) {
        if (settings.regularization().stream().noneMatch(GridStep.class::isInstance)) {
            throw new IllegalStateException("layer '" + layer + "' has lost its constraint: a"
                    + " FineTuneConfiguration with l1, l2 or weightDecay replaces all regularizations of a layer. "
                    + remedy());
        }
        IUpdater now = settings.updater();
        if (updater != null && now != null && updater.getClass() != now.getClass()) {
            throw new IllegalStateException("layer '" + layer + "': the recipe was installed with "
                    + updater.getClass().getSimpleName()
                    + ", and a FineTuneConfiguration or the like has replaced it by "
                    + now.getClass().getSimpleName() + ". " + remedy());
        }
    }

    private static String remedy() {
        return "Call Askew.uninstall(network), preferably before TransferLearning, and install the recipe on the network that"
                + " TransferLearning has built";
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ConstraintGuard clone() {
        return new ConstraintGuard(layer, updater, replacedUpdater, params);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConstraintGuard that
                && layer.equals(that.layer)
                && Objects.equals(updater, that.updater)
                && Objects.equals(replacedUpdater, that.replacedUpdater)
                && params.equals(that.params);
    }

    @Override
    public int hashCode() {
        return layer.hashCode();
    }

    @Override
    public String toString() {
        return "ConstraintGuard(" + layer + ")";
    }
}
