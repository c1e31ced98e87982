package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.export.CodedParameter;
import io.github.dl4jaskew.export.OnnxExport;
import io.github.dl4jaskew.export.OnnxOptions;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.NetworkParameter;
import io.github.dl4jaskew.packed.Normalization;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PackedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;

/**
 * A network whose constrained weights are exactly on their levels, with their codes and scales. It owns its network,
 * so nothing done here touches the network that was trained.
 *
 * <p>It is saved as one small file, whose format {@code FORMAT.md} describes byte by byte, and loads with parameters and
 * outputs that are the same bit for bit:
 *
 * <pre>{@code
 * askew.quantize(network).withLabels(List.of("cat", "dog")).save(Path.of("model.askew"));
 * MultiLayerNetwork served = QuantizedModel.load(Path.of("model.askew")).toMultiLayerNetwork();
 * }</pre>
 *
 * <p>Files may come from untrusted sources: no class but DL4J's, ND4J's and this library's is instantiated, and no more memory is
 * taken than the bytes that arrive justify (64 times them, which a float64 network of one-bit weights needs).
 *
 * <p>Not thread safe, as DL4J's networks are not.
 */
public final class QuantizedModel {

    private final Model network;
    private final List<QuantizedParameter> parameters;
    private final @Nullable Normalization normalization;
    private final List<String> labels;
    private final List<String> warnings;

    QuantizedModel(
            Model network,
            List<QuantizedParameter> parameters,
            @Nullable Normalization normalization,
            List<String> labels,
            List<String> warnings) {
        this.network = network;
        this.parameters = List.copyOf(parameters);
        this.normalization = normalization;
        this.labels = List.copyOf(labels);
        this.warnings = List.copyOf(warnings);
        OutputLabels.require(network, this.labels);
    }

    /**
     * A model of a network whose weights are on their levels already.
     *
     * @param network a MultiLayerNetwork or ComputationGraph; taken over, not copied
     * @param parameters its quantized parameters
     * @return the model
     */
    public static QuantizedModel of(Model network, List<QuantizedParameter> parameters) {
        return new QuantizedModel(network, parameters, null, List.of(), List.of());
    }

    /** {@return codes and levels of the quantized parameters, in network order} */
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
        if (network instanceof MultiLayerNetwork) {
            return (MultiLayerNetwork) toNetwork();
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
        if (network instanceof ComputationGraph) {
            return (ComputationGraph) toNetwork();
        }
        throw new IllegalStateException("this model is a MultiLayerNetwork; call toMultiLayerNetwork()");
    }

    /**
     * {@return a copy of the network with the quantized weights, a MultiLayerNetwork or a ComputationGraph, for code
     * that takes both kinds}
     */
    public Model toNetwork() {
        return Network.of(network).copy().model();
    }

    /**
     * Evaluates the quantized weights as a classifier.
     *
     * @param data is reset and read once
     * @return DL4J's evaluation
     * @throws IllegalStateException if this is a graph of several inputs or outputs
     */
    public Evaluation evaluate(DataSetIterator data) {
        if (network instanceof MultiLayerNetwork multiLayer) {
            return multiLayer.evaluate(data);
        }
        ComputationGraph graph = (ComputationGraph) network;
        if (graph.getNumInputArrays() > 1) {
            throw new IllegalStateException("the graph has the inputs "
                    + graph.getConfiguration().getNetworkInputs() + "; call evaluate with a MultiDataSetIterator");
        }
        requireOneOutput(graph);
        return graph.evaluate(data);
    }

    /**
     * Evaluates the quantized weights as a classifier of several inputs and one output.
     *
     * @param data an array of features for each input; is reset and read once
     * @return DL4J's evaluation
     * @throws IllegalStateException if this is a graph of several outputs
     */
    public Evaluation evaluate(MultiDataSetIterator data) {
        if (network instanceof MultiLayerNetwork multiLayer) {
            return multiLayer.evaluate(data);
        }
        ComputationGraph graph = (ComputationGraph) network;
        requireOneOutput(graph);
        return graph.evaluate(data);
    }

    /**
     * Evaluates one of the outputs of a graph as a classifier. For other evaluations, such as of a regression, ask {@link
     * #toComputationGraph()}.
     *
     * @param data an array of features for each input, and of labels for each output; is reset and read once
     * @param output the output's name
     * @return DL4J's evaluation
     * @throws IllegalArgumentException if the graph has no such output
     * @throws IllegalStateException if this is a MultiLayerNetwork
     */
    public Evaluation evaluate(MultiDataSetIterator data, String output) {
        if (!(network instanceof ComputationGraph graph)) {
            throw new IllegalStateException("this model is a MultiLayerNetwork, whose output has no name");
        }
        List<String> outputs = graph.getConfiguration().getNetworkOutputs();
        int index = outputs.indexOf(output);
        if (index < 0) {
            throw new IllegalArgumentException("the graph has no output '" + output + "'; its outputs are " + outputs);
        }
        Evaluation evaluation = new Evaluation();
        graph.evaluate(data, Map.of(index, new Evaluation[] {evaluation}));
        return evaluation;
    }

