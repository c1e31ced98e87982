package io.github.dl4jaskew.margin.metrics;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How far, in the euclidean norm of its features, an example is from those that are predicted otherwise. Immutable.
 *
 * @param smallestDistance smallest distance of all examples to the decision boundary to first order, an estimate. That of an example is
 *     the smallest {@code q_j / ||grad_x q_j||} over all other classes j, {@code q_j} being its margin over j: the class nearest in the
 *     features need not be the runner-up. Negative for an example that is predicted wrongly
 * @param nearestExample number of this example, from 0, in the order of the data
 * @param medianDistance median over the examples
 * @param certificate {@code q_min / (sqrt(2) * product of Lipschitz bounds)}: no change of the features of any measured example that is
 *     smaller changes its prediction. Without sqrt(2) for single or independent logits. A bound, so usually far below the distances; empty with a reason
 *     where the layers are no chain of known bounds, or q_min is not positive
 * @param layers spectral norms of dense and convolutional layers
 */
public record RobustnessMetrics(
        OptionalDouble smallestDistance,
        OptionalInt nearestExample,
        OptionalDouble medianDistance,
        OptionalDouble certificate,
        List<LayerSpectrum> layers) {

    /** Copies the list. */
    public RobustnessMetrics {
        layers = List.copyOf(layers);
    }
}
