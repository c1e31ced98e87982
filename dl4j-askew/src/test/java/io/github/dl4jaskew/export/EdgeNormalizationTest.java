package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.conv;
import static io.github.dl4jaskew.export.EdgeNets.dense;
import static io.github.dl4jaskew.export.EdgeNets.network;
import static io.github.dl4jaskew.export.EdgeNets.output;
import static io.github.dl4jaskew.export.EdgeNets.quantize;
import static io.github.dl4jaskew.export.EdgeNets.saved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.VGG16ImagePreProcessor;
import org.nd4j.linalg.factory.Nd4j;

/** A model that normalizes by itself gives on raw features what DL4J gives behind its own normalizer. */
class EdgeNormalizationTest {

    private static final int EXAMPLES = 20;

    static Stream<DataNormalization> ofFeatures() {
        return Stream.of(
                new NormalizerStandardize(),
                new NormalizerMinMaxScaler(),
                new NormalizerMinMaxScaler(-1, 3),
                new ImagePreProcessingScaler(),
                new ImagePreProcessingScaler(-1, 1, 4));
    }

    static Stream<DataNormalization> ofImages() {
        return Stream.concat(ofFeatures(), Stream.of(new VGG16ImagePreProcessor()));
    }

    @ParameterizedTest
    @MethodSource("ofFeatures")
    void features(DataNormalization normalizer) throws IOException {
        requireSame(normalizer, InputType.feedForward(4), features(4), dense(40, true), output(3));
    }

    @ParameterizedTest
    @MethodSource("ofFeatures")
    void flatImages(DataNormalization normalizer) throws IOException {
        requireSame(normalizer, InputType.convolutionalFlat(4, 5, 3), features(60), conv(4, 2), output(3));
    }

    @ParameterizedTest
    @MethodSource("ofImages")
    void images(DataNormalization normalizer) throws IOException {
        INDArray images = features(60).reshape('c', EXAMPLES, 3, 4, 5);
        requireSame(normalizer, InputType.convolutional(4, 5, 3), images, conv(4, 2), output(3));
    }

    @ParameterizedTest
    @MethodSource("ofArrays")
    void sequences(DataNormalization normalizer) throws IOException {
        requireSame(
                normalizer,
                InputType.recurrent(3, 7),
                features(21).reshape('c', EXAMPLES, 3, 7),
                new LastTimeStep(new LSTM.Builder().nOut(4).build()),
                output(3));
    }

    static Stream<DataNormalization> ofArrays() {
        return Stream.of(new NormalizerStandardize(), new NormalizerMinMaxScaler(-1, 3));
    }

    /** Each feature, or pixel, in a range of its own. */
    private static INDArray features(int width) {
        Random random = new Random(2);
        float[] values = new float[EXAMPLES * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = 10 * (i % width) + (float) (3 + i % width * random.nextGaussian());
        }
        return Nd4j.createFromArray(values).reshape('c', EXAMPLES, width);
    }

    private static void requireSame(DataNormalization normalizer, InputType type, INDArray raw, Layer... layers)
            throws IOException {
        normalizer.fit(new DataSet(raw.dup('c'), raw.dup('c')));
        MultiLayerNetwork net = network(type, layers);
        QuantizedModel model = QuantizedModel.of(net, quantize(net, Grid.ternary(), true));
        byte[] file = saved(model.withNormalization(normalizer));
        int[] size = {};
        if (type instanceof InputType.InputTypeConvolutional) {
            size = new int[] {4, 5};
        } else if (type instanceof InputType.InputTypeRecurrent) {
            size = new int[] {7};
        }
        EdgeModel plain = EdgeModel.load(new ByteArrayInputStream(file), size);
        EdgeModel edge = plain.normalizing();
        assertThat(plain.hasNormalization()).isTrue();
        assertThat(edge.hasNormalization()).isFalse();

        INDArray normalized = raw.dup('c');
        normalizer.transform(normalized);
        INDArray expected = net.output(normalized);
        float[] numbers = raw.dup('c').data().asFloat();
        for (int i = 0; i < EXAMPLES; i++) {
            float[] x = new float[edge.inputSize()];
            System.arraycopy(numbers, i * x.length, x, 0, x.length);
            EdgeNets.assertClose(
                    edge.predict(x), expected.getRow(i).dup().data().asFloat());
        }
    }

    @Test
    void statisticsMustFitTheInput() throws IOException {
        NormalizerStandardize normalizer = new NormalizerStandardize();
        normalizer.fit(new DataSet(features(5), features(5)));
        MultiLayerNetwork net = network(InputType.feedForward(4), output(3));
        byte[] file = saved(QuantizedModel.of(net, List.of()).withNormalization(normalizer));
        EdgeModel model = EdgeModel.load(new ByteArrayInputStream(file));
        assertThatIllegalStateException()
                .isThrownBy(model::normalizing)
                .withMessageContaining("5 numbers, which do not fit an input of shape [4]");
    }
}
