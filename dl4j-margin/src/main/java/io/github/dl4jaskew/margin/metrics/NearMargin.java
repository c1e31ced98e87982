package io.github.dl4jaskew.margin.metrics;

import java.util.List;

/**
 * The normalized margin of a network that is not homogeneous but nearly so: {@code q_min / rho^L}, where biases are left out of the
 * norm rho and of the degree L, and so is whatever batch norm takes the scale away from. The margin q itself is the network's, with
 * biases. Not comparable with the normalized margin of homogeneous networks: another scale of the counted weights changes it
 * a little, as biases are not scaled with them.
 *
 * <p>With biases a network differs from a homogeneous one of degree L by lower powers of the norm, so that late in training, as the
 * norm grows, what is proved of homogeneous networks holds approximately. With batch norm the statement is about the layers from the
 * last batch norm on (of each branch, in a graph), whose gains count, for the features that the layers before give.
 *
 * <p>Sources: Lyu and Li, ICLR 2020, who show such margins of networks with biases; for near-homogeneity "Implicit bias of gradient descent
 * for non-homogeneous deep networks", arXiv 2502.16075.
 *
 * @param degree L, without biases; above 0
 * @param norm rho of the weights that count, above 0
 * @param normalizedMargin {@code q_min / rho^L}
 * @param leftOut what is not in rho, with the names of the layers
 */
public record NearMargin(double degree, double norm, double normalizedMargin, List<String> leftOut) {

    /** Copies the list. */
    public NearMargin {
        leftOut = List.copyOf(leftOut);
    }
}
