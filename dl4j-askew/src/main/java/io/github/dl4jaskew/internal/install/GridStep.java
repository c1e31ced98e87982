package io.github.dl4jaskew.internal.install;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The mark that a method of quantized training leaves on a layer: it changes the step that DL4J is about to take, and it
 * keeps the layer's grids in the network's configuration, where quantization and reports find them.
 *
 * <p>Implementations are immutable or hold schedules alone, have value equality and survive JSON ({@code @JsonProperty}
 * on {@link #layer()}, {@link #replacedUpdater()} and what else they hold).
 */
public interface GridStep extends Regularization, Annealed, InstalledPart {

    /** {@return the layer's weight parameters with their grids} */
    ConstrainedLayer layer();

    /** {@return the updater that the method's own one has replaced on this layer, or null if nothing was replaced} */
    @Nullable
    IUpdater replacedUpdater();

    /**
     * Width of the intervals around the levels.
     *
     * @param iteration iteration count of the network
     * @param epoch epoch count of the network
     * @return eps in [0, 1]; 1 for methods without intervals
     */
    default double epsilonAt(int iteration, int epoch) {
        return 1;
    }

    /**
     * How far weights may be beyond the hull before the method draws them back or clips them.
     *
     * @param iteration iteration count of the network
     * @param epoch epoch count of the network
     * @return in mean half cells: 0 for not at all, infinity for methods that leave them there
     */
    default double overhangAt(int iteration, int epoch) {
        return 0;
    }

    @Override
    default Optional<String> unfinishedAt(int iteration, int epoch) {
        return Optional.empty();
    }

    /**
     * {@return whether the method also gave the layer a weight noise, which its removal takes off again; false for
     * methods whose forward pass sees the weights as they are}
     */
    default boolean hasWeightNoise() {
        return false;
    }

    /** {@return the settings that the step uses: lines for the plan of a network that was saved and restored} */
    List<String> settings();
}
