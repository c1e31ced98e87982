package io.github.dl4jaskew.internal.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.AskewNets;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.testkit.LayerCase;
import io.github.dl4jaskew.testkit.Nets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** The scales follow the channels that a change of a weight is seen in, whatever the layout in memory. */
class OutputChannelTest {

    private static final Askew PER_CHANNEL = AskewNets.closing()
            .grid(Grid.binary())
            .scale(Scale.max().perChannel())
            .build();

    @ParameterizedTest
    @EnumSource(
            names = {
                "DENSE",
                "CONVOLUTION_1D",
                "CONVOLUTION_2D",
                "CONVOLUTION_2D_LAST",
                "CONVOLUTION_3D",
                "DEPTHWISE",
                "DECONVOLUTION_2D",
                "DECONVOLUTION_3D",
                "LSTM",
                "SIMPLE_RNN",
                "SIMPLE_RNN_SQUARE",
                "TIME_DISTRIBUTED",
                "EMBEDDING",
                "LOCALLY_CONNECTED_1D",
                "LOCALLY_CONNECTED_2D"
            })
    void everyOutputChannelHasItsLargestWeightAsScale(LayerCase type) {
        MultiLayerNetwork network = Nets.init(type.configuration(new Sgd(0.01), Activation.IDENTITY));
        Map<String, INDArray> scales = new HashMap<>();
        for (String key : type.weights()) {
            scales.put(key, largestOfChannel(network, type, key));
        }
        PER_CHANNEL.install(network);
        requireMagnitudes(PER_CHANNEL.quantize(network).toMultiLayerNetwork(), scales, 0);

        DataSet data = type.data();
        for (int i = 0; i < 25; i++) {
            network.fit(data);
        }
        requireMagnitudes(network, scales, 0.05);
        requireMagnitudes(PER_CHANNEL.quantize(network).toMultiLayerNetwork(), scales, 0);
    }

    /** The depthwise half of a separable convolution is seen through a pointwise half that lets its channels pass. */
    @Test
    void separableConvolutionScalesBothHalves() {
        LayerCase type = LayerCase.SEPARABLE;
        MultiLayerNetwork network = Nets.init(type.configuration(new Sgd(0.01), Activation.IDENTITY));
        INDArray pointwise = network.getLayer(0).getParam("pW");
        INDArray pointwiseScales = largestOfChannel(network, type, "pW");
        INDArray before = pointwise.dup();
        pointwise.assign(Nd4j.eye(6).reshape(6, 6, 1, 1));
        INDArray depthwiseScales = largestOfChannel(network, type, "W");
        pointwise.assign(before);

        PER_CHANNEL.install(network);
        requireMagnitudes(
                PER_CHANNEL.quantize(network).toMultiLayerNetwork(),
                Map.of("W", depthwiseScales, "pW", pointwiseScales),
                0);
    }

    /** Which head and row a query comes from cannot be seen behind the softmax: the shape says it. */
    @Test
    void attentionScalesEachRowOfEachHead() {
        LayerCase type = LayerCase.SELF_ATTENTION;
        MultiLayerNetwork network = Nets.init(type.configuration(new Sgd(0.01), Activation.IDENTITY));
        PER_CHANNEL.install(network);
        MultiLayerNetwork quantized = PER_CHANNEL.quantize(network).toMultiLayerNetwork();
        INDArray weights = network.getLayer(0).getParam("Wq");
        assertThat(weights.shape()).containsExactly(2, 3, 4);
        for (int head = 0; head < 2; head++) {
            for (int row = 0; row < 3; row++) {
                float largest = 0;
                for (int in = 0; in < 4; in++) {
                    largest = Math.max(largest, Math.abs(weights.getFloat(head, row, in)));
                }
                for (int in = 0; in < 4; in++) {
                    assertThat(Math.abs(quantized.getLayer(0).getParam("Wq").getFloat(head, row, in)))
                            .isEqualTo(largest);
                }
            }
        }
    }

    /** For each weight, the largest magnitude among those that are seen in the same output channel. */
    private static INDArray largestOfChannel(MultiLayerNetwork network, LayerCase type, String key) {
        INDArray weights = network.getLayer(0).getParam(key);
        INDArray features = type.features();
        INDArray original = activations(network, features);
        Map<String, Float> largest = new HashMap<>();
        Map<Long, String> channel = new HashMap<>();
        for (long i = 0; i < weights.length(); i++) {
            long[] index = index(weights, i);
            float value = weights.getFloat(index);
            weights.putScalar(index, value + 0.7);
            INDArray changed = activations(network, features);
            weights.putScalar(index, value);
            String seen = channels(original, changed, type) + gate(type, index);
            channel.put(i, seen);
            largest.merge(seen, Math.abs(value), Math::max);
        }
        INDArray result = Nd4j.create(weights.shape());
        channel.forEach((i, seen) -> result.putScalar(index(weights, i), largest.get(seen)));
        return result;
    }

    private static long[] index(INDArray array, long element) {
        long[] index = new long[array.rank()];
        for (int d = array.rank() - 1; d >= 0; d--) {
            index[d] = element % array.size(d);
            element /= array.size(d);
        }
        return index;
    }

    /** The four gates of a unit are channels of their own, side by side. */
    private static String gate(LayerCase type, long[] index) {
        return type == LayerCase.LSTM ? " gate " + index[1] / 3 : "";
    }

    private static INDArray activations(MultiLayerNetwork network, INDArray features) {
        // A copy: a SameDiff layer may have kept its weights from its last run.
        return ((MultiLayerNetwork) Network.of(network).copy().model())
                .feedForwardToLayer(0, features)
                .get(1)
                .dup();
    }

    private static String channels(INDArray original, INDArray changed, LayerCase type) {
        boolean recurrent = original.rank() == 3;
        boolean last = type == LayerCase.CONVOLUTION_2D_LAST;
        int axis = last ? original.rank() - 1 : 1;
        for (int t = 0; t < (recurrent ? original.size(2) : 1); t++) {
            Set<Long> seen = new TreeSet<>();
            for (long i = 0; i < original.length(); i++) {
                long[] index = index(original, i);
                boolean now = !recurrent || index[2] == t;
                if (now && original.getFloat(index) != changed.getFloat(index)) {
                    seen.add(index[axis]);
                }
            }
            if (!seen.isEmpty()) {
                assertThat(seen).hasSize(1);
                return seen.toString();
            }
        }
        throw new AssertionError("no output depends on the weight");
    }

    private static void requireMagnitudes(MultiLayerNetwork network, Map<String, INDArray> scales, double relative) {
        scales.forEach((key, expected) -> {
            INDArray weights = network.getLayer(0).getParam(key);
            for (long i = 0; i < weights.length(); i++) {
                long[] index = index(weights, i);
                float level = expected.getFloat(index);
                assertThat(Math.abs(weights.getFloat(index)))
                        .as("%s %s", key, Arrays.toString(index))
                        .isBetween((float) (level * (1 - relative)), (float) (level * (1 + relative)));
            }
        });
    }
}
