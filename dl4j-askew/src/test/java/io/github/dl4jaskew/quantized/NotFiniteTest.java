package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jaskew.packed.Normalization;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.ValueType;
import io.github.dl4jaskew.testkit.Sections;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** NaN and infinity are refused where they enter: in features, parameters, and numbers of the normalization. */
class NotFiniteTest {

    private static ListDataSetIterator<DataSet> data(int example, int feature, double value) {
        INDArray features = Nd4j.rand(DataType.FLOAT, 10, 2, 4, 4);
        features.putScalar(new int[] {example, feature / 16, feature / 4 % 4, feature % 4}, value);
        List<DataSet> list = new ArrayList<>();
        for (DataSet each : new DataSet(features, Nd4j.zeros(10, 2)).asList()) {
            list.add(each);
        }
        return new ListDataSetIterator<>(list, 4);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void oneFeatureIsFound(double value) {
        MultiLayerNetwork network = ModelFiles.convolutional().toMultiLayerNetwork();
        INDArray before = network.params().dup();
        String message = "feature 21 of example 7 of the data is " + value + "; allowed are finite numbers";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchNormStatistics.estimate(network, data(7, 21, value)))
                .withMessage(message);
        assertThat(network.params()).isEqualTo(before);
        FiniteFeatures finite = new FiniteFeatures("the data");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> data(7, 21, value).forEachRemaining(d -> finite.require(d.getFeatures())))
                .withMessage(message);
    }

    /** The sum of finite numbers may be infinite. */
    @Test
    void largeFeaturesAreFinite() {
        INDArray large = Nd4j.valueArrayOf(new long[] {3, 4}, 3e38, DataType.FLOAT);
        assertThat(new FiniteFeatures("the data").require(large)).isSameAs(large);
    }

    @Test
    void statisticsThatOverflowAreRefused() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new BatchNormalization.Builder()
                        .useLogStd(false)
                        .name("norm")
                        .build())
                .layer(new OutputLayer.Builder().nOut(2).build())
                .setInputType(InputType.convolutional(4, 4, 2))
                .build());
        network.init();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchNormStatistics.estimate(network, data(7, 21, 1e30)))
                .withMessageContaining("layer 'norm', parameter 'var': number ")
                .withMessageContaining("is Infinity");
    }

    @ParameterizedTest
    @CsvSource({
        "norm, log10stdev, NaN",
        "norm, mean, Infinity",
        "dense, b, NaN",
        "norm, gamma, -Infinity",
        "output, W, NaN"
    })
    void noParameterIsSavedThatIsNotFinite(String layer, String key, double value) {
        MultiLayerNetwork network = ModelFiles.convolutional().toMultiLayerNetwork();
        network.getLayer(layer).getParam(key).putScalar(1, value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelFiles.bytes(QuantizedModel.of(network, List.of())))
                .withMessageContaining("layer '" + layer + "', parameter '" + key + "': number 1 is " + value);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void noParameterIsLoadedThatIsNotFinite(float value) {
        Sections sections = Sections.of(ModelFiles.bytes(ModelFiles.dense()));
        // Weights, then two biases.
        Sections.Section bias = sections.list.stream()
                .filter(s -> s.tag.equals("DATA"))
                .toList()
                .get(1);
        ByteBuffer.wrap(bias.payload).order(ByteOrder.LITTLE_ENDIAN).putFloat(4, value);
        assertThatExceptionOfType(PackedFormatException.class)
                .isThrownBy(() -> ModelFiles.load(sections.join()))
                .withMessage("layer 'dense', parameter 'b': number 1 is " + value + "; allowed are finite numbers");
    }

    /** Scale and level are finite, but not their product as float32. */
    @Test
    void noWeightIsLoadedThatOverflows() throws IOException {
        Sections sections = Sections.of(ModelFiles.bytes(ModelFiles.dense()));
        ByteBuffer table = ByteBuffer.wrap(sections.get("PARS").payload).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(table.getDouble(6)).isEqualTo(-1);
        table.putDouble(6, -1e300);
        assertThatExceptionOfType(PackedFormatException.class)
                .isThrownBy(() -> ModelFiles.load(sections.join()))
                .withMessageContaining("layer 'dense', parameter 'W': number ")
                .withMessageContaining("-Infinity");
    }

    @Test
    void noNormalizationHasNumbersThatAreNotFinite() {
        for (double value : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Normalization.Values(ValueType.FLOAT32, List.of(2L), List.of(1.0, value)))
                    .withMessage("number 1 of the normalization is " + value + "; allowed are finite numbers");
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            new Normalization(Normalization.Kind.IMAGE_RANGE, List.of(0.0, 1.0, value, 0.0), List.of()))
                    .withMessageContaining("number 2 of the normalization is " + value);
        }
    }
}
