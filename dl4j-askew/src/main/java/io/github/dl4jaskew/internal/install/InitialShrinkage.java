package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Weights made small before training, so that none of them begins near a level that chance has chosen for it.
 *
 * <p>The weights of every channel are multiplied by one number, after which their root mean square is {@code share} times
 * the largest level. Scales, estimated before, stay.
 */
public final class InitialShrinkage {

    private final double share;
    private final @Nullable Set<String> layers;

    private InitialShrinkage(double share, @Nullable Set<String> layers) {
        this.share = requireShare(share);
        this.layers = layers;
    }

    /** What makes all constrained weights small, or null. */
    public static @Nullable InitialShrinkage of(Target target) {
        return of(target, null);
    }

    /** What makes the constrained weights of some layers small, or of all if layers is null; null if there is nothing to do. */
    static @Nullable InitialShrinkage of(Target target, @Nullable Set<String> layers) {
        Double share = target.initialScale();
        return share == null || (layers != null && layers.isEmpty()) ? null : new InitialShrinkage(share, layers);
    }

    public static double requireShare(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "initialScale is " + share + "; allowed is above 0, up to 1 (the largest level)");
        }
        return share;
    }

    /** Makes the constrained weights small, and says so in the plan. */
    public AskewPlan apply(List<MeasuredParameter> parameters, AskewPlan plan) {
        parameters.stream()
                .filter(p -> layers == null || layers.contains(p.id().layer()))
                .forEach(p -> apply(p.weights(), p.grid()));
        return note(plan);
    }

    /** Says in the plan that the weights are made small. */
    AskewPlan note(AskewPlan plan) {
        List<String> settings = new ArrayList<>(plan.settings());
        settings.add(toString());
        return new AskewPlan(plan.entries(), settings, plan.warnings(), plan.deployment());
    }

    /** Says in the plan of a configuration that nothing was made small. */
    AskewPlan leaveOut(AskewPlan plan) {
        List<String> warnings = new ArrayList<>(plan.warnings());
        warnings.add("the " + this + " is left out, as a configuration has no weights yet; install on the initialised"
                + " network instead");
        return new AskewPlan(plan.entries(), plan.settings(), warnings, plan.deployment());
    }

    private void apply(INDArray array, ScaledGrid grid) {
        ArrayWeights weights = new ArrayWeights(array);
        double[] factors = factors(weights, grid);
        weights.replaceAll((i, w) -> w * factors[grid.channels().of(i)]);
    }

    private double[] factors(Weights weights, ScaledGrid grid) {
        double[] sizes = rootMeanSquares(weights, grid.channels());
        double[] factors = new double[sizes.length];
        Arrays.setAll(factors, c -> factor(sizes[c], largestLevel(grid, c)));
        return factors;
    }

    /** The root mean square of the weights of each channel. */
    static double[] rootMeanSquares(Weights weights, Channels channels) {
        double[] squares = new double[channels.count()];
        long[] counts = new long[channels.count()];
        for (long i = 0; i < weights.size(); i++) {
            int channel = channels.of(i);
            squares[channel] += weights.at(i) * weights.at(i);
            counts[channel]++;
        }
        double[] sizes = new double[channels.count()];
        Arrays.setAll(sizes, c -> Math.sqrt(squares[c] / counts[c]));
        return sizes;
    }

    private double factor(double rootMeanSquare, double largest) {
        // also where the squares of tiny or huge weights in double cannot be summed
        return rootMeanSquare > 0 && rootMeanSquare < Double.POSITIVE_INFINITY ? share * largest / rootMeanSquare : 1;
    }

    private static double largestLevel(ScaledGrid grid, int channel) {
        int levels = grid.grid().size();
        return Math.max(Math.abs(grid.level(channel, 0)), Math.abs(grid.level(channel, levels - 1)));
    }

    @Override
    public String toString() {
        return "initial scale " + share + (layers == null ? "" : " of layers '" + String.join("', '", layers) + "'");
    }
}
