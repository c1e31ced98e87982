package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.packed.CombinationKind;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.quantized.PortableChain.Branch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/** A graph's vertices in the order in which DL4J computes them; what more than the next one needs is kept. */
final class PortableGraph {

    private final ComputationGraph graph;
    private final ComputationGraphConfiguration conf;
    private final PortableChain chain;
    private final Map<String, Branch> kept = new HashMap<>();
    private String current = "";

    PortableGraph(ComputationGraph graph, PortableChain chain) {
        this.graph = graph;
        this.conf = graph.getConfiguration();
        this.chain = chain;
    }

    void add() {
        List<String> inputs = conf.getNetworkInputs();
        if (inputs.size() > 1) {
            separate(inputs);
        }
        List<String> order = new ArrayList<>();
        for (int i : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[i].getVertexName();
            if (!inputs.contains(name)) {
                order.add(name);
            } else if (inputs.size() == 1) {
                order.add(0, name);
            }
        }
        List<String> outputs = conf.getNetworkOutputs();
        for (int i = 0; i < order.size(); i++) {
            String name = order.get(i);
            if (!inputs.contains(name)) {
                add(name, inputsOf(name));
            }
            current = name;
            String next = i + 1 < order.size() ? order.get(i + 1) : "";
            List<String> followers = followers(name);
            boolean forNextAlone =
                    followers.equals(List.of(next)) && inputsOf(next).size() == 1 && !outputs.contains(name);
            boolean lastOfAll = next.isEmpty() && outputs.equals(List.of(name));
            if (!forNextAlone && !lastOfAll) {
                if (inputs.contains(name)) {
                    begin(followers);
                }
                kept.put(name, chain.keep());
            }
        }
        if (outputs.size() > 1) {
            chain.join(outputs.stream().map(this::branch).toList());
        } else if (!outputs.contains(current)) {
            chain.take(branch(outputs.get(0)));
        }
    }

    private List<String> inputsOf(String name) {
        return conf.getVertexInputs().getOrDefault(name, List.of());
    }

    private List<String> followers(String name) {
        List<String> followers = new ArrayList<>();
        conf.getVertexInputs().forEach((vertex, inputs) -> {
            if (inputs.contains(name)) {
                followers.add(vertex);
            }
        });
        return followers;
    }

    /** Several inputs are taken one behind the other, so that each has to be features. */
    private void separate(List<String> inputs) {
        List<Integer> sizes = new ArrayList<>();
        for (String input : inputs) {
            PortableChain alone = chain.ofSameTable();
            new PortableGraph(graph, alone).begin(followers(input));
            if (alone.inputFeatures() < 0) {
                throw new NotPortableException(
                        "the graph has inputs " + inputs + ", of which '" + input + "' is not known to be features");
            }
            sizes.add(alone.inputFeatures());
        }
        List<Branch> parts = chain.split(sizes);
        for (int i = 0; i < parts.size(); i++) {
            kept.put(inputs.get(i), parts.get(i));
        }
    }

    /** The first follower that tells it decides what the input is. */
    private void begin(List<String> followers) {
        for (String follower : followers) {
            GraphVertex vertex = conf.getVertices().get(follower);
            if (!chain.hasInput() && vertex instanceof LayerVertex layer) {
                begin(follower, layer.getPreProcessor(), layer.getLayerConf().getLayer());
            }
        }
        if (!chain.hasInput()) {
            throw new NotPortableException("vertices " + followers + " do not tell the size of the input");
        }
    }

    private void begin(String name, @Nullable InputPreProcessor before, Layer layer) {
        PortableChain alone = chain.ofSameTable();
        try {
            PortableExport.add(alone, name, before, layer);
        } catch (NotPortableException refused) {
            // It may tell its input all the same; if it is refused here, it will be again in its turn.
        }
        if (alone.hasInput()) {
            chain.beginAs(alone);
        }
    }

    private Branch branch(String name) {
        Branch branch = kept.get(name);
        if (branch == null) {
            throw new NotPortableException("vertex '" + name + "' has a name that is unknown");
        }
        return branch;
    }

    private void add(String name, List<String> inputs) {
        GraphVertex vertex = conf.getVertices().get(name);
        if (vertex instanceof FrozenVertex frozen) {
            vertex = frozen.getUnderlying();
        }
        if (vertex instanceof ElementWiseVertex elementWise) {
            combine(
                    name,
                    inputs,
                    switch (elementWise.getOp()) {
                        case Add -> CombinationKind.ADD;
                        case Subtract -> CombinationKind.SUBTRACT;
                        case Product -> CombinationKind.PRODUCT;
                        case Average -> CombinationKind.AVERAGE;
                        case Max -> CombinationKind.MAX;
                    });
            return;
        } else if (vertex instanceof MergeVertex merge) {
            combine(name, inputs, CombinationKind.CONCAT);
            chain.requireMergedChannels(name, merge);
            return;
        }
        if (inputs.size() == 1 && !current.equals(inputs.get(0))) {
            chain.take(branch(inputs.get(0)));
        }
        if (vertex instanceof LayerVertex layer) {
            PortableExport.add(
                    chain, name, layer.getPreProcessor(), layer.getLayerConf().getLayer());
        } else if (vertex instanceof PreprocessorVertex preprocessor) {
            PortableExport.add(chain, name, preprocessor.getPreProcessor(), null);
        } else if (vertex instanceof SubsetVertex subset
                && (chain.form() == PortableChain.Form.FEATURES || !chain.channelsLast())) {
            chain.put(new PortableLayer.Subset(subset.getFrom(), subset.getTo()));
        } else {
            throw new NotPortableException("vertex '" + name + "' is a "
                    + (vertex == null ? "" : vertex.getClass().getSimpleName()));
        }
    }

    private void combine(String name, List<String> inputs, CombinationKind kind) {
        if (inputs.size() == 1 && current.equals(inputs.get(0)) && !kept.containsKey(current)) {
            return;
        }
        if (kind == CombinationKind.SUBTRACT && inputs.size() != 2) {
            throw new NotPortableException("vertex '" + name + "' subtracts " + inputs.size() + " inputs");
        }
        chain.combine(kind, inputs.stream().map(this::branch).toList());
    }
}
