package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PackedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A SameDiff graph whose constrained variables are exactly on their levels, with their codes and scales: the counterpart of
 * {@link QuantizedModel}. It owns its graph, so nothing done here touches the graph that was trained.
 *
 * <p>It is saved as one small file, of the kind SameDiff in {@code FORMAT.md}:
 *
 * <pre>{@code
 * askew.quantize(graph).save(Path.of("graph.askew"));
 * SameDiff served = QuantizedSameDiff.load(Path.of("graph.askew")).toSameDiff();
 * }</pre>
 *
 * <p>In plans, reports and files, "SameDiff" stands in place of a layer's name. Not thread safe, as SameDiff is not.
 */
public final class QuantizedSameDiff {

    private final SameDiff graph;
    private final List<QuantizedParameter> parameters;

    private final List<String> warnings;

    private QuantizedSameDiff(SameDiff graph, List<QuantizedParameter> parameters, List<String> warnings) {
        this.graph = graph;
        this.warnings = List.copyOf(warnings);
        this.parameters = List.copyOf(parameters);
    }

    /**
     * A model of a graph whose variables are on their levels already.
     *
     * @param graph taken over, not copied
     * @param parameters its quantized variables
     * @return the model
     */
    public static QuantizedSameDiff of(SameDiff graph, List<QuantizedParameter> parameters) {
        return new QuantizedSameDiff(graph, parameters, List.of());
    }

    /**
     * The same model with warnings.
     *
     * @param lines what is likely to have spoilt it; replaces those that it has
     * @return a model that shares this one's graph
     */
    public QuantizedSameDiff withWarnings(List<String> lines) {
        return new QuantizedSameDiff(graph, parameters, lines);
    }

    /**
     * {@return what is likely to have spoilt the model, as in {@link QuantizedModel#warnings()}; empty if nothing is} A
     * packed file does not hold it.
     */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * A copy of a graph with its training configuration, but without state of updaters.
     *
     * @param graph any graph
     * @return a graph that shares nothing with it
     */
    public static SameDiff copyOf(SameDiff graph) {
        try {
            return SameDiff.fromFlatBuffers(graph.asFlatBuffers(false), false);
        } catch (IOException e) {
            throw new UncheckedIOException("a graph that SameDiff wrote cannot be read back", e);
        }
    }

    /** {@return codes and levels of the quantized variables, in the order of the operations that read them} */
    public List<QuantizedParameter> parameters() {
        return parameters;
    }

    /**
     * {@return a copy of the graph with the quantized weights and without the constraint, to serve or to train further}
     * Its training configuration is that of before the install; one that was loaded from a packed file has none.
     */
    public SameDiff toSameDiff() {
        return copyOf(graph);
    }

    /**
     * The output of the quantized weights for one minibatch.
     *
     * @param placeholders an array for each placeholder that the outputs need
     * @param outputs names of variables
     * @return their arrays
     */
    public Map<String, INDArray> output(Map<String, INDArray> placeholders, String... outputs) {
        return graph.output(placeholders, outputs);
    }

    /** {@return bits, counts and bytes of every variable and constant of a floating type, quantized or not, by name} */
    public MemoryReport memoryReport() {
        return MemoryReport.of(SameDiffFile.parameters(graph), parameters, warnings);
    }

    /**
     * Saves the model as a packed file: the graph, codes and scales of quantized variables, and other numbers as they are.
     * The training configuration and the state of updaters are not saved. If saving fails, an old file of this name stays as
     * it was.
     *
     * @param file replaced if it is there
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if names are too long, or a variable is of a type that has no place in the format
     * @throws IllegalStateException if a quantized weight was changed and is no longer on its level
     */
    public void save(Path file) throws IOException {
        ModelWriter writer = SameDiffFile.writer(graph, parameters);
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
        SameDiffFile.writer(graph, parameters).write(out);
    }

    /** {@return the exact size in bytes of the file that {@link #save(Path)} will write, without writing it} */
    public long fileBytes() {
        return SameDiffFile.writer(graph, parameters).fileBytes();
    }

    /**
     * Loads a model that was saved. Damage is always noticed. But a graph is read by ND4J's own parser, which trusts what it
     * reads: load graphs only from where you would load a graph of SameDiff.
     *
     * @param file a packed file of a SameDiff graph
     * @return the model, with variables that are the same bit for bit
     * @throws PackedFormatException if it is no packed file of a graph, of a newer version, damaged or incomplete; says why
     * @throws IOException if it cannot be read
     */
    public static QuantizedSameDiff load(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            QuantizedSameDiff model = load(in);
            PackedReader.requireNothingLeft(in);
            return model;
        }
    }

    /**
     * Loads a model from a stream, as {@link #load(Path)} does from a file, and reads not a byte more.
     *
     * @param in is left behind the model, not closed
     * @return the model, with variables that are the same bit for bit
     * @throws PackedFormatException if it is no packed file of a graph, of a newer version, damaged or incomplete; says why
     * @throws IOException if it cannot be read
     */
    public static QuantizedSameDiff load(InputStream in) throws IOException {
        return SameDiffFile.read(in);
    }
}
