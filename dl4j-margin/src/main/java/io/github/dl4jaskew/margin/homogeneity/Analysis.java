package io.github.dl4jaskew.margin.homogeneity;

import io.github.dl4jaskew.margin.homogeneity.Reason.Kind;
import io.github.dl4jaskew.margin.internal.network.TrainedParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;

/** Follows the degree from the inputs of a network to its outputs. */
final class Analysis {

    private final List<LayerDegree> layers = new ArrayList<>();
    private final Map<String, Flow> flows = new LinkedHashMap<>();

    private final TrainedParameters trained;

    private final boolean nearly;

    private Analysis(TrainedParameters trained, boolean nearly) {
        this.trained = trained;
        this.nearly = nearly;
    }

    static Homogeneity of(MultiLayerNetwork network, boolean nearly) {
        requireInitialised(network.isInitCalled());
        Analysis analysis = new Analysis(TrainedParameters.of(network), nearly);
        Flow flow = Flow.of(0);
        String name = "";
        for (int i = 0; i < network.getnLayers(); i++) {
            name = network.getLayerNames().get(i);
            flow = preprocessed(name, network.getLayerWiseConfigurations().getInputPreProcess(i), flow);
            flow = analysis.layer(name, network.getLayers()[i], i == network.getnLayers() - 1, flow);
        }
        Map<String, String> obstacles = new LinkedHashMap<>();
        addObstacle(obstacles, name, Chain.obstacle(network, analysis.layers, analysis.trained));
        return new Homogeneity(analysis.layers, Map.of(name, flow), obstacles, nearly);
    }

    static Homogeneity of(ComputationGraph network, boolean nearly) {
        requireInitialised(network.getVertices() != null);
        Analysis analysis = new Analysis(TrainedParameters.of(network), nearly);
        network.getConfiguration().getNetworkInputs().forEach(input -> analysis.flows.put(input, Flow.of(0)));
        for (int index : network.topologicalSortOrder()) {
            String name = network.getVertices()[index].getVertexName();
            if (!analysis.flows.containsKey(name)) {
                analysis.flows.put(name, analysis.vertex(network, name));
            }
        }
        Map<String, Flow> outputs = new LinkedHashMap<>();
        Map<String, String> obstacles = new LinkedHashMap<>();
        for (String output : network.getConfiguration().getNetworkOutputs()) {
            outputs.put(output, analysis.flow(output));
            addObstacle(obstacles, output, Chain.obstacle(network, output, analysis.layers, analysis.trained));
        }
        return new Homogeneity(analysis.layers, outputs, obstacles, nearly);
    }

    private static void addObstacle(Map<String, String> obstacles, String output, @Nullable String obstacle) {
        if (obstacle != null) {
            obstacles.put(output, obstacle);
        }
    }

    private Flow vertex(ComputationGraph network, String name) {
        GraphVertex vertex = known(network.getConfiguration().getVertices(), name);
        List<Flow> inputs = known(network.getConfiguration().getVertexInputs(), name).stream()
                .map(this::flow)
                .toList();
        if (vertex instanceof LayerVertex layerVertex) {
            boolean output = network.getConfiguration().getNetworkOutputs().contains(name);
            Flow input = preprocessed(name, layerVertex.getPreProcessor(), inputs.get(0));
            return layer(name, network.getVertex(name).getLayer(), output, input);
        }
        Flow flow = VertexRules.apply(
                        name, vertex, inputs.stream().map(Flow::degree).toList())
                .behind(inputs);
        int input = inputs.stream().mapToInt(Flow::degree).max().orElse(0);
        layers.add(new LayerDegree(name, vertex.getClass().getSimpleName(), flow.degree() - input, flow.degree()));
        return flow;
    }

    private Flow layer(String name, Layer layer, boolean output, Flow input) {
        Flow flow = LayerRules.apply(name, layer, key -> trained.isTrained(name, key), output, input.degree(), nearly)
                .behind(input);
        layers.add(new LayerDegree(name, LayerRules.type(layer), flow.degree() - input.degree(), flow.degree()));
        return flow;
    }

    private Flow flow(String name) {
        return known(flows, name);
    }

    private static <T> T known(Map<String, T> all, String name) {
        T value = all.get(name);
        if (value == null) {
            throw new IllegalStateException("vertex \"" + name + "\" has no place in the graph's order");
        }
        return value;
    }

    /** DL4J's own preprocessors only rearrange numbers, or run others. */
    private static Flow preprocessed(String layer, @Nullable InputPreProcessor preprocessor, Flow input) {
        if (preprocessor instanceof ComposableInputPreProcessor several) {
            Flow flow = input;
            for (InputPreProcessor one : several.getInputPreProcessors()) {
                flow = preprocessed(layer, one, flow);
            }
            return flow;
        }
        if (preprocessor == null || preprocessor.getClass().getName().startsWith("org.deeplearning4j.")) {
            return input;
        }
        String text = "preprocessor " + preprocessor.getClass().getSimpleName() + " is not known to be homogeneous";
        return Flow.of(input.degree(), new Reason(layer, Kind.UNKNOWN, text)).behind(input);
    }

    private static void requireInitialised(boolean initialised) {
        if (!initialised) {
            throw new IllegalStateException("the network is not initialised; call init()");
        }
    }
}
