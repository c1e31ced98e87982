package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.internal.network.NetworkParameter;
import io.github.dl4jaskew.packed.ParameterInfo;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.PortableNetwork;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Describes a network as a list of {@linkplain PortableLayer simple layers}, for readers without Deeplearning4j. Says
 * exactly what DL4J computes at inference, or why it cannot.
 */
final class PortableExport {

    private PortableExport() {}

    /**
     * The layers of a network.
     *
     * @param network a MultiLayerNetwork or ComputationGraph
     * @param table the file's table of parameters
     * @return its layers, or the reason why there are none
     */
    static PortableNetwork of(Model network, List<ParameterInfo> table) {
        List<NetworkParameter> all = NetworkParameter.of(network);
        return of(network, new PortableChain(table, i -> all.get(i).array().getDouble(0), false));
    }

    /** Why a network that is still to be trained will have no layers, or null if it will. */
    static @Nullable String refusalBeforeTraining(Model network) {
        List<ParameterInfo> table = ModelWriter.table(NetworkParameter.of(network), List.of());
        return of(network, new PortableChain(table, i -> 1, true)).reason();
    }

    private static PortableNetwork of(Model network, PortableChain chain) {
        try {
            if (network instanceof ComputationGraph graph) {
                requireType(graph.getConfiguration().getDataType());
                new PortableGraph(graph, chain).add();
            } else {
                MultiLayerConfiguration conf = ((MultiLayerNetwork) network).getLayerWiseConfigurations();
                requireType(conf.getDataType());
                for (int i = 0; i < conf.getConfs().size(); i++) {
                    Layer layer = conf.getConf(i).getLayer();
                    String name = layer.getLayerName() == null ? Integer.toString(i) : layer.getLayerName();
                    add(chain, name, conf.getInputPreProcess(i), layer);
                }
            }
            return chain.build();
        } catch (NotPortableException | IllegalArgumentException | ArithmeticException e) {
            // The latter two are about numbers that are too large for a simple layer.
            return PortableNetwork.refused(String.valueOf(e.getMessage()));
        }
    }

    /** Adds a preprocessor and the layer behind it; one of the two may be missing. */
    static void add(PortableChain chain, String name, @Nullable InputPreProcessor before, @Nullable Layer layer) {
        try {
            if (before != null) {
                chain.add(name, before);
            }
            if (layer != null) {
                chain.add(name, layer);
            }
        } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
            // DL4J's configurations let any setting be null or of another length, and fail when they compute.
            throw new NotPortableException("layer '" + name + "' lacks a setting: " + e.getMessage());
        }
    }

    private static void requireType(DataType type) {
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new NotPortableException("the network computes in " + type);
        }
    }
}
