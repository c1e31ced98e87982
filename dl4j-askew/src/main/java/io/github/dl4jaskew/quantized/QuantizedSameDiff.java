package io.github.dl4jaskew.quantized;

import java.io.IOException;
import java.io.UncheckedIOException;
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

    private QuantizedSameDiff(SameDiff graph, List<QuantizedParameter> parameters) {
        this.graph = graph;
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
        return new QuantizedSameDiff(graph, parameters);
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

    /**
     * The quantized variables.
     *
     * @return codes and levels, in the order in which the variables were made
     */
    public List<QuantizedParameter> parameters() {
        return parameters;
    }

    /**
     * A graph with the quantized weights, free of the constraint, to serve or to train on. Its training configuration is
     * that of before the install; one that was loaded from a packed file has none.
     *
     * @return a copy
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
}
