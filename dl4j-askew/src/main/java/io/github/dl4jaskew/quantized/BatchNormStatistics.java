package io.github.dl4jaskew.quantized;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Estimates the mean and variance of every batch-norm layer anew, over all of the given data. Quantizing weights
 * shifts the inputs of these layers, while their running averages still describe the weights before it.
 *
 * <p>One pass in which, as in training, each layer normalizes by the statistics of the minibatch; means and second
 * moments are then pooled over minibatches in double. Masks are not considered.
 */
public final class BatchNormStatistics {

    private final Map<BatchNormalization, Moments> moments = new LinkedHashMap<>();

    private final FiniteFeatures finite = new FiniteFeatures();

    private BatchNormStatistics() {}

    /** Pooled first and second moments of each channel. */
    private static final class Moments {
        private @Nullable INDArray sum;
        private @Nullable INDArray squares;
        private long count;

        void add(INDArray input, boolean channelsLast) {
            INDArray x = input.castTo(DataType.DOUBLE);
            int channel = channelsLast ? x.rank() - 1 : 1;
            List<Integer> others = new ArrayList<>();
            for (int d = 0; d < x.rank(); d++) {
                if (d != channel) {
                    others.add(d);
                }
            }
            int[] dimensions = others.stream().mapToInt(d -> d).toArray();
            INDArray first = x.sum(dimensions);
            INDArray second = x.mul(x).sum(dimensions);
            count += x.length() / x.size(channel);
            sum = sum == null ? first : sum.addi(first);
            squares = squares == null ? second : squares.addi(second);
        }
    }

    /**
     * Replaces the statistics of a network in place. Does nothing if it has no batch-norm layer.
     *
     * @param network changed: only its means and variances
     * @param data is reset, if it can be, and read once
     * @throws IllegalArgumentException if the data is empty, a feature is not finite, or a statistic is too large for the
     *     network's type
     */
    public static void estimate(MultiLayerNetwork network, DataSetIterator data) {
        MultiLayerNetwork probe = NetworkCopy.of(network);
        BatchNormStatistics statistics = new BatchNormStatistics();
        statistics.collect(data, features -> statistics.add(probe, features));
        statistics.moments.forEach((layer, m) -> store(network.getLayer(layer.getIndex()), m));
    }

    /**
     * Replaces the statistics of a graph with one input in place. Does nothing if it has no batch-norm layer.
     *
     * @param network changed: only its means and variances
     * @param data is reset, if it can be, and read once
     * @throws IllegalArgumentException if the data is empty, a feature is not finite, or a statistic is too large for the
     *     network's type
     */
    public static void estimate(ComputationGraph network, DataSetIterator data) {
        ComputationGraph probe = NetworkCopy.of(network);
        BatchNormStatistics statistics = new BatchNormStatistics();
        statistics.collect(data, features -> statistics.add(probe, features));
        statistics.moments.forEach(
                (layer, m) -> store(network.getLayer(layer.conf().getLayer().getLayerName()), m));
    }

    private interface Forward {
        void run(INDArray features);
    }

    private void collect(DataSetIterator data, Forward forward) {
        if (data.resetSupported()) {
            data.reset();
        }
        if (!data.hasNext()) {
            throw new IllegalArgumentException("the data for the batch-norm statistics is empty");
        }
        while (data.hasNext()) {
            DataSet batch = data.next();
            forward.run(finite.require(batch.getFeatures()));
        }
    }

    private void add(MultiLayerNetwork probe, INDArray features) {
        quiet(probe.getLayers());
        List<INDArray> activations = probe.feedForward(features, true);
        for (int i = 0; i < probe.getnLayers(); i++) {
            if (probe.getLayer(i) instanceof BatchNormalization layer) {
                InputPreProcessor before = probe.getLayerWiseConfigurations().getInputPreProcess(i);
                add(layer, activations.get(i), before, features.size(0));
            }
        }
    }

    private void add(ComputationGraph probe, INDArray features) {
        quiet(probe.getLayers());
        Map<String, INDArray> activations = probe.feedForward(features, true);
        for (org.deeplearning4j.nn.api.Layer l : probe.getLayers()) {
            if (l instanceof BatchNormalization layer) {
                String name = layer.conf().getLayer().getLayerName();
                List<String> inputs = requireNonNull(
                        probe.getConfiguration().getVertexInputs().get(name), name);
                GraphVertex vertex =
                        requireNonNull(probe.getConfiguration().getVertices().get(name), name);
                InputPreProcessor before = ((LayerVertex) vertex).getPreProcessor();
                add(layer, activations.get(inputs.get(0)), before, features.size(0));
            }
        }
    }

    private void add(
            BatchNormalization layer,
            @Nullable INDArray activations,
            @Nullable InputPreProcessor before,
            long examples) {
        if (activations == null) {
            throw new IllegalStateException("no activations before batch-norm layer '"
                    + layer.conf().getLayer().getLayerName() + "'");
        }
        INDArray input = before == null
                ? activations
                : before.preProcess(activations, (int) examples, LayerWorkspaceMgr.noWorkspaces());
        boolean last = input.rank() == 4 && conf(layer).getCnn2DFormat() == CNN2DFormat.NHWC;
        moments.computeIfAbsent(layer, l -> new Moments()).add(input, last);
    }

    /** Dropout and weight noise would end up in the statistics. */
    private static void quiet(org.deeplearning4j.nn.api.Layer[] layers) {
        for (org.deeplearning4j.nn.api.Layer layer : layers) {
            quiet(layer.conf().getLayer());
        }
    }

    private static void quiet(org.deeplearning4j.nn.conf.layers.Layer conf) {
        conf.setIDropout(null);
        if (conf instanceof org.deeplearning4j.nn.conf.layers.BaseLayer base) {
            base.setWeightNoise(null);
        } else if (conf instanceof BaseWrapperLayer wrapper) {
            quiet(wrapper.getUnderlying());
        } else if (conf instanceof Bidirectional both) {
            quiet(both.getFwd());
            quiet(both.getBwd());
        }
    }

    private static org.deeplearning4j.nn.conf.layers.BatchNormalization conf(BatchNormalization layer) {
        return (org.deeplearning4j.nn.conf.layers.BatchNormalization)
                layer.conf().getLayer();
    }

    private static void store(org.deeplearning4j.nn.api.Layer target, Moments m) {
        if (m.sum == null || m.squares == null) {
            return;
        }
        INDArray mean = m.sum.div(m.count);
        INDArray variance = Transforms.max(m.squares.div(m.count).subi(mean.mul(mean)), 0);
        assign(target, BatchNormalizationParamInitializer.GLOBAL_MEAN, mean);
        if (conf((BatchNormalization) target).isUseLogStd()) {
            // A constant channel has no logarithm; DL4J adds this eps to the variance in any case.
            double floor = conf((BatchNormalization) target).getEps();
            INDArray logarithm = Transforms.log(Transforms.max(variance, floor)).divi(2 * Math.log(10));
            assign(target, BatchNormalizationParamInitializer.GLOBAL_LOG_STD, logarithm);
        } else {
            assign(target, BatchNormalizationParamInitializer.GLOBAL_VAR, variance);
        }
    }

    private static void assign(org.deeplearning4j.nn.api.Layer layer, String key, INDArray values) {
        INDArray parameter = layer.getParam(key);
        parameter.assign(values.castTo(parameter.dataType()).reshape(parameter.shape()));
        // Finite features can still be too large.
        String name = String.valueOf(layer.conf().getLayer().getLayerName());
        FiniteNumbers.require(List.of(new NetworkParameter(name, key, parameter)));
    }
}
