package io.github.dl4jaskew.margin.internal.network;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A minibatch of a network with any number of inputs and outputs. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Batch(
        INDArray[] features,
        INDArray[] labels,
        INDArray @Nullable [] featuresMasks,
        INDArray @Nullable [] labelsMasks) {

    public static Batch of(org.nd4j.linalg.dataset.api.DataSet data) {
        return new Batch(
                new INDArray[] {required(data.getFeatures(), "features")},
                new INDArray[] {required(data.getLabels(), "labels")},
                one(data.getFeaturesMaskArray()),
                one(data.getLabelsMaskArray()));
    }

    public static Batch of(org.nd4j.linalg.dataset.api.MultiDataSet data) {
        return new Batch(
                required(data.getFeatures(), "features"),
                required(data.getLabels(), "labels"),
                data.getFeaturesMaskArrays(),
                data.getLabelsMaskArrays());
    }

    /** Arrays of the batch's own, outside of all workspaces. */
    public Batch copy() {
        return new Batch(copy(features), copy(labels), copyMasks(featuresMasks), copyMasks(labelsMasks));
    }

    /** A minibatch of one of the examples, copied. */
    public Batch example(int index) {
        return Workspaces.outside(() -> new Batch(
                each(features, index),
                each(labels, index),
                featuresMasks == null ? null : each(featuresMasks, index),
                labelsMasks == null ? null : each(labelsMasks, index)));
    }

    private static INDArray[] each(INDArray[] arrays, int index) {
        INDArray[] examples = arrays.clone();
        for (int i = 0; i < examples.length; i++) {
            if (arrays[i] != null) {
                long[] shape = arrays[i].shape().clone();
                shape[0] = 1;
                examples[i] = arrays[i]
                        .get(NDArrayIndex.interval(index, index + 1))
                        .dup('c')
                        .reshape('c', shape);
            }
        }
        return examples;
    }

    /** Frees the arrays of a copy at once, not when they are collected. */
    public void close() {
        close(features);
        close(labels);
        close(featuresMasks);
        close(labelsMasks);
    }

    private static void close(INDArray @Nullable [] arrays) {
        if (arrays != null) {
            for (INDArray array : arrays) {
                if (array != null && array.closeable()) {
                    array.close();
                }
            }
        }
    }

    public INDArray label(int output) {
        if (output >= labels.length) {
            throw new IllegalArgumentException("the data have labels for " + labels.length
                    + " outputs, and the margin is measured at output " + output);
        }
        return required(labels[output], "labels");
    }

    @Nullable
    public INDArray labelMask(int output) {
        return labelsMasks == null ? null : labelsMasks[output];
    }

    @Nullable
    public INDArray onlyFeaturesMask() {
        return featuresMasks == null ? null : featuresMasks[0];
    }

    private static INDArray[] copy(INDArray[] arrays) {
        INDArray[] copies = new INDArray[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            copies[i] = arrays[i].dup();
        }
        return copies;
    }

    private static INDArray @Nullable [] copyMasks(INDArray @Nullable [] masks) {
        if (masks == null) {
            return null;
        }
        INDArray[] copies = masks.clone();
        for (int i = 0; i < copies.length; i++) {
            copies[i] = masks[i] == null ? masks[i] : masks[i].dup();
        }
        return copies;
    }

    private static <T> T required(@Nullable T part, String name) {
        if (part == null) {
            throw new IllegalArgumentException("a minibatch has no " + name + "; the margin needs labelled data");
        }
        return part;
    }

    private static INDArray @Nullable [] one(@Nullable INDArray array) {
        return array == null ? null : new INDArray[] {array};
    }

    /** The minibatch that a network was trained with last. */
    public static Batch lastOf(Model model) {
        if (model instanceof MultiLayerNetwork network) {
            if (network.getOutputLayer().getMaskArray() != null || network.getMaskArray() != null) {
                throw new IllegalStateException(
                        "the free mode does not know the masks of a MultiLayerNetwork's minibatches;"
                                + " give the tracker the training data");
            }
            return new Batch(new INDArray[] {network.getInput()}, new INDArray[] {network.getLabels()}, null, null);
        }
        ComputationGraph graph = (ComputationGraph) model;
        INDArray[] labels = new INDArray[graph.getNumOutputArrays()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = ((IOutputLayer) graph.getOutputLayer(i)).getLabels();
        }
        return new Batch(graph.getInputs(), labels, graph.getInputMaskArrays(), graph.getLabelMaskArrays());
    }
}
