package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.interval.Stage;
import java.io.Serializable;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Gaussian noise added to the displacement of every constrained weight before the rule sees it. With it
 * SGD avoids active strict saddles and sharply repulsive points of generic definable functions (Schechtman
 * 2021; Bianchi, Hachem, Schechtman 2021).
 *
 * <p>The noise depends on seed, layer, parameter and iteration alone, so a resumed training repeats it.
 *
 * @param deviation standard deviation of a step, in mean half cells; above 0
 * @param seed the caller's seed
 */
public record Perturbation(
        @JsonProperty("deviation") double deviation,
        @JsonProperty("seed") long seed) implements Serializable {

    @JsonCreator
    public Perturbation {
        if (!(deviation > 0 && deviation <= 1)) {
            throw new IllegalArgumentException(
                    "perturbation is " + deviation + "; allowed is above 0, up to 1 half cell");
        }
    }

    public void addTo(INDArray velocity, SkewRule rule, ScaledGrid grid, String parameter, int iteration) {
        double gamma = rule.stage() == Stage.STEP ? 1 : rule.gamma();
        if (gamma == 0) {
            return;
        }
        int channels = grid.channels().count();
        double[] perChannel = new double[channels];
        for (int c = 0; c < channels; c++) {
            perChannel[c] = deviation * SkewRule.meanHalfCell(grid, c) / (gamma * rule.unit(grid, c));
        }
        RandomGenerator random =
                new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (iteration + 1) ^ parameter.hashCode());
        new ArrayWeights(velocity)
                .replaceAll((i, v) -> v + perChannel[grid.channels().of(i)] * random.nextGaussian());
    }
}
