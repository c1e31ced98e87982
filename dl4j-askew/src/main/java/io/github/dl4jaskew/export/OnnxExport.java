package io.github.dl4jaskew.export;

import io.github.dl4jaskew.internal.network.LayerSite;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.packed.Normalization;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
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
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** One network on its way into an ONNX model. */
public final class OnnxExport {

    private static final Map<Integer, Integer> IR_VERSIONS =
            Map.of(OnnxOptions.INT2, 13, OnnxOptions.INT4, 10, OnnxOptions.FLOAT, 7);

    private final OnnxGraph graph;
    private final OnnxParameters parameters;
    private final Map<String, Map<String, INDArray>> tables = new HashMap<>();
    private final @Nullable Normalization normalization;

    private OnnxExport(
            Model network, List<CodedParameter> coded, @Nullable Normalization normalization, OnnxOptions options) {
        this.graph = new OnnxGraph(options.opset(), "dl4j-askew");
        this.parameters = new OnnxParameters(graph, coded);
        for (LayerSite site : Network.of(network).sites()) {
            tables.put(site.name(), site.params());
        }
        if (options.normalized() && normalization == null) {
            throw new IllegalArgumentException(
                    "the model has no normalization that the graph could begin with; call withNormalization on the model");
        }
        this.normalization = options.normalized() ? normalization : null;
    }

