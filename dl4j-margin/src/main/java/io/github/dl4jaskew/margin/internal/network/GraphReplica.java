package io.github.dl4jaskew.margin.internal.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The replica of a ComputationGraph. */
final class GraphReplica extends NetworkReplica {

    private final ComputationGraph network;
    private final int outputIndex;

    private GraphReplica(ComputationGraph network, OutputHead head, LogitErrors errors, int outputIndex) {
        super(head, errors);
        this.network = network;
        this.outputIndex = outputIndex;
    }

    static GraphReplica of(ComputationGraph original, @Nullable String output, LogitErrors errors) {
        int index = indexOf(original.getConfiguration().getNetworkOutputs(), output);
        ComputationGraphConfiguration configuration = ReplicaConfiguration.of(original.getConfiguration());
        configuration.setBackpropType(BackpropType.Standard);
        ComputationGraph copy = new ComputationGraph(configuration);
        copy.init(original.params().castTo(configuration.getDataType()).dup(), false);
        OutputHead head = OutputHead.of(layer(copy, index));
        for (int i = 0; i < copy.getNumOutputArrays(); i++) {
            Layer other = layer(copy, i);
            if (i == index) {
                LossFunctions.replace(other, errors);
            } else if (LossFunctions.of(other) != null) {
                LossFunctions.replace(other, LogitErrors.none());
            }
        }
        return new GraphReplica(copy, head, errors, index);
    }

    private static Layer layer(ComputationGraph graph, int output) {
        String name = graph.getConfiguration().getNetworkOutputs().get(output);
        GraphVertex vertex = graph.getVertex(name);
        if (!vertex.hasLayer()) {
            throw new IllegalArgumentException("output \"" + name + "\" is a vertex without a layer and has no logits");
        }
        return vertex.getLayer().conf().getLayer();
    }

    private static int indexOf(List<String> outputs, @Nullable String output) {
        if (output == null && outputs.size() > 1) {
            throw new IllegalArgumentException(
                    "the network has the outputs " + outputs + "; name one of them by output(...)");
        }
        int index = output == null ? 0 : outputs.indexOf(output);
        if (index < 0) {
            throw new IllegalArgumentException("output is \"" + output + "\"; the network has " + outputs);
        }
        return index;
    }

    @Override
    public Model model() {
        return network;
    }

    @Override
    public int outputIndex() {
        return outputIndex;
    }

    @Override
    public List<ParameterBlock> blocks() {
        List<ParameterBlock> blocks = new ArrayList<>();
        // Of the measured output alone: the scale of another head must not change its margin.
        String output = network.getConfiguration().getNetworkOutputs().get(outputIndex);
        TrainedParameters trained = TrainedParameters.of(network, List.of(output));
        for (int index : network.topologicalSortOrder()) {
            GraphVertex vertex = network.getVertices()[index];
            if (vertex.hasLayer()) {
                blocks.addAll(ParameterBlock.of(vertex.getVertexName(), vertex.getLayer(), network.params(), trained));
            }
        }
        return blocks;
    }

    @Override
    public INDArray output(Batch batch, @Nullable MemoryWorkspace workspace) {
        return network.output(false, batch.features(), batch.featuresMasks(), batch.labelsMasks(), workspace)[
                outputIndex];
    }

    @Override
    public void backpropagate(Batch batch) {
        network.setInputs(batch.features());
        network.setLabels(batch.labels());
        network.setLayerMaskArrays(batch.featuresMasks(), batch.labelsMasks());
        network.computeGradientAndScore();
        clear();
    }

    /** DL4J leaves them at the vertices of the inputs, but only until its listeners were called, and in memory that stays only without workspaces. */
    @Override
    public List<INDArray> inputGradients(Batch batch) {
        if (frozen().isPresent()) {
            return List.of();
        }
        ComputationGraphConfiguration configuration = network.getConfiguration();
        WorkspaceMode training = configuration.getTrainingWorkspaceMode();
        WorkspaceMode inference = configuration.getInferenceWorkspaceMode();
        configuration.setTrainingWorkspaceMode(WorkspaceMode.NONE);
        configuration.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        List<INDArray> gradients = new ArrayList<>();
        network.setListeners(new BaseTrainingListener() {
            @Override
            public void onBackwardPass(Model model) {
                inputs().map(GraphVertex::getEpsilon)
                        .filter(Objects::nonNull)
                        .forEach(epsilon -> gradients.add(epsilon.dup()));
            }
        });
        try {
            Workspaces.outside(() -> {
                backpropagate(batch);
                return gradients;
            });
            return gradients.size() == inputs().count() ? gradients : List.of();
        } finally {
            network.setListeners();
            configuration.setTrainingWorkspaceMode(training);
            configuration.setInferenceWorkspaceMode(inference);
        }
    }

    @Override
    public String inputGradientObstacle() {
        return frozen().map(NetworkReplica::frozenObstacle)
                .orElse("an input of " + network.getConfiguration().getNetworkInputs()
                        + " has no gradient by its features, as before an EmbeddingLayer");
    }

    private Stream<GraphVertex> inputs() {
        return network.getConfiguration().getNetworkInputs().stream().map(network::getVertex);
    }

    private Optional<String> frozen() {
        return TrainedParameters.frozenBefore(
                network, network.getConfiguration().getNetworkOutputs().get(outputIndex));
    }

    @Override
    public LipschitzChain lipschitz() {
        return LipschitzChain.none("certificate: it is measured of a MultiLayerNetwork, whose layers are a chain");
    }

    @Override
    public org.deeplearning4j.nn.api.Layer outputLayer() {
        return network.getOutputLayer(outputIndex);
    }

    @Override
    public INDArray feedForward(Batch batch) {
        network.setLayerMaskArrays(batch.featuresMasks(), null);
        String name = network.getConfiguration().getNetworkOutputs().get(outputIndex);
        return Objects.requireNonNull(
                network.feedForward(batch.features(), false, false).get(name), name);
    }

    @Override
    public void clear() {
        network.clearLayerMaskArrays();
        network.clearLayersStates();
    }

    @Override
    public WorkspaceMode inferenceWorkspaces() {
        return network.getConfiguration().getInferenceWorkspaceMode();
    }
}
