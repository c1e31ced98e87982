package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.NetworkParameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * A probe that computes the logits of a float network, and of networks in each of which one layer alone is rounded. It is the model's
 * network, free of every constraint, with the float parameters. Not thread safe.
 */
final class OneLayerRounded {

    private static final String PURPOSE = "the forecast";

    /**
     * A quantized layer, and what follows it up to the next one.
     *
     * @param layer the quantized layer's name
     * @param parameters of the probe
     * @param original their values in float
     * @param rounded their values in the model
     */
    private record Block(String layer, List<INDArray> parameters, List<INDArray> original, List<INDArray> rounded) {

        static Block of(String layer) {
            return new Block(layer, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        void add(INDArray parameter, INDArray floats) {
            parameters.add(parameter);
            rounded.add(parameter.dup());
            original.add(floats.dup());
            parameter.assign(floats);
        }

        void set(List<INDArray> values) {
            for (int i = 0; i < values.size(); i++) {
                parameters.get(i).assign(values.get(i));
            }
        }
    }

    private final Network probe;
    private final List<Block> blocks;
    private final boolean sigmoid;

    private OneLayerRounded(Network probe, List<Block> blocks) {
        this.probe = probe;
        this.blocks = blocks;
        sigmoid = showLogits(probe);
    }

    static OneLayerRounded of(Network network, QuantizedModel model) {
        Network probe = Network.of(model.toNetwork());
        return new OneLayerRounded(probe, blocks(network, probe, model));
    }

    private static List<Block> blocks(Network network, Network probe, QuantizedModel model) {
        Set<String> quantized =
                model.parameters().stream().map(QuantizedParameter::layer).collect(Collectors.toSet());
        if (quantized.isEmpty()) {
            throw new IllegalArgumentException("the model has no quantized parameter, so that no prediction changes");
        }
        List<NetworkParameter> floats = NetworkParameter.of(network.model());
        List<NetworkParameter> rounded = NetworkParameter.of(probe.model());
        List<Block> blocks = new ArrayList<>();
        String last = "";
        for (int i = 0; i < Math.max(floats.size(), rounded.size()); i++) {
            String here = i < rounded.size() ? rounded.get(i) + " of shape " + shape(rounded.get(i)) : "no more";
            String there = i < floats.size() ? floats.get(i) + " of shape " + shape(floats.get(i)) : "no more";
            if (!here.equals(there)) {
                throw new IllegalArgumentException(
                        "this is not a model of the network: it has " + here + ", and the network " + there);
            }
            String layer = rounded.get(i).layer();
            // What comes before the first quantized layer goes with it.
            boolean begins = quantized.contains(layer) && !layer.equals(last);
            if (blocks.isEmpty()) {
                blocks.add(Block.of(firstQuantized(rounded, quantized)));
            } else if (begins && !layer.equals(blocks.get(blocks.size() - 1).layer())) {
                blocks.add(Block.of(layer));
            }
            last = layer;
            blocks.get(blocks.size() - 1)
                    .add(rounded.get(i).array(), floats.get(i).array());
        }
        return blocks;
    }

    private static String firstQuantized(List<NetworkParameter> parameters, Set<String> quantized) {
        return parameters.stream()
                .map(NetworkParameter::layer)
                .filter(quantized::contains)
                .findFirst()
                .orElseThrow();
    }

    private static String shape(NetworkParameter parameter) {
        return Arrays.toString(parameter.array().shape());
    }

    /** Returns whether there was a sigmoid before. */
    private static boolean showLogits(Network probe) {
        long outputs = probe.layers().stream()
                .filter(layer -> layer instanceof IOutputLayer && layer.conf().getLayer() instanceof BaseLayer)
                .count();
        if (outputs != 1) {
            throw new IllegalArgumentException("the network has " + outputs
                    + " layers that can be trained as outputs; a forecast needs a network with exactly one");
        }
        return OutputActivation.remove(probe.model());
    }

    /** All logits: of the float network, and of those with one layer rounded. */
    Logits logits(MultiDataSetIterator data) {
        Logits logits = new Logits(blocks.stream().map(Block::layer).toList());
        new Minibatches(probe.model(), data, PURPOSE).forEach(batch -> {
            logits.add(0, rows(batch));
            for (int i = 0; i < blocks.size(); i++) {
                Block block = blocks.get(i);
                block.set(block.rounded());
                logits.add(i + 1, rows(batch));
                block.set(block.original());
            }
        });
        return logits;
    }

    /** Logits of a minibatch; of a single output s, those of two classes: 0 and s. */
    private float[][] rows(Minibatches.Minibatch batch) {
        // copies, as an ActivationLayer overwrites its input
        INDArray[] features = Arrays.stream(batch.features()).map(INDArray::dup).toArray(INDArray[]::new);
        INDArray[] outputs = probe.output(features, batch.featureMasks(), batch.labelMasks());
        INDArray scores = outputs[0];
        if (outputs.length > 1 || scores.rank() != 2 || (scores.size(1) == 1 && !sigmoid)) {
            throw new IllegalArgumentException("the network has " + outputs.length + " outputs, the first of shape "
                    + Arrays.toString(scores.shape())
                    + "; a forecast needs one output of shape [examples, classes], or [examples, 1] with sigmoid");
        }
        float[][] rows = scores.toFloatMatrix();
        if (scores.size(1) == 1) {
            for (int i = 0; i < rows.length; i++) {
                rows[i] = new float[] {0, rows[i][0]};
            }
        }
        return rows;
    }

    /** Rows of logits, for the float network and for each layer. */
    static final class Logits {

        private final List<String> layers;
        private final List<List<float[]>> rows = new ArrayList<>();

        Logits(List<String> layers) {
            this.layers = layers;
            for (int i = 0; i <= layers.size(); i++) {
                rows.add(new ArrayList<>());
            }
        }

        void add(int network, float[][] minibatch) {
            rows.get(network).addAll(Arrays.asList(minibatch));
        }

        PredictionForecast forecast() {
            List<float[]> original = rows.get(0);
            List<PredictionForecast.LayerEffect> effects = new ArrayList<>();
            List<PredictionForecast.Example> examples = new ArrayList<>();
            for (int layer = 0; layer < layers.size(); layer++) {
                effects.add(effect(layers.get(layer), original, rows.get(layer + 1)));
            }
            for (int i = 0; i < original.size(); i++) {
                double[] predicted = new double[original.get(i).length];
                for (int j = 0; j < predicted.length; j++) {
                    double s = original.get(i)[j];
                    predicted[j] = s;
                    for (int layer = 0; layer < layers.size(); layer++) {
                        predicted[j] += rows.get(layer + 1).get(i)[j]
                                        / effects.get(layer).scale()
                                - s;
                    }
                }
                int label = largest(original.get(i), -1);
                int rival = largest(predicted, label);
                double margin = (double) original.get(i)[label] - original.get(i)[largest(original.get(i), label)];
                examples.add(
                        new PredictionForecast.Example(i, label, rival, margin, predicted[label] - predicted[rival]));
            }
            return new PredictionForecast(examples, effects);
        }

        private static PredictionForecast.LayerEffect effect(
                String layer, List<float[]> original, List<float[]> rounded) {
            double together = 0;
            double square = 0;
            int changes = 0;
            for (int i = 0; i < original.size(); i++) {
                float[] s = original.get(i);
                float[] t = rounded.get(i);
                double mean = mean(s);
                double other = mean(t);
                for (int j = 0; j < s.length; j++) {
                    together += (s[j] - mean) * (t[j] - other);
                    square += (s[j] - mean) * (s[j] - mean);
                }
                changes += largest(s, -1) == largest(t, -1) ? 0 : 1;
            }
            double scale = square == 0 ? Double.NaN : together / square;
            if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("rounding layer '" + layer
                        + "' alone changes the logits by a factor of " + scale
                        + "; a forecast needs a positive one: leave this layer out, or give it more bits");
            }
            return new PredictionForecast.LayerEffect(layer, scale, changes);
        }

        private static double mean(float[] values) {
            double sum = 0;
            for (float value : values) {
                sum += value;
            }
            return sum / values.length;
        }

        private static int largest(float[] values, int except) {
            double[] copy = new double[values.length];
            Arrays.setAll(copy, j -> values[j]);
            return largest(copy, except);
        }

        private static int largest(double[] values, int except) {
            int best = except == 0 ? 1 : 0;
            for (int j = best + 1; j < values.length; j++) {
                best = j != except && values[j] > values[best] ? j : best;
            }
            return best;
        }
    }
}