    /**
     * Makes an ONNX model of a network. Nothing is written unless all of it can be exported.
     *
     * @param network a MultiLayerNetwork or ComputationGraph
     * @param coded its quantized parameters
     * @param normalization how features were normalized, or null
     * @param labels names of the outputs; may be empty
     * @param options opset, and where features are normalized
     * @return what writes the model
     * @throws IllegalArgumentException if something cannot be exported; names layer, class and reason
     * @throws IllegalStateException if a quantized weight was changed and is no longer on its level
     */
    public static Writer of(
            Model network,
            List<CodedParameter> coded,
            @Nullable Normalization normalization,
            List<String> labels,
            OnnxOptions options) {
        OnnxExport export = new OnnxExport(network, coded, normalization, options);
        if (network instanceof MultiLayerNetwork multiLayer) {
            export.layers(multiLayer.getLayerWiseConfigurations());
        } else {
            export.vertices(((ComputationGraph) network).getConfiguration());
        }
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(Objects.requireNonNull(IR_VERSIONS.get(options.opset())))
                .setProducerName("dl4j-askew")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(options.opset()))
                .setGraph(export.graph.build());
        if (!labels.isEmpty()) {
            model.addMetadataProps(entry("labels", labels));
        }
        if (normalization != null) {
            model.addMetadataProps(entry("normalization", NormalizationNodes.describe(normalization)));
        }
        return model.build()::writeTo;
    }

    /** Writes a model. */
    public interface Writer {

        /**
         * Writes the model.
         *
         * @param out is flushed, not closed
         * @throws IOException if it cannot be written
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private static StringStringEntryProto entry(String key, Object value) {
        try {
            return StringStringEntryProto.newBuilder()
                    .setKey(key)
                    .setValue(new ObjectMapper().writeValueAsString(value))
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(key + " cannot be written as JSON", e);
        }
    }

    private OnnxLayer layer(String name) {
        return new OnnxLayer(graph, parameters, name, "", tables.getOrDefault(name, Map.of()));
    }

    private Tensor input(String name, @Nullable List<String> shape) {
        if (shape == null) {
            throw new IllegalArgumentException(
                    "cannot be exported to ONNX: no layer tells how many axes the input '" + name + "' has");
        }
        graph.input(name, shape);
        Tensor input = new Tensor(name, shape.size());
        return normalization == null
                ? input
                : input.as(NormalizationNodes.add(layer(name + "/normalization"), normalization, shape, name));
    }

    private static void requireKnown(List<String> refusals) {
        if (!refusals.isEmpty()) {
            throw new IllegalArgumentException(
                    "cannot be exported to ONNX: there is no counterpart of " + String.join(", ", refusals));
        }
    }

    private static void refuse(String name, Layer conf, List<String> refusals) {
        Layer unknown = LayerNodes.unknownIn(conf);
        if (unknown != null) {
            refusals.add("layer '" + name + "', a " + unknown.getClass().getSimpleName());
        }
    }

    private void layers(MultiLayerConfiguration conf) {
        List<String> names = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        for (int i = 0; i < conf.getConfs().size(); i++) {
            Layer layer = conf.getConf(i).getLayer();
            names.add(layer.getLayerName() == null ? String.valueOf(i) : layer.getLayerName());
            refuse(names.get(i), layer, refusals);
        }
        requireKnown(refusals);
        Tensor input = input("input", inputShape(conf));
        Tensor x = input;
        for (int i = 0; i < names.size(); i++) {
            OnnxLayer layer = layer(names.get(i));
            InputPreProcessor before = conf.getInputPreProcess(i);
            Tensor in = before == null ? x : PreprocessorNodes.of(layer, before, x, input);
            x = LayerNodes.of(layer, conf.getConf(i).getLayer(), in);
        }
        graph.output("output", x);
    }

    private static @Nullable List<String> inputShape(MultiLayerConfiguration conf) {
        for (int i = 0; i < conf.getConfs().size(); i++) {
            Layer layer = conf.getConf(i).getLayer();
            List<String> shape = InputShapes.of(conf.getInputPreProcess(i), layer);
            if (shape != null || !InputShapes.keepsShape(layer)) {
                return shape;
            }
        }
        return null;
    }

    private void vertices(ComputationGraphConfiguration conf) {
        List<String> refusals = new ArrayList<>();
        conf.getVertices().forEach((name, vertex) -> {
            if (!VertexNodes.isKnown(vertex)) {
                refusals.add("vertex '" + name + "', a " + vertex.getClass().getSimpleName());
            } else if (vertex instanceof LayerVertex layer) {
                refuse(name, layer.getLayerConf().getLayer(), refusals);
            }
        });
        requireKnown(refusals);
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (String name : conf.getNetworkInputs()) {
            values.put(name, input(name, inputShape(conf, name, name, true)));
        }
        Tensor batch = Objects.requireNonNull(values.get(conf.getNetworkInputs().get(0)));
        for (String name : order(conf)) {
            List<Tensor> in = Objects.requireNonNull(conf.getVertexInputs().get(name)).stream()
                    .map(from -> Objects.requireNonNull(values.get(from), from))
                    .toList();
            GraphVertex vertex = Objects.requireNonNull(conf.getVertices().get(name));
            values.put(
                    name,
                    VertexNodes.of(
                            layer(name), vertex, in, batch, from -> Objects.requireNonNull(values.get(from), from)));
        }
        for (String name : conf.getNetworkOutputs()) {
            graph.output(name, Objects.requireNonNull(values.get(name)));
        }
    }

    /** The vertices, each behind its inputs. */
    private static List<String> order(ComputationGraphConfiguration conf) {
        List<String> done = new ArrayList<>(conf.getNetworkInputs());
        List<String> left = new ArrayList<>(conf.getVertices().keySet());
        while (!left.isEmpty()) {
            String next = left.stream()
                    .filter(name -> done.containsAll(conf.getVertexInputs().get(name)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("the graph has a cycle among " + left));
            left.remove(next);
            done.add(next);
        }
        return done.subList(conf.getNetworkInputs().size(), done.size());
    }

    /** What the first vertex behind an input tells that tells anything. */
    private static @Nullable List<String> inputShape(
            ComputationGraphConfiguration conf, String input, String from, boolean sizes) {
        for (Map.Entry<String, List<String>> entry : conf.getVertexInputs().entrySet()) {
            if (!entry.getValue().contains(from)) {
                continue;
            }
            GraphVertex vertex = conf.getVertices().get(entry.getKey());
            LayerVertex layer = vertex instanceof LayerVertex one ? one : null;
            Layer inner = layer == null ? null : layer.getLayerConf().getLayer();
            InputPreProcessor before = layer != null
                    ? layer.getPreProcessor()
                    : vertex instanceof PreprocessorVertex p ? p.getPreProcessor() : null;
            List<String> shape = InputShapes.of(before, inner);
            if (shape != null) {
                return sizes ? shape : InputShapes.withoutSizes(shape);
            }
            boolean keeps = before == null && (inner == null || InputShapes.keepsShape(inner));
            List<String> behind = keeps ? inputShape(conf, input, entry.getKey(), sizes && inner != null) : null;
            if (behind != null) {
                return behind;
            }
        }
        return null;
    }
}
