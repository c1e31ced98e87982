package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.conv;
import static io.github.dl4jaskew.export.EdgeNets.dense;
import static io.github.dl4jaskew.export.EdgeNets.network;
import static io.github.dl4jaskew.export.EdgeNets.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/** Codes and levels of every grid survive the way through ONNX, for matrices of every width. */
class OnnxGridsTest {

    static Stream<Grid> grids() {
        return Stream.of(
                        IntStream.rangeClosed(1, 8).mapToObj(Grid::uniform),
                        IntStream.rangeClosed(2, 6).mapToObj(Grid::powersOfTwo),
                        Stream.of(
                                Grid.of(-1, -0.21, 0.3, 1),
                                Grid.of(0.1, 0.7, 0.8),
                                Grid.of(-3, 1, 2),
                                Grid.of(IntStream.range(0, 30)
                                        .mapToDouble(i -> Math.expm1(0.1 * i))
                                        .toArray())))
                .flatMap(s -> s);
    }

    @ParameterizedTest
    @MethodSource("grids")
    void denseAndConvolutionAgree(Grid grid) throws OrtException {
        for (int opset : new int[] {25, 21, 13}) {
            for (boolean perChannel : new boolean[] {false, true}) {
                MultiLayerNetwork net =
                        network(InputType.convolutional(5, 6, 3), conv(5, 3), dense(7, true), output(3));
                QuantizedModel model = QuantizedModel.of(net, EdgeNets.quantize(net, grid, perChannel));
                OnnxRun.assertAgrees(model, OnnxOptions.opset(opset), OnnxRun.random(3, 3, 5, 6));
            }
        }
    }

    /** ONNX Runtime 1.29.0 computes MatMul behind a DequantizeLinear of 2 bits wrongly unless 4 divides the width. */
    @Test
    void everyWidthAgrees() throws OrtException {
        INDArray features = OnnxRun.random(4, 19);
        for (int width = 1; width <= 17; width++) {
            for (Grid grid : List.of(Grid.ternary(), Grid.uniform(3), Grid.uniform(5))) {
                MultiLayerNetwork net =
                        network(InputType.feedForward(19), dense(width, true), dense(width, false), regression(width));
                QuantizedModel model = QuantizedModel.of(net, EdgeNets.quantize(net, grid, width % 2 == 0));
                OnnxRun.assertAgrees(model, OnnxOptions.defaults(), features);
            }
        }
    }

    private static Layer regression(int width) {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(width)
                .activation(Activation.IDENTITY)
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "25, binary, 26",
        "25, ternary, 26",
        "25, uniform2, 22",
        "25, uniform3, 22",
        "25, uniform4, 3",
        "25, uniform7, 3",
        "25, uniform8, 2",
        "21, binary, 22",
        "21, uniform3, 22",
        "21, uniform8, 2",
        "13, binary, 1"
    })
    void weightsHaveTheSmallestType(int opset, String name, int type) throws InvalidProtocolBufferException {
        Grid grid = name.equals("binary")
                ? Grid.binary()
                : name.equals("ternary") ? Grid.ternary() : Grid.uniform(name.charAt(7) - '0');
        MultiLayerNetwork net = network(InputType.feedForward(19), dense(8, false), output(3));
        QuantizedModel model = QuantizedModel.of(net, EdgeNets.quantize(net, grid, true));

        ModelProto proto = ModelProto.parseFrom(OnnxRun.exported(model, OnnxOptions.opset(opset)));

        assertThat(proto.getOpsetImport(0).getVersion()).isEqualTo(opset);
        assertThat(proto.getGraph().getInitializerList().stream()
                        .filter(t -> t.getName().matches(".*/W(.integers|.codes)?"))
                        .map(TensorProto::getDataType))
                .hasSize(2)
                .containsOnly(type);
    }

    @Test
    void scalesThatFollowNoAxisGiveFloats() throws OrtException {
        MultiLayerNetwork net = network(InputType.feedForward(4), dense(6, false), output(3));
        double[] scales = {0.5, 0.25, 1, 2};
        INDArray w = net.getLayer(0).getParam("W");
        QuantizedParameter parameter =
                QuantizedParameter.snap("layer0", "W", w, new ScaledGrid(Grid.ternary(), scales, new Channels(4, 3)));
        OnnxRun.assertAgrees(QuantizedModel.of(net, List.of(parameter)), OnnxOptions.defaults(), OnnxRun.random(3, 4));
    }

    @Test
    void aWeightThatWasChangedIsRefused() {
        MultiLayerNetwork net = network(InputType.feedForward(4), dense(6, false), output(3));
        QuantizedModel model = QuantizedModel.of(net, EdgeNets.quantize(net, Grid.ternary(), false));
        net.getLayer(0).getParam("W").putScalar(2, 0.0421);
        assertThatThrownBy(() -> OnnxRun.exported(model, OnnxOptions.defaults()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("layer 'layer0', parameter 'W': weight ")
                .hasMessageContaining("changed after it was quantized");
    }

    @Test
    void anotherOpsetIsRefused() {
        assertThatThrownBy(() -> OnnxOptions.opset(17))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("opset is 17; allowed are 25")
                .hasMessageContaining("21")
                .hasMessageContaining("13");
    }
}
