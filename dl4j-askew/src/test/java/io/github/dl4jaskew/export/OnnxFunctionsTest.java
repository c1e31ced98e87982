package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.conv;
import static io.github.dl4jaskew.export.EdgeNets.dense;
import static io.github.dl4jaskew.export.EdgeNets.network;
import static io.github.dl4jaskew.export.EdgeNets.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import io.github.dl4jaskew.activation.SignActivation;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.util.List;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.VGG16ImagePreProcessor;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/** Activation functions, normalization and labels. */
class OnnxFunctionsTest {

    private static final InputType FEATURES = InputType.feedForward(6);

    @ParameterizedTest
    @EnumSource(value = Activation.class, mode = EnumSource.Mode.EXCLUDE, names = "RRELU")
    void everyFunctionAgrees(Activation function) throws OrtException {
        agrees(function.getActivationFunction());
    }

    static Stream<IActivation> functions() {
        return Stream.of(
                new ActivationReLU(1.5, 0.0, 0.0),
                new ActivationReLU(1.5, 0.25, 0.125),
                new ActivationReLU(null, 0.0, 0.25),
                new ActivationThresholdedReLU(0.5),
                SignActivation.tanh(),
                QuantizedActivation.unsigned(3).withClip(1.3),
                QuantizedActivation.unsigned(1).withClip(0.7),
                QuantizedActivation.signed(4).around(new ActivationTanH()).withClip(0.9),
                QuantizedActivation.signed(4).withClip(0));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void functionsWithArgumentsAgree(IActivation function) throws OrtException {
        agrees(function);
    }

    private static void agrees(IActivation function) throws OrtException {
        MultiLayerNetwork net = network(FEATURES, dense(9, true), new ActivationLayer(function), output(3));
        OnnxRun.assertAgrees(QuantizedModel.of(net, List.of()), OnnxOptions.defaults(), OnnxRun.random(5, 6));
    }

    @Test
    void aLayerOfQuantizedActivationsTakesItsOwnClip() throws OrtException {
        MultiLayerNetwork net = network(
                InputType.convolutional(7, 7, 2),
                conv(4, 3),
                new BatchNormalization(),
                new QuantizedActivationLayer(QuantizedActivation.unsigned(2)),
                output(3));
        assertThatThrownBy(() -> exported(net))
                .hasMessageContaining("layer 'layer2', a QuantizedActivationLayer: it has seen no minibatch");
        net.getLayer(2).getParam("clip").assign(1.1);
        OnnxRun.assertAgrees(
                OnnxRun.quantized(net, Grid.ternary(), false), OnnxOptions.defaults(), OnnxRun.random(3, 2, 7, 7));
    }

    @Test
    void aClipOfEachMinibatchIsRefused() {
        MultiLayerNetwork net =
                network(FEATURES, dense(4, true), new ActivationLayer(QuantizedActivation.unsigned(2)), output(3));
        assertThatThrownBy(() -> exported(net))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'layer1', a ActivationLayer: ")
                .hasMessageContaining("freeze it with askew.quantize(network, data)");
    }

    private static byte[] exported(MultiLayerNetwork net) {
        return OnnxRun.exported(QuantizedModel.of(net, List.of()), OnnxOptions.defaults());
    }

    static Stream<DataNormalization> normalizers() {
        INDArray data = OnnxRun.random(40, 6).mul(3).add(1);
        DataNormalization standardize = new NormalizerStandardize();
        standardize.fit(new DataSet(data, data));
        DataNormalization range = new NormalizerMinMaxScaler(-1, 2);
        range.fit(new DataSet(data, data));
        return Stream.of(standardize, range, new ImagePreProcessingScaler(-1, 1));
    }

    @ParameterizedTest
    @MethodSource("normalizers")
    void theGraphNormalizesIfItIsToldTo(DataNormalization normalizer) throws OrtException {
        MultiLayerNetwork net = network(FEATURES, dense(4, true), output(3));
        QuantizedModel model = QuantizedModel.of(net, List.of()).withNormalization(normalizer);
        INDArray raw = OnnxRun.random(5, 6);
        INDArray normal = raw.dup();
        normalizer.transform(normal);
        float[] expected = model.output(normal).dup('c').data().asFloat();

        OnnxOptions options = OnnxOptions.defaults();
        OnnxRun.assertClose(
                OnnxRun.run(OnnxRun.exported(model, options.withNormalization()), raw)
                        .get(0),
                expected);
        OnnxRun.assertClose(
                OnnxRun.run(OnnxRun.exported(model, options), normal).get(0), expected);
    }

    @Test
    void channelsHaveTheirOwnMeans() throws OrtException {
        MultiLayerNetwork net = network(InputType.convolutional(5, 5, 3), conv(4, 3), output(3));
        QuantizedModel model = QuantizedModel.of(net, List.of()).withNormalization(new VGG16ImagePreProcessor());
        INDArray raw = OnnxRun.random(2, 3, 5, 5).add(115);
        INDArray normal = raw.dup();
        new VGG16ImagePreProcessor().transform(normal);
        byte[] file = OnnxRun.exported(model, OnnxOptions.defaults().withNormalization());
        OnnxRun.assertClose(
                OnnxRun.run(file, raw).get(0),
                model.output(normal).dup('c').data().asFloat());
    }

    @Test
    void normalizationOfAModelWithoutIsRefused() {
        QuantizedModel model = QuantizedModel.of(network(FEATURES, output(3)), List.of());
        assertThatThrownBy(() -> OnnxRun.exported(model, OnnxOptions.defaults().withNormalization()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("call withNormalization on the model");
    }

    @Test
    void labelsAndNormalizationAreInTheMetadata() throws InvalidProtocolBufferException {
        QuantizedModel model = QuantizedModel.of(network(FEATURES, output(3)), List.of())
                .withLabels(List.of("cat", "do\"g", "gnu"))
                .withNormalization(new ImagePreProcessingScaler());
        ModelProto proto = ModelProto.parseFrom(OnnxRun.exported(model, OnnxOptions.defaults()));
        assertThat(proto.getMetadataPropsList())
                .extracting(StringStringEntryProto::getKey, StringStringEntryProto::getValue)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("labels", "[\"cat\",\"do\\\"g\",\"gnu\"]"),
                        org.assertj.core.groups.Tuple.tuple(
                                "normalization",
                                "{\"kind\":\"IMAGE_RANGE\",\"constants\":[0.0,1.0,255.0,0.0],\"arrays\":[]}"));
    }
}
