package io.github.dl4jaskew.margin.internal.network;

import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A private copy of a network that answers with logits. Measuring on a copy costs one pass over the parameters, and in
 * return the network in training keeps its layers' inputs, masks, recurrent state and statistics, and may be trained
 * by another thread meanwhile. Dropout and weight noise are taken out, so that no random number is drawn and the
 * gradient is that of the network that is measured. Not thread safe.
 */
public abstract class NetworkReplica {

    /** As DL4J's evaluation: the output of a minibatch reuses the memory of the one before. */
    private static final String WORKSPACE = "WS_MARGIN_LOGITS";

    private static final WorkspaceConfiguration WORKSPACE_CONFIGURATION = WorkspaceConfiguration.builder()
            .initialSize(0)
            .overallocationLimit(0.05)
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .policyReset(ResetPolicy.BLOCK_LEFT)
            .policySpill(SpillPolicy.REALLOCATE)
            .policyAllocation(AllocationPolicy.OVERALLOCATE)
            .build();

    private final OutputHead head;
    private final LogitErrors errors;
    /** The trained weights are those of the network times 2 to this power. */
    private int exponent;

    private int degree;

    public NetworkReplica(OutputHead head, LogitErrors errors) {
        this.head = head;
        this.errors = errors;
    }

    /**
     * Copies a network.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph, initialised
     * @param output name of the output layer; null if the network has only one
     * @param errors loss function whose gradient becomes the error of the logits
     * @return the copy
     */
    public static NetworkReplica of(Model network, @Nullable String output, LogitErrors errors) {
        if (network instanceof MultiLayerNetwork multiLayer) {
            return MultiLayerReplica.of(multiLayer, output, errors);
        } else if (network instanceof ComputationGraph graph) {
            return GraphReplica.of(graph, output, errors);
        }
        throw new IllegalArgumentException(
                "the margin is measured of a MultiLayerNetwork or a ComputationGraph; this is a "
                        + network.getClass().getName());
    }

    public final OutputHead head() {
        return head;
    }

    /** Takes over the parameters of a network of the same configuration. */
    public final void update(Model network) {
        INDArray parameters = network.params();
        if (parameters.length() != model().params().length()) {
            throw new IllegalArgumentException(
                    "the network has " + parameters.length() + " parameters; the one measured before had "
                            + model().params().length());
        }
        model().params().assign(parameters);
        exponent = 0;
        errors.scale(0);
    }

    /**
     * Multiplies the trained weights by a power of 2, which changes no digit but keeps the logits within the range of the data
     * type. {@link #logits}, {@link #features} and {@link #unscale} undo what it does to the logits and gradients of a network
     * that is homogeneous.
     *
     * @param by how much to raise the exponent
     * @param homogeneity the degree L in these weights
     */
    public final void rescale(int by, int homogeneity, List<ParameterBlock> blocks) {
        INDArray parameters = model().params();
        for (ParameterBlock block : blocks) {
            if (block.trained()) {
                INDArray view = parameters.get(NDArrayIndex.all(), NDArrayIndex.interval(block.from(), block.to()));
                // in steps, as the factor itself may be beyond float
                for (int left = by; left != 0; ) {
                    int step = Math.max(-100, Math.min(100, left));
                    view.muli(Math.scalb(1.0, step));
                    left -= step;
                }
            }
        }
        exponent += by;
        degree = homogeneity;
        errors.scale(logitExponent());
    }

    /** What something finds where the weights are the network's own. */
    public final <T> T unscaled(Supplier<T> something) {
        int by = exponent;
        if (by == 0) {
            return something.get();
        }
        rescale(-by, degree, blocks());
        try {
            return something.get();
        } finally {
            rescale(by, degree, blocks());
        }
    }

    /** The power of 2 that turns the replica's logits into the network's; 0 unless it was {@link #rescale rescaled}. */
    public final int logitExponent() {
        return -exponent * degree;
    }

    /** Turns a sum of {@link #gradient}s into that of the network, in place. */
    public final double[] unscale(double[] gradient) {
        int by = -exponent * (degree - 1);
        for (int i = 0; by != 0 && i < gradient.length; i++) {
            gradient[i] = Math.scalb(gradient[i], by);
        }
        return gradient;
    }

    /** The copy itself. */
    public abstract Model model();

    /** Position of the output among the labels. */
    public abstract int outputIndex();

    /** All parameters, in the order of the layers. */
    public abstract List<ParameterBlock> blocks();

    /** Logits of the output, in the workspace if it is not null. */
    public abstract INDArray output(Batch batch, @Nullable MemoryWorkspace workspace);

    /** One forward and backward pass with the errors of {@link LogitErrors}. */
    public abstract void backpropagate(Batch batch);

    /** The derivatives by each input, copied, with the errors of {@link LogitErrors}; empty where DL4J gives none for one. */
    public abstract List<INDArray> inputGradients(Batch batch);

    /** Why there are no {@link #inputGradients}. */
    public abstract String inputGradientObstacle();

    static String frozenObstacle(String layer) {
        return "layer \"" + layer
                + "\" is a FrozenLayer, through which DL4J passes no gradient; use FrozenLayerWithBackprop";
    }

    /** How much the logits can change with the features. */
    public abstract LipschitzChain lipschitz();

    public abstract WorkspaceMode inferenceWorkspaces();

    /** The layer that makes the logits. */
    public abstract Layer outputLayer();

    /** A forward pass in inference mode that leaves the layers' inputs in place; returns the logits. */
    public abstract INDArray feedForward(Batch batch);

    /** Takes them away again. */
    public abstract void clear();

    /** The input of the output layer, and its logits. */
    public record Features(LogitRows values, LogitRows logits) {}

    public final Features features(Batch batch) {
        return Workspaces.outside(() -> {
            LogitRows logits = LogitRows.of(feedForward(batch), false).scaled(logitExponent());
            Features features = new Features(LogitRows.of(outputLayer().input(), false), logits);
            clear();
            return features;
        });
    }

    /** The logits of a minibatch, copied. */
    public final LogitRows logits(Batch batch) {
        return Workspaces.outside(() -> {
            if (inferenceWorkspaces() == WorkspaceMode.NONE) {
                return LogitRows.of(output(batch, null), head.classesLast()).scaled(logitExponent());
            }
            try (MemoryWorkspace workspace =
                    Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE_CONFIGURATION, WORKSPACE)) {
                return LogitRows.of(output(batch, workspace), head.classesLast())
                        .scaled(logitExponent());
            }
        });
    }

    /** The gradient of the sum over the minibatch, a view that the next call overwrites. */
    public final INDArray gradient(Batch batch) {
        return Workspaces.outside(() -> {
            backpropagate(batch);
            return model().getGradientsViewArray();
        });
    }
}
