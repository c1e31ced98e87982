package io.github.dl4jaskew.internal.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Copies that share nothing with the original. DL4J's own {@code clone()} shares the layers inside wrappers (last time
 * step, bidirectional, time distributed), and for a graph the listeners, and starts its iteration count anew.
 */
public final class NetworkCopy {

    private NetworkCopy() {}

    /**
     * Copies configuration and parameters, without updater state and listeners.
     *
     * @param network an initialised network
     * @return an independent network
     * @throws IllegalStateException if it is not initialised
     */
    public static MultiLayerNetwork of(MultiLayerNetwork network) {
        requireInitialised(network.isInitCalled());
        MultiLayerNetwork copy = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(
                network.getLayerWiseConfigurations().toJson()));
        copy.init(network.params().dup(), false);
        return copy;
    }

    /**
     * Copies configuration and parameters, without updater state and listeners.
     *
     * @param network an initialised graph
     * @return an independent graph
     * @throws IllegalStateException if it is not initialised
     */
    public static ComputationGraph of(ComputationGraph network) {
        requireInitialised(network.getVertices() != null);
        ComputationGraph copy = new ComputationGraph(ComputationGraphConfiguration.fromJson(
                network.getConfiguration().toJson()));
        copy.init(network.params().dup(), false);
        return copy;
    }

    private static void requireInitialised(boolean initialised) {
        if (!initialised) {
            throw new IllegalStateException("the network has no parameters yet; call init() before");
        }
    }
}
