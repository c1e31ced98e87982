package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.NetworkParameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * A probe that computes the logits of a float network, and of networks in each of which one layer alone, or two that follow each other, are
 * rounded. It is the model's
 * network, free of every constraint, with the float parameters. Not thread safe.
 */
final class PartlyRounded {

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

    private PartlyRounded(Network probe, List<Block> blocks) {
        this.probe = probe;
        this.blocks = blocks;
        sigmoid = showLogits(probe);
    }

    static PartlyRounded of(Network network, QuantizedModel model) {
        Network probe = Network.of(model.toNetwork());
        return new PartlyRounded(probe, blocks(network, probe, model));
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

    /** All logits: of the float network, and of those with one layer rounded, and with two that follow each other. */
    Logits logits(MultiDataSetIterator data) {
        Logits logits = new Logits(blocks.stream().map(Block::layer).toList());
        new Minibatches(probe.model(), data, PURPOSE).forEach(batch -> {
            logits.floats.add(rows(batch));
            round(0);
            for (int i = 0; i < blocks.size(); i++) {
                logits.single.get(i).add(rows(batch));
                if (i + 1 < blocks.size()) {
                    round(i + 1);
                    logits.pairs.get(i).add(rows(batch));
                }
                blocks.get(i).set(blocks.get(i).original());
            }
        });
        return logits;
    }

    private void round(int block) {
        blocks.get(block).set(blocks.get(block).rounded());
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

    /** The logits of a network for all examples. */
    private record Rows(String rounded, List<float[]> all) {

        static Rows of(String rounded) {
            return new Rows(rounded, new ArrayList<>());
        }

        void add(float[][] minibatch) {
            all.addAll(Arrays.asList(minibatch));
        }
    }

    /** Rows of logits, for the float network, for each layer, and for each two that follow each other. */
    static final class Logits {

        private final List<String> layers;
        private final Rows floats = Rows.of("no layer");
        private final List<Rows> single;
        private final List<Rows> pairs;

        Logits(List<String> layers) {
            this.layers = layers;
            single = layers.stream()
                    .map(layer -> Rows.of("layer '" + layer + "' alone"))
                    .toList();
            pairs = IntStream.range(1, layers.size())
                    .mapToObj(i -> Rows.of("the layers '" + layers.get(i - 1) + "' and '" + layers.get(i) + "'"))
                    .toList();
        }

        PredictionForecast forecast() {
            List<float[]> original = floats.all();
            double[] scales = single.stream().mapToDouble(this::scale).toArray();
            double[] pairScales = pairs.stream().mapToDouble(this::scale).toArray();
            List<PredictionForecast.LayerEffect> effects = new ArrayList<>();
            for (int layer = 0; layer < layers.size(); layer++) {
                effects.add(new PredictionForecast.LayerEffect(
                        layers.get(layer),
                        scales[layer],
                        changes(single.get(layer).all())));
            }
            List<PredictionForecast.Example> examples = new ArrayList<>();
            for (int i = 0; i < original.size(); i++) {
                double[] predicted = new double[original.get(i).length];
                for (int j = 0; j < predicted.length; j++) {
                    predicted[j] = pairs.isEmpty() ? single.get(0).all().get(i)[j] / scales[0] : 0;
                    for (int pair = 0; pair < pairs.size(); pair++) {
                        predicted[j] += pairs.get(pair).all().get(i)[j] / pairScales[pair];
                    }
                    // all but the ends are in two pairs
                    for (int layer = 1; layer + 1 < layers.size(); layer++) {
                        predicted[j] -= single.get(layer).all().get(i)[j] / scales[layer];
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

        private int changes(List<float[]> rounded) {
            return (int) IntStream.range(0, rounded.size())
                    .filter(i -> largest(floats.all().get(i), -1) != largest(rounded.get(i), -1))
                    .count();
        }

        private double scale(Rows rounded) {
            double together = 0;
            double square = 0;
            for (int i = 0; i < rounded.all().size(); i++) {
                float[] s = floats.all().get(i);
                float[] t = rounded.all().get(i);
                double mean = mean(s);
                double other = mean(t);
                for (int j = 0; j < s.length; j++) {
                    together += (s[j] - mean) * (t[j] - other);
                    square += (s[j] - mean) * (s[j] - mean);
                }
            }
            double scale = square == 0 ? Double.NaN : together / square;
            if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "rounding " + rounded.rounded() + " changes the logits by a factor of " + scale
                                + "; a forecast needs a positive one: leave such a layer out, or give it more bits");
            }
            return scale;
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
