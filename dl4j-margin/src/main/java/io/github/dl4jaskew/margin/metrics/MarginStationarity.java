package io.github.dl4jaskew.margin.metrics;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How far the weights are from a critical point of the normalized margin on the sphere, by the margins' own gradients instead
 * of the loss's: the angle between the weights w and the nearest combination {@code Sum lambda_k grad q_k}, {@code lambda_k >=
 * 0}, over the pairs of example and class with {@code q_k <= (1 + tau) q_min}; see {@link ConeProjection}.
 *
 * <p>The tangent goes to 0 where training converges to a critical point, and unlike {@link GradientMetrics#alignment} it
 * tells also at a finite loss. At a kink of ReLU each pair contributes one of its subgradients, so that the
 * tangent is then an upper bound, and so it is if there are more pairs than were allowed.
 *
 * <p>Source: Schechtman and Schreuder, COLT 2025.
 *
 * @param cosine the largest cosine of w and a combination, 0 to 1
 * @param tangent of that angle: length of w's part outside of the cone over that inside; empty if the cosine is 0
 * @param candidates number of pairs with {@code q <= (1 + tau) q_min}
 * @param pairs how many of them were used, those with the smallest margins
 * @param support pairs with a positive multiplier, the largest first
 */
public record MarginStationarity(
        double cosine, OptionalDouble tangent, int candidates, int pairs, List<SupportPair> support) {

    /** Copies the list. */
    public MarginStationarity {
        support = List.copyOf(support);
    }
}
