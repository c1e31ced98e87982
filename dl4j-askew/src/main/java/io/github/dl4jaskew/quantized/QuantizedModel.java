package io.github.dl4jaskew.quantized;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * A network whose constrained weights are exactly on their levels, with their codes and scales. It owns its network,
 * so nothing done here touches the network that was trained.
 *
 * <p>Not thread safe, as DL4J's networks are not.
 */
public final class QuantizedModel {

    private final Model network;
    private final List<QuantizedParameter> parameters;

    private QuantizedModel(Model network, List<QuantizedParameter> parameters) {
        this.network = network;
        this.parameters = List.copyOf(parameters);
    }

    /**
     * A model of a network whose weights are on their levels already.
     *
     * @param network taken over, not copied
     * @param parameters its quantized parameters
     * @return the model
     */
    public static QuantizedModel of(MultiLayerNetwork network, List<QuantizedParameter> parameters) {
        return new QuantizedModel(network, parameters);
    }

    /**
     * A model of a graph whose weights are on their levels already.
     *
     * @param network taken over, not copied
     * @param parameters its quantized parameters
     * @return the model
     */
    public static QuantizedModel of(ComputationGraph network, List<QuantizedParameter> parameters) {
        return new QuantizedModel(network, parameters);
    }

    /**
     * The quantized parameters.
     *
     * @return codes and levels, in network order
     */
    public List<QuantizedParameter> parameters() {
        return parameters;
    }

    /**
     * A network with the quantized weights, free of the constraint, to serve or to train on.
     *
     * @return a copy
     * @throws IllegalStateException if this is a graph
     */
    public MultiLayerNetwork toMultiLayerNetwork() {
        if (network instanceof MultiLayerNetwork multiLayer) {
            return NetworkCopy.of(multiLayer);
        }
        throw new IllegalStateException("this model is a ComputationGraph; call toComputationGraph()");
    }

    /**
     * A graph with the quantized weights, free of the constraint, to serve or to train on.
     *
     * @return a copy
     * @throws IllegalStateException if this is a MultiLayerNetwork
     */
    public ComputationGraph toComputationGraph() {
        if (network instanceof ComputationGraph graph) {
            return NetworkCopy.of(graph);
        }
        throw new IllegalStateException("this model is a MultiLayerNetwork; call toMultiLayerNetwork()");
    }

    /**
     * Evaluates the quantized weights as a classifier.
     *
     * @param data is reset and read once
     * @return DL4J's evaluation
     */
    public Evaluation evaluate(DataSetIterator data) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.evaluate(data)
                : ((ComputationGraph) network).evaluate(data);
    }

    /**
     * The output of the quantized weights for one minibatch.
     *
     * @param features a minibatch; a graph has one input
     * @return the output layer's activations
     */
    public INDArray output(INDArray features) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.output(features)
                : ((ComputationGraph) network).outputSingle(features);
    }

    /**
     * Writes all parameters as arrays for NumPy and what reads its files. A quantized parameter W of a layer named
     * "conv" becomes {@code conv/W.codes} (uint8), {@code conv/W.levels} (float64, at unit scale) and {@code
     * conv/W.scales} (float32, of a shape that broadcasts against the codes). Any other parameter keeps its numbers:
     * {@code conv/b} is float32, or float64 if the network is of that type. {@code __meta__} is JSON text: for each
     * parameter its layer, key, DL4J shape, grid, bits and the axes of its channels.
     *
     * <pre>{@code
     * import numpy as np
     * f = np.load("model.npz")
     * codes, levels, scales = (f["conv/W." + part] for part in ("codes", "levels", "scales"))
     * weights = (levels[codes] * scales).astype(np.float32)  # exactly the network's weights
     * bias = f["conv/b"]
     * }</pre>
     *
     * <p>Arrays have DL4J's shapes ({@code [in, out]} for dense layers, {@code [out, in, height, width]} for 2D
     * convolutions), except that W of a 1D convolution is {@code [kernel, in, out]}, as DL4J reads its memory. Channels
     * that follow no axis, which a grid of your own may have, give the shape {@code [blocks, channels, stride]}.
     *
     * <p>Arrays go out one by one through a buffer of fixed size, deflated. The same model gives the same bytes.
     *
     * @param file replaced if it is there; written beside it first, so that it is never half a file
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if two parameters would have the same key
     */
    public void exportNpz(Path file) throws IOException {
        NpzExport.write(network, parameters, file);
    }

    /**
     * Writes all parameters as arrays for NumPy, as {@link #exportNpz(Path)} does.
     *
     * @param out is closed, also after an error
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if two parameters would have the same key
     */
    public void exportNpz(OutputStream out) throws IOException {
        NpzExport.write(network, parameters, out);
    }

    /**
     * The memory of every parameter, quantized or not.
     *
     * @return bits, counts and bytes
     */
    public MemoryReport memoryReport() {
        List<MemoryReport.Row> rows = new ArrayList<>();
        if (network instanceof MultiLayerNetwork multiLayer) {
            for (Layer layer : multiLayer.getLayers()) {
                addRows(rows, layer.conf().getLayer().getLayerName(), layer.paramTable(false));
            }
        } else {
            for (GraphVertex vertex : ((ComputationGraph) network).getVertices()) {
                addRows(rows, vertex.getVertexName(), vertex.paramTable(false));
            }
        }
        return new MemoryReport(rows);
    }

    private void addRows(List<MemoryReport.Row> rows, String layer, @Nullable Map<String, INDArray> parameters) {
        if (parameters != null) {
            parameters.forEach((name, array) -> rows.add(row(layer, name, array)));
        }
    }

    private MemoryReport.Row row(String layer, String name, INDArray array) {
        long length = array.length();
        long floatBytes = length * array.dataType().width();
        for (QuantizedParameter p : parameters) {
            if (p.layer().equals(layer) && p.name().equals(name)) {
                return new MemoryReport.Row(layer, name, p.codes().bits(), length, floatBytes, p.packedBytes());
            }
        }
        return new MemoryReport.Row(layer, name, Float.SIZE, length, floatBytes, length * Float.BYTES);
    }
}
