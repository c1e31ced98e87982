package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.ScaledGrid;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The mark that a method of quantized training leaves on a layer: it changes the step that DL4J is about to take, and it
 * keeps the layer's grids in the network's configuration, where quantization and reports find them.
 *
 * <p>Implementations are immutable but for the state of schedules and of levels that are estimated later, have value equality and survive JSON ({@code @JsonProperty}
 * on {@link #layer()}, {@link #replacedUpdater()} and what else they hold).
 */
public interface GridStep extends Regularization, Annealed, InstalledPart {

    /** {@return the layer's weight parameters with their grids} */
    ConstrainedLayer layer();

    /**
     * Estimates levels that are due at a point of training, as the next step would; {@link #layer} has them then.
     *
     * @param params the layer's parameters by key
     * @param iteration iteration count of the network
     * @throws IllegalArgumentException if weights have no scale, being not finite or all zero
     */
    default void settle(Map<String, INDArray> params, int iteration) {}

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
     * Changes the velocity of a parameter in place: the update that is about to be subtracted, or the gradient, as {@link
     * #applyStep} says.
     *
     * @param grid its levels
     * @param parameter its name for random numbers, such as "output/W"
     * @param weights its weights; not changed
     * @param velocity changed in place
     * @param learningRate of the updater
     * @param iteration iteration count of the network
     * @param epoch epoch count of the network
     * @throws IllegalArgumentException if a number is not finite or out of range
     */
    void change(
            ScaledGrid grid,
            String parameter,
            INDArray weights,
            INDArray velocity,
            double learningRate,
            int iteration,
            int epoch);

    /**
     * Changes the velocity of a constrained parameter, and leaves the others alone.
     *
     * @throws IllegalArgumentException as {@link #change}; the message names layer, parameter and iteration
     */
    @Override
    default void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
        ConstrainedParameter parameter = layer().parameterOf(param);
        ScaledGrid grid = parameter.grid();
        if (grid == null) {
            return;
        }
        try {
            change(grid, layer().name() + "/" + parameter.name(), param, gradView, lr, iteration, epoch);
        } catch (IllegalArgumentException e) {
            throw layer().named(parameter, iteration, e);
        }
    }

    /** Always 0: a constraint is no penalty. */
    @Override
    default double score(INDArray param, int iteration, int epoch) {
        return 0;
    }

    /** {@return the settings that the step uses: lines for the plan of a network that was saved and restored} */
    List<String> settings();
}
