package io.github.dl4jaskew.quantized;

import static java.util.Objects.requireNonNull;

import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.NetworkParameter;
import io.github.dl4jaskew.packed.ParameterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Re-estimates the mean and variance of every batch-norm layer over all of the given data. Quantizing weights shifts the
 * inputs of these layers, while their running averages still describe the weights before it.
 *
 * <p>Layer by layer in the order of the network, each gets the mean and the population variance of all values that reach a
 * channel of it at inference, over examples and positions, with the layers before it re-estimated already:
 *
 * <pre>m = sum(x) / n,  v = sum((x - m)^2) / n</pre>
 *
 * <p>They are pooled in double, so that it does not matter how the data is divided into minibatches; not even minibatches of
 * one example do harm. (Quantized activations without a frozen clip are the exception, as each minibatch has a clip of its
 * own.) The data is read once for each batch-norm layer, and runs forward as far as this layer.
 *
 * <p>As in DL4J's own batch norm, masked time steps count like all others; masks reach the layers in front of it. Layers
 * that are frozen or wrapped keep their statistics.
 */
public final class BatchNormStatistics {

    private static final Logger LOG = LoggerFactory.getLogger(BatchNormStatistics.class);

    /** A variance of fewer says little about further ones. */
    private static final int FEWEST_EXAMPLES = 8;

    private static final String PURPOSE = "the batch-norm statistics";

    private BatchNormStatistics() {}

    /** Mean and sum of squared deviations of each channel, merged by Chan's formula, which does not cancel. */
    private static final class Moments {
        private @Nullable INDArray mean;
        private @Nullable INDArray deviations;
        private long count;
        private long examples;

        void add(INDArray input, boolean channelsLast, long batchSize) {
            INDArray x = input.castTo(DataType.DOUBLE);
            int channel = channelsLast ? x.rank() - 1 : 1;
            int[] others =
                    IntStream.range(0, x.rank()).filter(d -> d != channel).toArray();
            long n = x.length() / x.size(channel);
            // copies of one shape: ND4J reduces an axis of length 1 to a view of the same rank
            INDArray m = x.mean(others).dup().reshape(x.size(channel));
            INDArray squares = x.var(false, others).mul(n).reshape(x.size(channel));
            if (mean == null || deviations == null) {
                mean = m;
                deviations = squares;
            } else {
                INDArray shift = m.sub(mean);
                deviations.addi(squares).addi(shift.mul(shift).muli((double) count * n / (count + n)));
                mean.addi(shift.muli((double) n / (count + n)));
            }
            count += n;
            examples += batchSize;
        }

        INDArray mean() {
            return requireNonNull(mean);
        }

        INDArray variance() {
            return requireNonNull(deviations).div(count);
        }
    }

    /** A batch-norm layer of the probe, the network's own, and what reaches it. */
    private record Site(
            BatchNormalization probe,
            BatchNormalization target,
            Function<Minibatches.Minibatch, INDArray> activations,
            @Nullable InputPreProcessor before) {

        INDArray input(Minibatches.Minibatch batch) {
            INDArray a = activations.apply(batch);
            return before == null ? a : before.preProcess(a, (int) batch.examples(), LayerWorkspaceMgr.noWorkspaces());
        }
    }

    /**
     * Replaces the statistics of a network of one input in place, as {@link #estimate(Model, MultiDataSetIterator)} does.
     *
     * @param network a MultiLayerNetwork or ComputationGraph; only its means and variances change
     * @param data is reset, if it can be, and read once for each batch-norm layer
     * @return what is to be warned of
     * @throws IllegalArgumentException as for several inputs
     */
    public static List<String> estimate(Model network, DataSetIterator data) {
        return estimate(network, new MultiDataSetIteratorAdapter(data));
    }

    /**
     * Replaces the statistics of a network in place. Does nothing, and reads nothing, if it has no batch-norm layer.
     *
     * @param network a MultiLayerNetwork or ComputationGraph; only its means and variances change
     * @param data an array of features for each input; is reset, if it can be, and read once for each batch-norm layer
     * @return what is to be warned of, which is logged as well: fewer than 8 examples; empty if all is well
     * @throws IllegalArgumentException if the data is empty or has not one array for each input, a feature is not finite, a
     *     statistic is too large for the network's type, or the data cannot be reset and there are several batch-norm layers
     */
    public static List<String> estimate(Model network, MultiDataSetIterator data) {
        Model probe = Network.of(network).copy().model();
        List<Site> sites = network instanceof MultiLayerNetwork list
                ? sites(list, (MultiLayerNetwork) probe)
                : sites((ComputationGraph) network, (ComputationGraph) probe);
        return run(sites, new Minibatches(network, data, PURPOSE));
    }

