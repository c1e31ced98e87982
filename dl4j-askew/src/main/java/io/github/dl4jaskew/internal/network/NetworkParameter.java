package io.github.dl4jaskew.internal.network;

import io.github.dl4jaskew.packed.ParameterId;
import java.util.Comparator;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One parameter of a network.
 *
 * @param id which one
 * @param array the network's own array, a view of its parameter vector
 */
public record NetworkParameter(ParameterId id, INDArray array) {

    /** All parameters in the order of the network's parameter vector, which is not that of a layer's table. */
    public static List<NetworkParameter> of(Model model) {
        Network network = Network.of(model);
        if (!network.isInitialised()) {
            throw new IllegalStateException("the network has no parameters yet; call init() before");
        }
        return network.sites().stream()
                .flatMap(site -> site.params().entrySet().stream()
                        .map(p -> new NetworkParameter(site.id(p.getKey()), p.getValue())))
                .sorted(Comparator.comparingLong(p -> p.array().offset()))
                .toList();
    }

    /**
     * The same, if they fill the parameter vector without gaps.
     *
     * @throws IllegalStateException if they do not, so that the vector is more than its parameters
     */
    public static List<NetworkParameter> requireAll(Model network) {
        List<NetworkParameter> all = of(network);
        long next = all.isEmpty() ? 0 : all.get(0).array().offset();
        long first = next;
        for (NetworkParameter p : all) {
            if (p.array().offset() != next) {
                throw new IllegalStateException(p + " does not begin where the one before ends");
            }
            next += p.array().length();
        }
        // Not numParams(), which leaves out those of a graph's vertices.
        long length = network.params().length();
        if (next - first != length) {
            throw new IllegalStateException(
                    "the network has " + length + " parameters, but its layers name " + (next - first));
        }
        return all;
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
