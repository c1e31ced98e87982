package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.packed.ParameterId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** One export of a model to NumPy's {@code .npz}; see {@link QuantizedModel#exportNpz(Path)}. */
final class NpzExport {

    private static final int VERSION = 1;

    private final NpzWriter writer;
    private final List<QuantizedParameter> quantized;
    private final List<Map<String, Object>> descriptions = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();

    private NpzExport(NpzWriter writer, List<QuantizedParameter> quantized) {
        this.writer = writer;
        this.quantized = quantized;
    }

    /** Writes a file that is complete or not there. */
    static void write(Model network, List<QuantizedParameter> quantized, Path file) throws IOException {
        SafeFile.write(file, out -> write(network, quantized, out));
    }

    /** Writes into a stream and leaves it open. */
    static void write(Model network, List<QuantizedParameter> quantized, OutputStream out) throws IOException {
        NpzWriter writer = new NpzWriter(out);
        NpzExport export = new NpzExport(writer, quantized);
        export.parameters(network);
        export.meta();
        writer.finish();
    }

    private void parameters(Model network) throws IOException {
        if (network instanceof MultiLayerNetwork multiLayer) {
            for (int i = 0; i < multiLayer.getnLayers(); i++) {
                Layer layer = multiLayer.getLayer(i);
                String name = layer.conf().getLayer().getLayerName();
                parameters(name == null ? String.valueOf(i) : name, layer, layer.paramTable(false));
            }
            return;
        }
        for (GraphVertex vertex : ((ComputationGraph) network).getVertices()) {
            parameters(vertex.getVertexName(), vertex.getLayer(), vertex.paramTable(false));
        }
    }

    private void parameters(String layerName, @Nullable Layer layer, @Nullable Map<String, INDArray> table)
            throws IOException {
        if (table == null) {
            return;
        }
        org.deeplearning4j.nn.conf.layers.Layer conf =
                layer == null ? null : layer.conf().getLayer();
        for (Map.Entry<String, INDArray> entry : table.entrySet()) {
            String name = entry.getKey();
            INDArray array = entry.getValue();
            QuantizedParameter parameter = ModelWriter.find(quantized, new ParameterId(layerName, name));
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("layer", layerName);
            description.put("parameter", name);
            description.put("key", layerName + "/" + name);
            description.put("dl4j_shape", array.shape());
            if (parameter == null) {
                floats(layerName + "/" + name, array, ExportLayout.of(conf, array));
            } else {
                ExportLayout layout =
                        ExportLayout.of(conf, array, parameter.grid().channels());
                codes(layerName + "/" + name, parameter, layout);
                describe(description, parameter, layout);
            }
            descriptions.add(description);
        }
    }

    private void codes(String key, QuantizedParameter parameter, ExportLayout layout) throws IOException {
        ScaledGrid grid = parameter.grid();
        List<Long> levels = List.of((long) grid.grid().size());
        add(
                key + ".codes",
                NpzWriter.Type.UINT8,
                layout.shape(),
                layout.order(),
                i -> parameter.codes().get(i));
        add(
                key + ".levels",
                NpzWriter.Type.FLOAT64,
                levels,
                'c',
                i -> grid.grid().level((int) i));
        add(key + ".scales", NpzWriter.Type.FLOAT32, layout.scaleShape(), layout.order(), i -> grid.scale((int) i));
    }

    private void floats(String key, INDArray array, ExportLayout layout) throws IOException {
        NpzWriter.Type type = array.dataType() == DataType.DOUBLE ? NpzWriter.Type.FLOAT64 : NpzWriter.Type.FLOAT32;
        add(key, type, layout.shape(), layout.order(), new ArrayWeights(array)::at);
    }

    private void add(String key, NpzWriter.Type type, List<Long> shape, char order, NpzWriter.Elements elements)
            throws IOException {
        if (!keys.add(key)) {
            throw new IllegalArgumentException("two parameters would have the key '" + key + "'; rename a layer");
        }
        writer.array(key, type, shape, order, elements);
    }

    private static void describe(Map<String, Object> description, QuantizedParameter parameter, ExportLayout layout) {
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < layout.scaleShape().size(); axis++) {
            if (layout.scaleShape().get(axis) > 1) {
                axes.add(axis);
            }
        }
        description.put("grid", parameter.grid().grid().toString());
        description.put("bits", parameter.codes().bits());
        description.put("channel_axes", axes);
    }

    private void meta() throws IOException {
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("format", "dl4j-askew npz");
        meta.put("version", VERSION);
        meta.put("parameters", descriptions);
        writer.text("__meta__", new ObjectMapper().writeValueAsString(meta));
    }
}