    private static List<String> run(List<Site> sites, Minibatches data) {
        data.requireReadable(sites.size());
        long examples = FEWEST_EXAMPLES;
        for (Site site : sites) {
            Moments moments = new Moments();
            boolean channelsLast = conf(site.target).getCnn2DFormat() == CNN2DFormat.NHWC;
            data.forEach(batch -> {
                INDArray input = site.input(batch);
                moments.add(input, channelsLast && input.rank() == 4, batch.examples());
            });
            store(site.probe, moments);
            store(site.target, moments);
            examples = moments.examples;
        }
        if (examples >= FEWEST_EXAMPLES) {
            return List.of();
        }
        String warning = PURPOSE + " were estimated over " + examples + (examples == 1 ? " example" : " examples")
                + ", which is too few for a variance; pass more of the training data, at least " + FEWEST_EXAMPLES
                + " examples";
        LOG.warn("{}", warning);
        return List.of(warning);
    }

    private static List<Site> sites(MultiLayerNetwork network, MultiLayerNetwork probe) {
        ActivationStatistics.runningClips(Network.of(probe)).forEach(ActivationStatistics::forget);
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < probe.getnLayers(); i++) {
            int index = i;
            if (probe.getLayer(i) instanceof BatchNormalization layer) {
                sites.add(new Site(
                        layer,
                        (BatchNormalization) network.getLayer(i),
                        batch -> activations(probe, index - 1, batch),
                        probe.getLayerWiseConfigurations().getInputPreProcess(i)));
            }
        }
        return sites;
    }

    private static INDArray activations(MultiLayerNetwork probe, int last, Minibatches.Minibatch batch) {
        INDArray features = batch.features()[0];
        if (last < 0) {
            return features;
        }
        probe.setLayerMaskArrays(batch.featureMask(), batch.labelMask());
        INDArray activations = probe.feedForwardToLayer(last, features, false).get(last + 1);
        probe.clearLayerMaskArrays();
        return activations;
    }

    private static List<Site> sites(ComputationGraph network, ComputationGraph probe) {
        ActivationStatistics.runningClips(Network.of(probe)).forEach(ActivationStatistics::forget);
        List<Site> sites = new ArrayList<>();
        int[] order = probe.topologicalSortOrder();
        for (int i = 0; i < order.length; i++) {
            int position = i;
            GraphVertex vertex = probe.getVertices()[order[i]];
            String name = vertex.getVertexName();
            if (vertex.hasLayer() && vertex.getLayer() instanceof BatchNormalization layer) {
                String input = requireNonNull(
                                probe.getConfiguration().getVertexInputs().get(name), name)
                        .get(0);
                LayerVertex conf = (LayerVertex)
                        requireNonNull(probe.getConfiguration().getVertices().get(name), name);
                sites.add(new Site(
                        layer,
                        (BatchNormalization) network.getLayer(name),
                        batch -> activations(probe, layerAt(probe, position - 1), input, batch),
                        conf.getPreProcessor()));
            }
        }
        return sites;
    }

    /**
     * How to tell DL4J where a pass is to end: it takes the number of a layer, and stops at the place in the topological order
     * that is the layer's vertex number. The one of the next higher number ends it at that place or a little further.
     *
     * @return -1 if none is as far
     */
    private static int layerAt(ComputationGraph graph, int place) {
        int best = -1;
        for (int i = 0; i < graph.getNumLayers(); i++) {
            int number = graph.getLayer(i).getIndex();
            if (number >= place && (best < 0 || number < graph.getLayer(best).getIndex())) {
                best = i;
            }
        }
        return best;
    }

    /** Runs hardly further, as an ActivationLayer behind would overwrite what it reads. */
    private static INDArray activations(ComputationGraph probe, int last, String vertex, Minibatches.Minibatch batch) {
        probe.setLayerMaskArrays(batch.featureMasks(), batch.labelMasks());
        Map<String, INDArray> activations = last < 0
                ? probe.feedForward(batch.features(), false)
                : probe.feedForward(batch.features(), last, false);
        probe.clearLayerMaskArrays();
        return requireNonNull(activations.get(vertex), vertex);
    }

    private static org.deeplearning4j.nn.conf.layers.BatchNormalization conf(BatchNormalization layer) {
        return (org.deeplearning4j.nn.conf.layers.BatchNormalization)
                layer.conf().getLayer();
    }

    private static void store(BatchNormalization target, Moments m) {
        INDArray variance = m.variance();
        assign(target, BatchNormalizationParamInitializer.GLOBAL_MEAN, m.mean());
        if (conf(target).isUseLogStd()) {
            // A constant channel has no logarithm; DL4J adds this eps to the variance in any case.
            double floor = conf(target).getEps();
            INDArray logarithm = Transforms.log(Transforms.max(variance, floor)).divi(2 * Math.log(10));
            assign(target, BatchNormalizationParamInitializer.GLOBAL_LOG_STD, logarithm);
        } else {
            assign(target, BatchNormalizationParamInitializer.GLOBAL_VAR, variance);
        }
    }

    private static void assign(Layer layer, String key, INDArray values) {
        INDArray parameter = layer.getParam(key);
        parameter.assign(values.castTo(parameter.dataType()).reshape(parameter.shape()));
        // Finite features can still be too large.
        String name = String.valueOf(layer.conf().getLayer().getLayerName());
        FiniteNumbers.require(List.of(new NetworkParameter(new ParameterId(name, key), parameter)));
    }
}
