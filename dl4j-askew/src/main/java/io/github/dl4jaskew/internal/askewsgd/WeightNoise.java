package io.github.dl4jaskew.internal.askewsgd;

import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Gaussian noise on the weights that the forward pass of training sees.
 *
 * @param deviation standard deviation while the intervals are open, in mean half cells; above 0, up to 1
 * @param seed the caller's seed
 */
public record WeightNoise(
        @JsonProperty("deviation") double deviation,
        @JsonProperty("seed") long seed) implements Serializable {

    @JsonCreator
    public WeightNoise {
        if (!(deviation > 0 && deviation <= 1)) {
            throw new IllegalArgumentException(
                    "weightNoise is " + deviation + "; allowed is above 0, up to 1 half cell");
        }
    }
}
