package io.github.dl4jaskew.margin.internal.network;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The replica of a MultiLayerNetwork. */
final class MultiLayerReplica extends NetworkReplica {

    private final MultiLayerNetwork network;

    private MultiLayerReplica(MultiLayerNetwork network, OutputHead head, LogitErrors errors) {
        super(head, errors);
        this.network = network;
    }

    static MultiLayerReplica of(MultiLayerNetwork original, @Nullable String output, LogitErrors errors) {
        MultiLayerConfiguration configuration = ReplicaConfiguration.of(original.getLayerWiseConfigurations());
        configuration.setBackpropType(BackpropType.Standard);
        MultiLayerNetwork copy = new MultiLayerNetwork(configuration);
        copy.init(original.params().castTo(configuration.getDataType()).dup(), false);
        org.deeplearning4j.nn.conf.layers.Layer last =
                copy.getOutputLayer().conf().getLayer();
        if (output != null && !output.equals(last.getLayerName())) {
            throw new IllegalArgumentException("output is \"" + output
                    + "\"; the only output layer of this network is \"" + last.getLayerName() + "\"");
        }
        OutputHead head = OutputHead.of(last);
        LossFunctions.replace(last, errors);
        return new MultiLayerReplica(copy, head, errors);
    }

    @Override
    public Model model() {
        return network;
    }

    @Override
    public int outputIndex() {
        return 0;
    }

    @Override
    public List<ParameterBlock> blocks() {
        List<ParameterBlock> blocks = new ArrayList<>();
        TrainedParameters trained = TrainedParameters.of(network);
        for (int i = 0; i < network.getnLayers(); i++) {
            Layer layer = network.getLayer(i);
            blocks.addAll(ParameterBlock.of(network.getLayerNames().get(i), layer, network.params(), trained));
        }
        return blocks;
    }

    @Override
    public INDArray output(Batch batch, @Nullable MemoryWorkspace workspace) {
        return network.output(batch.features()[0], false, batch.onlyFeaturesMask(), batch.labelMask(0), workspace);
    }

    @Override
    public void backpropagate(Batch batch) {
        network.setInput(batch.features()[0]);
        network.setLabels(batch.label(0));
        network.setLayerMaskArrays(batch.onlyFeaturesMask(), batch.labelMask(0));
        network.computeGradientAndScore();
        clear();
    }

    @Override
    public List<INDArray> inputGradients(Batch batch) {
        if (frozen().isPresent()) {
            return List.of();
        }
        return Workspaces.outside(() -> {
            INDArray gradient = network.calculateGradients(
                            batch.features()[0], batch.label(0), batch.onlyFeaturesMask(), batch.labelMask(0))
                    .getSecond();
            List<INDArray> copy = gradient == null ? List.of() : List.of(gradient.dup());
            clear();
            return copy;
        });
    }

    @Override
    public String inputGradientObstacle() {
        if (frozen().isPresent()) {
            return frozenObstacle(network.getLayerNames().get(frozen().getAsInt()));
        }
        Layer first = network.getLayer(0);
        return "layer \"" + network.getLayerNames().get(0) + "\" ("
                + first.conf().getLayer().getClass().getSimpleName() + ") has no gradient by its features";
    }

    /** The last frozen layer: DL4J's backward pass ends there, with what is then no gradient by the features. */
    private OptionalInt frozen() {
        return IntStream.range(0, network.getnLayers())
                .filter(i -> network.getLayer(i) instanceof FrozenLayer)
                .reduce((first, second) -> second);
    }

    @Override
    public LipschitzChain lipschitz() {
        return LipschitzChain.of(network);
    }

    @Override
    public Layer outputLayer() {
        return network.getOutputLayer();
    }

    @Override
    public INDArray feedForward(Batch batch) {
        network.setInput(batch.features()[0]);
        network.setLayerMaskArrays(batch.onlyFeaturesMask(), null);
        List<INDArray> activations = network.feedForward(false, false);
        return activations.get(activations.size() - 1);
    }

    @Override
    public void clear() {
        network.clearLayerMaskArrays();
        network.clearLayersStates();
    }

    @Override
    public WorkspaceMode inferenceWorkspaces() {
        return network.getLayerWiseConfigurations().getInferenceWorkspaceMode();
    }
}
