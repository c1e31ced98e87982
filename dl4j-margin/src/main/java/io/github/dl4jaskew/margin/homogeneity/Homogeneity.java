package io.github.dl4jaskew.margin.homogeneity;

import io.github.dl4jaskew.margin.homogeneity.Reason.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * The degree of homogeneity of a network, read off its layers; or the reasons why it has none. Prints as a table.
 * Immutable and thread safe.
 *
 * <p>A network is homogeneous of degree L if its logits satisfy {@code Phi(c w) = c^L Phi(w)} for all trained weights w
 * and {@code c > 0}. Dense and convolutional layers without bias add 1 to the degree, separable convolutions 2; ReLU,
 * LeakyReLU, identity, max, average and sum pooling, flattening, padding and cropping 0; residual adds need inputs of
 * equal degree; softmax or sigmoid of the output belong to the loss. The bias of the first layer counts as a weight on a
 * constant input. Frozen layers add nothing, and in front of the first trained one may do anything.
 *
 * <p>Not homogeneous are biases behind the first layer, batch norm, tanh, sigmoid, softplus and their like, PReLU with
 * trained slopes, recurrent layers; and in training dropout and weight noise. A bias counts even while it is 0, because
 * training will change it.
 *
 * <p>Source: Lyu and Li, "Gradient descent maximizes the margin of homogeneous neural networks", ICLR 2020.
 */
public final class Homogeneity {

    private final List<LayerDegree> layers;
    private final Map<String, Flow> outputs;
    private final Map<String, String> obstaclesToChain;

    private final boolean nearly;

