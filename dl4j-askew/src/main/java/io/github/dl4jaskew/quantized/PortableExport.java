package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.internal.network.NetworkParameter;
import io.github.dl4jaskew.packed.ParameterInfo;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.PortableNetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Describes a network as a chain of {@linkplain PortableLayer simple layers}, for readers without Deeplearning4j. Says
 * exactly what DL4J computes at inference, or why it cannot.
 */
final class PortableExport {

    private PortableExport() {}

    /** A preprocessor and the layer behind it; one of the two may be missing. */
    private record Link(
            String name,
            @Nullable InputPreProcessor before,
            @Nullable Layer layer) {}

    /**
     * The layers of a network.
     *
     * @param network a MultiLayerNetwork or ComputationGraph
     * @param table the file's table of parameters
     * @return its layers, or the reason why there are none
     */
    static PortableNetwork of(Model network, List<ParameterInfo> table) {
        List<NetworkParameter> all = NetworkParameter.of(network);
        return of(
                network,
                new PortableChain(indices(table), i -> all.get(i).array().getDouble(0), false));
    }

    /** Why a network that is still to be trained will have no layers, or null if it will. */
    static @Nullable String refusalBeforeTraining(Model network) {
        List<ParameterInfo> table = ModelWriter.table(NetworkParameter.of(network), List.of());
        return of(network, new PortableChain(indices(table), i -> 1, true)).reason();
    }

    private static PortableNetwork of(Model network, PortableChain chain) {
        try {
            for (Link link : links(network)) {
                add(link, chain);
            }
            return chain.build();
        } catch (NotPortableException | IllegalArgumentException | ArithmeticException e) {
            // The latter two are about numbers that are too large for a simple layer.
            return PortableNetwork.refused(String.valueOf(e.getMessage()));
        }
    }

    private static void add(Link link, PortableChain chain) {
        try {
            if (link.before() != null) {
                chain.add(link.name(), link.before());
            }
            if (link.layer() != null) {
                chain.add(link.name(), link.layer());
            }
        } catch (NullPointerException | ArrayIndexOutOfBoundsException e) {
            // DL4J's configurations let any setting be null or of another length, and fail when they compute.
            throw new NotPortableException("layer '" + link.name() + "' lacks a setting: " + e.getMessage());
        }
    }

    private static Map<List<String>, Integer> indices(List<ParameterInfo> table) {
        Map<List<String>, Integer> indices = new HashMap<>();
        for (int i = 0; i < table.size(); i++) {
            indices.put(List.of(table.get(i).layer(), table.get(i).key()), i);
        }
        return indices;
    }

    private static List<Link> links(Model network) {
        if (network instanceof MultiLayerNetwork multiLayer) {
            MultiLayerConfiguration conf = multiLayer.getLayerWiseConfigurations();
            requireType(conf.getDataType());
            return links(conf);
        }
        ComputationGraphConfiguration conf = ((ComputationGraph) network).getConfiguration();
        requireType(conf.getDataType());
        return links(conf);
    }

    private static void requireType(DataType type) {
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new NotPortableException("the network computes in " + type);
        }
    }

    private static List<Link> links(MultiLayerConfiguration conf) {
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < conf.getConfs().size(); i++) {
            Layer layer = conf.getConf(i).getLayer();
            String name = layer.getLayerName() == null ? Integer.toString(i) : layer.getLayerName();
            links.add(new Link(name, conf.getInputPreProcess(i), layer));
        }
        return links;
    }

    /** Follows the graph from its input; it is a chain if each vertex feeds exactly one other. */
    private static List<Link> links(ComputationGraphConfiguration conf) {
        if (conf.getNetworkInputs().size() != 1 || conf.getNetworkOutputs().size() != 1) {
            throw new NotPortableException("the graph has inputs " + conf.getNetworkInputs() + " and outputs "
                    + conf.getNetworkOutputs() + ", not one of each");
        }
        List<Link> links = new ArrayList<>();
        String at = conf.getNetworkInputs().get(0);
        for (String next = next(conf, at); next != null; next = next(conf, at)) {
            links.add(link(next, conf.getVertices().get(next)));
            at = next;
        }
        String output = conf.getNetworkOutputs().get(0);
        if (!at.equals(output) || links.size() != conf.getVertices().size()) {
            throw new NotPortableException("the graph is no chain from input to output '" + output + "'");
        }
        return links;
    }

    private static @Nullable String next(ComputationGraphConfiguration conf, String from) {
        String next = null;
        for (Map.Entry<String, List<String>> inputs : conf.getVertexInputs().entrySet()) {
            if (!inputs.getValue().contains(from)) {
                continue;
            }
            if (next != null) {
                throw new NotPortableException(
                        "both '" + next + "' and '" + inputs.getKey() + "' follow '" + from + "'");
            }
            if (inputs.getValue().size() > 1) {
                throw new NotPortableException("vertex '" + inputs.getKey() + "' has inputs " + inputs.getValue());
            }
            next = inputs.getKey();
        }
        return next;
    }

    private static Link link(String name, @Nullable GraphVertex vertex) {
        if (vertex instanceof LayerVertex layer) {
            return new Link(name, layer.getPreProcessor(), layer.getLayerConf().getLayer());
        }
        if (vertex instanceof PreprocessorVertex preprocessor) {
            return new Link(name, preprocessor.getPreProcessor(), null);
        }
        throw new NotPortableException("vertex '" + name + "' is a "
                + (vertex == null ? "" : vertex.getClass().getSimpleName()));
    }
}
