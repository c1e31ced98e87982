package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.packed.NetworkKind;
import java.io.IOException;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** The configuration of either kind of network, from JSON that may come from an untrusted source. */
final class ModelConfiguration {

    private static final ObjectMapper GUARDED =
            NeuralNetConfiguration.mapper().copy().setPolymorphicTypeValidator(ConfigurationGuard.CLASSES);

    private static final String EPOCHS = "epochCount";

    private final DataType type;
    private final Function<INDArray, Model> network;

    private ModelConfiguration(DataType type, Function<INDArray, Model> network) {
        this.type = type;
        this.network = network;
    }

    static NetworkKind kindOf(Model network) {
        return network instanceof MultiLayerNetwork ? NetworkKind.MULTI_LAYER : NetworkKind.GRAPH;
    }

    /**
     * The configuration without white space.
     *
     * @throws IllegalArgumentException if it could not be loaded again, for example for a layer of the user's own
     */
    static String json(Model network) {
        String json = Network.of(network).json();
        try {
            JsonNode configuration = new ObjectMapper().readTree(json);
            // TransferLearning leaves the layers' counts as they were, and DL4J reads the network's for all
            for (JsonNode counted : configuration.findParents(EPOCHS)) {
                ((ObjectNode) counted).set(EPOCHS, configuration.path(EPOCHS));
            }
            String compact = configuration.toString();
            parse(kindOf(network), compact);
            return compact;
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "this network's configuration cannot be packed: " + ConfigurationGuard.firstLine(e), e);
        }
    }

    /**
     * Parses a configuration, after it has been found safe.
     *
     * @throws IllegalArgumentException if it is not safe, or not as DL4J would write it; says why
     */
    static ModelConfiguration parse(NetworkKind kind, String json) {
        ConfigurationGuard.check(json);
        try {
            ModelConfiguration parsed = kind == NetworkKind.MULTI_LAYER ? multiLayer(json) : graph(json);
            if (parsed.type == null || !parsed.type.isFPType()) {
                throw new IllegalArgumentException("its type is " + parsed.type);
            }
            return parsed;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new IllegalArgumentException("DL4J refuses it: " + ConfigurationGuard.firstLine(e), e);
        }
    }

    private static ModelConfiguration multiLayer(String json) throws IOException {
        GUARDED.readValue(json, MultiLayerConfiguration.class);
        MultiLayerConfiguration configuration = MultiLayerConfiguration.fromJson(json);
        requireSame(json, configuration.toJson());
        return new ModelConfiguration(configuration.getDataType(), parameters -> {
            MultiLayerNetwork network = new MultiLayerNetwork(configuration);
            network.init(parameters, false);
            return network;
        });
    }

    private static ModelConfiguration graph(String json) throws IOException {
        GUARDED.readValue(json, ComputationGraphConfiguration.class);
        ComputationGraphConfiguration configuration = ComputationGraphConfiguration.fromJson(json);
        requireSame(json, configuration.toJson());
        return new ModelConfiguration(configuration.getDataType(), parameters -> {
            ComputationGraph network = new ComputationGraph(configuration);
            network.init(parameters, false);
            return network;
        });
    }

    /** DL4J ignores what it does not know and fills in what is missing, which would make another network. */
    private static void requireSame(String json, String written) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        if (!mapper.readTree(json).equals(mapper.readTree(written))) {
            throw new IllegalArgumentException("it is not what DL4J 1.0.0-M2.1 would write of the same network");
        }
    }

    /** The type of the network's parameters. */
    DataType type() {
        return type;
    }

    /**
     * A network that takes the parameters over.
     *
     * @throws IllegalArgumentException if there are too few or too many, or DL4J cannot make the network
     */
    Model network(INDArray parameters) {
        try {
            return network.apply(parameters);
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalArgumentException(
                    "DL4J cannot make a network of it: " + ConfigurationGuard.firstLine(e), e);
        }
    }
}