    private static void requireOneOutput(ComputationGraph graph) {
        if (graph.getNumOutputArrays() > 1) {
            throw new IllegalStateException(
                    "the graph has the outputs " + graph.getConfiguration().getNetworkOutputs()
                            + "; call evaluate with a MultiDataSetIterator and the name of one of them");
        }
    }

    /**
     * The output of the quantized weights for one minibatch.
     *
     * @param features a minibatch; a graph has one input and one output
     * @return the output layer's activations
     */
    public INDArray output(INDArray features) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.output(features)
                : ((ComputationGraph) network).outputSingle(features);
    }

    /**
     * The outputs of the quantized weights for one minibatch of several inputs.
     *
     * @param features an array for each input, in the order of the graph's inputs
     * @return an array for each output, in the order of the graph's outputs
     * @throws IllegalArgumentException if there is not one array for each input
     */
    public INDArray[] outputs(INDArray... features) {
        Network adapter = Network.of(network);
        int inputs = adapter.inputs().size();
        if (features.length != inputs) {
            throw new IllegalArgumentException(
                    features.length + " arrays of features were given; the network has " + inputs + " inputs");
        }
        return adapter.output(features, null, null);
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
     * @param file replaced if it is there; written next to it first, so that it is never half a file
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if two parameters would have the same key, or a layer's name is not safe as that of a
     *     file: with control characters, a backslash, or parts that are empty, {@code .} or {@code ..}
     */
    public void exportNpz(Path file) throws IOException {
        NpzExport.write(network, parameters, file);
    }

    /**
     * Writes all parameters as arrays for NumPy, as {@link #exportNpz(Path)} does.
     *
     * @param out is flushed, not closed; after an exception, it may hold a part of the file
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException as for a file
     */
    public void exportNpz(OutputStream out) throws IOException {
        NpzExport.write(network, parameters, out);
    }

    /**
     * Writes the network for ONNX Runtime and what else reads ONNX, with weights of 2, 4 and 8 bits: as {@link
     * #exportOnnx(Path, OnnxOptions)} with {@link OnnxOptions#defaults()}.
     *
     * @param file replaced if it is there; written next to it first, so that it is never half a file
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if something in the network has no counterpart in ONNX; names layer, class and reason
     * @throws IllegalStateException if a quantized weight was changed and is no longer on its level
     */
    public void exportOnnx(Path file) throws IOException {
        exportOnnx(file, OnnxOptions.defaults());
    }

    /**
     * Writes the network as an ONNX model, laid out as DL4J lays out its inputs and outputs. The input of a
     * MultiLayerNetwork is called "input" and its output "output", those of a graph as in the graph; the number of examples
     * is free, and sizes of images and lengths of series too where the network does not fix them. Indices of an embedding
     * are floats, as in DL4J. The model computes in float32, without masks, as if all time steps were there.
     *
     * <p>A quantized weight is its integer code times a float32 scale: equal to the network's for binary, ternary and
     * powers of two, and else within a unit in the last place. Levels that are no multiples of a step of at least 1/127 of the
     * largest, such as those of 8 bits, are looked up in a table. Scales that follow no single axis, which a grid of your
     * own may have, give float32 weights. A quantized activation has the same levels as in DL4J; an argument that rounding
     * moves across the border of two may go to the other one.
     *
     * <p>Labels and normalization are in the metadata, as JSON, under "labels" and "normalization". The same model gives
     * the same bytes.
     *
     * @param file replaced if it is there; written next to it first, so that it is never half a file
     * @param options opset, and whether the graph takes raw features
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if something in the network has no counterpart in ONNX, with layer, class and reason;
     *     if the model has no normalization and the options ask for it; if the file would exceed 2 GiB
     * @throws IllegalStateException if a quantized weight was changed and is no longer on its level
     */
    public void exportOnnx(Path file, OnnxOptions options) throws IOException {
        OnnxExport.Writer writer = onnx(options);
        SafeFile.write(file, writer::writeTo);
    }

    /**
     * Writes the network as an ONNX model, as {@link #exportOnnx(Path, OnnxOptions)} does.
     *
     * @param out is flushed, not closed; untouched if the network cannot be exported
     * @param options opset, and whether the graph takes raw features
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException as for a file
     * @throws IllegalStateException as for a file
     */
    public void exportOnnx(OutputStream out, OnnxOptions options) throws IOException {
        onnx(options).writeTo(out);
    }

    private OnnxExport.Writer onnx(OnnxOptions options) {
        List<CodedParameter> coded = parameters.stream()
                .map(p -> new CodedParameter(p.id(), p.grid(), p.codes()))
                .toList();
        return OnnxExport.of(network, coded, normalization, labels, options);
    }

    /**
     * The same model with a note of how features were normalized for the training. As with DL4J's ModelSerializer, it is
     * stored and nothing more: {@link #output} and {@link #evaluate} take features that are normalized already.
     *
     * @param normalizer a fitted NormalizerStandardize or NormalizerMinMaxScaler, an ImagePreProcessingScaler or a
     *     VGG16ImagePreProcessor; its numbers are copied
     * @return a model that shares this one's network
     * @throws IllegalArgumentException if the normalizer is of another kind, or not fitted
     */
    public QuantizedModel withNormalization(DataNormalization normalizer) {
        return new QuantizedModel(network, parameters, Normalizers.numbers(normalizer), labels, warnings);
    }

    /**
     * How features were normalized for the training.
     *
     * @return a new normalizer, or null if the model does not say
     * @throws IllegalArgumentException if the model was loaded from a file with image means that ND4J does not know
     */
    public @Nullable DataNormalization normalization() {
        return Normalizers.normalizer(normalization);
    }

    /**
     * The same model with names of the network's outputs.
     *
     * @param names one for each output, in order; for a single output, two are those of the classes 0 and 1, between which
     *     {@link io.github.dl4jaskew.edge.EdgeModel#classify} decides; at most 2^20, of 65,535 bytes of UTF-8 each
     * @return a model that shares this one's network
     * @throws IllegalArgumentException if they are too few or too many, as far as the configuration tells the outputs: if
     *     the network ends with a dense or an output layer
     */
    public QuantizedModel withLabels(List<String> names) {
        return new QuantizedModel(network, parameters, normalization, names, warnings);
    }

    /** {@return the names of the network's outputs, or an empty list if the model has none} */
    public List<String> labels() {
        return labels;
    }

    /**
     * The same model with warnings.
     *
     * @param lines what is likely to have spoilt it, one sentence or more each; replaces those that it has
     * @return a model that shares this one's network
     */
    public QuantizedModel withWarnings(List<String> lines) {
        return new QuantizedModel(network, parameters, normalization, labels, lines);
    }

    /**
     * {@return what is likely to have spoilt the model: intervals that were still open when {@code quantize} rounded
     * the weights, or levels that hardly any weight uses; empty if nothing is} The warnings were logged by {@code
     * quantize}, and are in {@link #memoryReport}; a packed file does not hold them, so that a loaded model has none.
     */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Saves the model as a packed file. The network's updater state, listeners and gradients are not saved. If saving fails,
     * an old file of this name stays as it was: the new one is written next to it, forced to disk and then moved.
     *
     * @param file replaced if it is there
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if the network cannot be packed: it has a layer, activation, updater or so on that
     *     is neither DL4J's nor this library's, names that are too long, or a parameter that is not finite
     * @throws IllegalStateException if a quantized weight was changed and is no longer on its level
     */
    public void save(Path file) throws IOException {
        ModelWriter writer = writer();
        SafeFile.write(file, writer::write);
    }

    /**
     * Saves the model into a stream, as {@link #save(Path)} does into a file.
     *
     * @param out is flushed, not closed; after an exception, it may hold a part of the model
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException as for a file
     * @throws IllegalStateException as for a file
     */
    public void save(OutputStream out) throws IOException {
        writer().write(out);
    }

    /**
     * The size of the file that {@link #save(Path)} will write, without writing it.
     *
     * @return exactly the number of bytes
     * @throws IllegalArgumentException if the network cannot be packed
     */
    public long fileBytes() {
        return writer().fileBytes();
    }

    private ModelWriter writer() {
        return new ModelWriter(network, parameters, normalization, labels);
    }

    /**
     * Loads a model that was saved.
     *
     * @param file a packed file
     * @return the model, with parameters that are the same bit for bit
     * @throws PackedFormatException if it is no packed file, of a newer version, damaged, incomplete or hostile; says why
     * @throws IOException if it cannot be read
     */
    public static QuantizedModel load(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            QuantizedModel model = load(in);
            PackedReader.requireNothingLeft(in);
            return model;
        }
    }

    /**
     * Loads a model from a stream, and reads not a byte more.
     *
     * @param in is left behind the model, not closed
     * @return the model, with parameters that are the same bit for bit
     * @throws PackedFormatException if it is no packed file, of a newer version, damaged, incomplete or hostile; says why
     * @throws IOException if it cannot be read
     */
    public static QuantizedModel load(InputStream in) throws IOException {
        return ModelReader.read(in);
    }

    /**
     * {@return bits, counts and bytes of every parameter, quantized or not, in the order of the network's parameter
     * vector} The packed bytes are those of the saved file's sections {@code DATA}; {@link #fileBytes()} has the
     * configuration and the frames as well.
     */
    public MemoryReport memoryReport() {
        return MemoryReport.of(NetworkParameter.of(network), parameters, warnings);
    }

    /** How many parameters are quantized, and the warnings. */
    @Override
    public String toString() {
        return "QuantizedModel(" + parameters.size() + " quantized parameters"
                + (warnings.isEmpty() ? "" : "; WARNING: " + String.join("; WARNING: ", warnings)) + ")";
    }
}