    Homogeneity(
            List<LayerDegree> layers, Map<String, Flow> outputs, Map<String, String> obstaclesToChain, boolean nearly) {
        this.nearly = nearly;
        this.obstaclesToChain = Map.copyOf(obstaclesToChain);
        this.layers = List.copyOf(layers);
        this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /**
     * Analyses a network. It is not changed.
     *
     * @param network initialised
     * @return the analysis
     * @throws IllegalStateException if the network is not initialised
     */
    public static Homogeneity of(MultiLayerNetwork network) {
        return Analysis.of(network, false);
    }

    /**
     * Analyses a network. It is not changed.
     *
     * @param network initialised
     * @return the analysis
     * @throws IllegalStateException if the network is not initialised
     */
    public static Homogeneity of(ComputationGraph network) {
        return Analysis.of(network, false);
    }

    /**
     * Analyses a network as if its biases were not there and batch norm only multiplied by its gains: the degree in the weights that
     * are left, which are those behind the last batch norm. A network that has one is nearly homogeneous; see {@link
     * io.github.dl4jaskew.margin.metrics.NearMargin}.
     *
     * @param network initialised; not changed
     * @return the analysis
     * @throws IllegalStateException if the network is not initialised
     */
    public static Homogeneity withoutBiases(MultiLayerNetwork network) {
        return Analysis.of(network, true);
    }

    /**
     * Analyses a graph as if its biases were not there and batch norm only multiplied by its gains.
     *
     * @param network initialised; not changed
     * @return the analysis
     * @throws IllegalStateException if the network is not initialised
     */
    public static Homogeneity withoutBiases(ComputationGraph network) {
        return Analysis.of(network, true);
    }

    /** {@return whether every output is homogeneous, in training too} */
    public boolean isHomogeneous() {
        return reasons().isEmpty();
    }

    /** {@return the degree L of the outputs; empty if an output is not homogeneous, or two have different degrees} */
    public OptionalInt degree() {
        return isHomogeneous() ? common() : OptionalInt.empty();
    }

    /**
     * {@return the degree of the outputs at inference, where dropout and weight noise do nothing, L; empty if an output
     * is not homogeneous at inference, or two have different degrees}
     */
    public OptionalInt degreeAtInference() {
        return outputs.keySet().stream().allMatch(o -> degreeAtInference(o).isPresent())
                ? common()
                : OptionalInt.empty();
    }

    /**
     * The degree of one output at inference, where dropout and weight noise do nothing.
     *
     * @param output its name
     * @return L, empty if this output is not homogeneous at inference
     * @throws IllegalArgumentException if there is no such output
     */
    public OptionalInt degreeAtInference(String output) {
        Flow flow = flow(output);
        return flow.reasons().stream().allMatch(reason -> reason.kind() == Kind.TRAINING)
                ? OptionalInt.of(flow.degree())
                : OptionalInt.empty();
    }

    /**
     * The degree of one output.
     *
     * @param output its name: of the vertex in a graph, of the last layer otherwise
     * @return L, empty if there is a reason in front of this output
     * @throws IllegalArgumentException if there is no such output
     */
    public OptionalInt degree(String output) {
        Flow flow = flow(output);
        return flow.reasons().isEmpty() ? OptionalInt.of(flow.degree()) : OptionalInt.empty();
    }

    /**
     * The degree, for those who cannot do without.
     *
     * @return L, above 0
     * @throws IllegalStateException with all reasons, if the network is not homogeneous; if its outputs have different
     *     degrees; or if the degree is 0, as without trained weights
     */
    public int requireDegree() {
        List<Reason> reasons = reasons();
        if (!reasons.isEmpty()) {
            throw new IllegalStateException("the network is not homogeneous: "
                    + reasons.stream().map(Reason::toString).collect(Collectors.joining("; ")));
        }
        int degree = common().orElseThrow(() -> new IllegalStateException("the outputs have different degrees: "
                + outputs.entrySet().stream()
                        .map(e -> "\"" + e.getKey() + "\" " + e.getValue().degree())
                        .collect(Collectors.joining(", "))));
        if (degree == 0) {
            throw new IllegalStateException("the degree is 0: the logits do not change with the scale of the weights");
        }
        return degree;
    }

    /** {@return the names of the outputs in network order} */
    public List<String> outputs() {
        return List.copyOf(outputs.keySet());
    }

    /**
     * {@return why the network is not homogeneous, in network order; empty if it is; of layers before an output only}
     */
    public List<Reason> reasons() {
        Set<Reason> all = new LinkedHashSet<>();
        outputs.values().forEach(flow -> all.addAll(flow.reasons()));
        return List.copyOf(all);
    }

    /**
     * Why one output is not homogeneous.
     *
     * @param output its name
     * @return in network order, empty if it is
     * @throws IllegalArgumentException if there is no such output
     */
    public List<Reason> reasons(String output) {
        return List.copyOf(flow(output).reasons());
    }

    /**
     * Why the layers in front of an output are not a chain in which each layer with trained weights adds 1 to the degree. In such a
     * chain a factor of any one layer is a factor of the logits, so that the product of the layers' norms normalizes the margin, and
     * gradient flow conserves the differences of their squares.
     *
     * @param output its name
     * @return the first obstacle, with the layer; empty if they are a chain
     * @throws IllegalArgumentException if there is no such output
     */
    public Optional<String> obstacleToChain(String output) {
        flow(output);
        return Optional.ofNullable(obstaclesToChain.get(output));
    }

    /** {@return the degree behind each layer and vertex, in network order} */
    public List<LayerDegree> layers() {
        return layers;
    }

    /** The degree that an output would have if every reason were taken away. */
    int nearestDegree(String output) {
        return flow(output).degree();
    }

    private Flow flow(String output) {
        Flow flow = outputs.get(output);
        if (flow == null) {
            throw new IllegalArgumentException("output is \"" + output + "\"; the network has " + outputs.keySet());
        }
        return flow;
    }

    private OptionalInt common() {
        int[] degrees =
                outputs.values().stream().mapToInt(Flow::degree).distinct().toArray();
        return degrees.length == 1 ? OptionalInt.of(degrees[0]) : OptionalInt.empty();
    }

    /** A table of the layers, then the degree or the reasons. */
    @Override
    public String toString() {
        int name = width("layer", layers.stream().map(LayerDegree::name).toList());
        int type = width("type", layers.stream().map(LayerDegree::type).toList());
        String row = "%-" + name + "s  %-" + type + "s  %4s  %6s%n";
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, row, "layer", "type", "adds", "degree"));
        for (LayerDegree layer : layers) {
            table.append(
                    String.format(Locale.ROOT, row, layer.name(), layer.type(), layer.contribution(), layer.degree()));
        }
        List<String> verdict = new ArrayList<>();
        outputs.forEach((output, flow) -> verdict.add(
                flow.reasons().isEmpty()
                        ? "output \"" + output
                                + (nearly
                                        ? "\" without biases is homogeneous of degree "
                                        : "\" is homogeneous of degree ")
                                + flow.degree()
                        : "output \"" + output + "\" is not homogeneous"));
        reasons().forEach(reason -> verdict.add("  " + reason));
        return table.append(String.join(System.lineSeparator(), verdict)).toString();
    }

    private static int width(String title, List<String> column) {
        return column.stream().mapToInt(String::length).reduce(title.length(), Math::max);
    }
}
