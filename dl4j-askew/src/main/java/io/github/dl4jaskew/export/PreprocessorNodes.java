package io.github.dl4jaskew.export;

import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.preprocessor.Cnn3DToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;

/**
 * DL4J's preprocessors. Between series and features they join batch and time, all examples of a time step before those of the
 * next.
 */
final class PreprocessorNodes {

    private PreprocessorNodes() {}

    /**
     * Adds a preprocessor.
     *
     * @param batch a value whose first axis is the batch, which tells how many time steps there are
     */
    static Tensor of(OnnxLayer layer, InputPreProcessor conf, Tensor x, Tensor batch) {
        Class<?> type = conf.getClass();
        OnnxGraph graph = layer.graph();
        if (conf instanceof ComposableInputPreProcessor several) {
            Tensor y = x;
            for (InputPreProcessor one : several.getInputPreProcessors()) {
                y = of(layer, one, y, batch);
            }
            return y;
        } else if (type == CnnToFeedForwardPreProcessor.class || type == Cnn3DToFeedForwardPreProcessor.class) {
            return x.rank() == 2 ? x : flatten(layer, x);
        } else if (conf instanceof FeedForwardToCnnPreProcessor p && type == FeedForwardToCnnPreProcessor.class) {
            return x.rank() == 4 ? x : image(layer, x, p.getNumChannels(), p.getInputHeight(), p.getInputWidth());
        } else if (conf instanceof RnnToFeedForwardPreProcessor p) {
            return x.rank() == 2 ? x : joined(layer, x, p.getRnnDataFormat());
        } else if (conf instanceof FeedForwardToRnnPreProcessor p) {
            return separated(layer, x, batch, p.getRnnDataFormat());
        } else if (conf instanceof RnnToCnnPreProcessor p) {
            Tensor rows = joined(layer, x, p.getRnnDataFormat());
            return image(layer, rows, p.getNumChannels(), p.getInputHeight(), p.getInputWidth());
        } else if (conf instanceof CnnToRnnPreProcessor p) {
            return separated(layer, flatten(layer, x), batch, p.getRnnDataFormat());
        }
        return KerasNodes.of(layer, conf, x, graph);
    }

    private static Tensor flatten(OnnxLayer layer, Tensor x) {
        return new Tensor(layer.node("Flatten", Map.of("axis", 1), x.name()), 2);
    }

    private static Tensor image(OnnxLayer layer, Tensor x, long channels, long height, long width) {
        return new Tensor(layer.graph().reshape(layer.name(), x.name(), -1, channels, height, width), 4);
    }

    private static Tensor joined(OnnxLayer layer, Tensor x, RNNFormat format) {
        OnnxGraph graph = layer.graph();
        String timeFirst = format == RNNFormat.NWC
                ? graph.transpose(layer.name(), x.name(), 1, 0, 2)
                : graph.transpose(layer.name(), x.name(), 2, 0, 1);
        String features = layer.node(
                "Concat",
                Map.of("axis", 0),
                graph.longs(layer.name() + "/rows", -1),
                graph.size(layer.name(), timeFirst, 2));
        return new Tensor(layer.node("Reshape", timeFirst, features), 2);
    }

    private static Tensor separated(OnnxLayer layer, Tensor x, Tensor batch, RNNFormat format) {
        OnnxGraph graph = layer.graph();
        String shape = layer.node(
                "Concat",
                Map.of("axis", 0),
                graph.longs(layer.name() + "/time", -1),
                graph.size(layer.name(), batch.name(), 0),
                graph.size(layer.name(), x.name(), 1));
        String timeFirst = layer.node("Reshape", x.name(), shape);
        return new Tensor(
                format == RNNFormat.NWC
                        ? graph.transpose(layer.name(), timeFirst, 1, 0, 2)
                        : graph.transpose(layer.name(), timeFirst, 1, 2, 0),
                3);
    }
}
