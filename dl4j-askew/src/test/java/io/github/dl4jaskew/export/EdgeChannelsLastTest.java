package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.assertAgrees;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;

/** Networks on images as [height, width, channels], as Keras has them, give DL4J's numbers. */
class EdgeChannelsLastTest {

    private static final CNN2DFormat LAST = CNN2DFormat.NHWC;
    private static final InputType IMAGE = InputType.convolutional(13, 8, 3, LAST);

    private static Layer conv(int channels, ConvolutionMode mode, int stride, int dilation) {
        return new ConvolutionLayer.Builder(3, 2)
                .dataFormat(LAST)
                .nOut(channels)
                .stride(stride, 1)
                .dilation(dilation, 1)
                .convolutionMode(mode)
                .activation(Activation.TANH)
                .build();
    }

    private static Layer pool(PoolingType type) {
        return new SubsamplingLayer.Builder(new int[] {2, 3}, new int[] {2, 1})
                .poolingType(type)
                .dataFormat(LAST)
                .convolutionMode(ConvolutionMode.Same)
                .build();
    }

    @Test
    void convolutionsPoolingAndFlattening() throws IOException {
        for (ConvolutionMode mode : List.of(ConvolutionMode.Same, ConvolutionMode.Truncate)) {
            assertAgrees(
                    Grid.uniform(8),
                    IMAGE,
                    conv(4, mode, 2, 1),
                    pool(PoolingType.MAX),
                    conv(5, mode, 1, 1),
                    pool(PoolingType.AVG),
                    EdgeNets.dense(6, true),
                    EdgeNets.output(3));
        }
        assertAgrees(
                Grid.ternary(),
                IMAGE,
                conv(4, ConvolutionMode.Truncate, 1, 3),
                EdgeNets.dense(6, true),
                EdgeNets.output(3));
    }

    /** What is in front of the first layer that has a layout takes the numbers as they come. */
    @Test
    void anActivationInFront() throws IOException {
        Layer[] layers = {new ActivationLayer(Activation.TANH), conv(4, ConvolutionMode.Same, 1, 1), EdgeNets.output(3)
        };
        assertAgrees(Grid.ternary(), IMAGE, layers);
        MultiLayerNetwork net = EdgeNets.network(IMAGE, layers);
        EdgeModel edge =
                EdgeModel.load(new ByteArrayInputStream(EdgeNets.saved(QuantizedModel.of(net, List.of()))), 13, 8);
        assertThat(edge.inputShape()).containsExactly(13, 8, 3);
    }

    @Test
    void batchNorm() throws IOException {
        BatchNormalization norm =
                new BatchNormalization.Builder().dataFormat(LAST).build();
        assertAgrees(
                Grid.binary(),
                IMAGE,
                conv(4, ConvolutionMode.Same, 1, 1),
                norm,
                pool(PoolingType.MAX),
                norm,
                EdgeNets.output(3));
    }

    @Test
    void paddingCroppingUpsampling() throws IOException {
        assertAgrees(
                Grid.ternary(),
                IMAGE,
                conv(4, ConvolutionMode.Same, 1, 1),
                new ZeroPaddingLayer.Builder(1, 2, 0, 3).dataFormat(LAST).build(),
                new Upsampling2D.Builder(2)
                        .size(new int[] {2, 3})
                        .dataFormat(LAST)
                        .build(),
                new Cropping2D.Builder(2, 1, 3, 4).dataFormat(LAST).build(),
                EdgeNets.output(3));
    }

    @Test
    void parametricRelu() throws IOException {
        PReLULayer each = new PReLULayer.Builder().inputShape(13, 8, 4).build();
        PReLULayer channel =
                new PReLULayer.Builder().inputShape(13, 8, 4).sharedAxes(1, 2).build();
        for (PReLULayer slopes : List.of(each, channel)) {
            assertAgrees(
                    Grid.ternary(),
                    IMAGE,
                    conv(4, ConvolutionMode.Same, 1, 1),
                    slopes,
                    conv(5, ConvolutionMode.Same, 1, 1),
                    EdgeNets.output(3));
        }
    }

    /** As Keras' import leaves it in some networks: it compares sizes, and flattens what is there. */
    @Test
    void flatteningByAPreprocessorForTheOtherLayout() throws IOException {
        MultiLayerNetwork net = EdgeNets.network(IMAGE, conv(4, ConvolutionMode.Same, 1, 1), EdgeNets.output(3));
        net.getLayerWiseConfigurations()
                .getInputPreProcessors()
                .put(1, new CnnToFeedForwardPreProcessor(8, 4, 13, CNN2DFormat.NCHW));
        byte[] file = EdgeNets.saved(QuantizedModel.of(net, List.of()));
        assertAgrees(net, EdgeModel.load(new ByteArrayInputStream(file), 13, 8), IMAGE);
    }

    @Test
    void globalPooling() throws IOException {
        for (PoolingType type : List.of(PoolingType.MAX, PoolingType.AVG, PoolingType.SUM)) {
            assertAgrees(
                    Grid.ternary(),
                    IMAGE,
                    conv(4, ConvolutionMode.Same, 1, 1),
                    new GlobalPoolingLayer.Builder(type).poolingDimensions(1, 2).build(),
                    EdgeNets.output(3));
        }
    }

    @Test
    void imagesComeOutAsDl4jHasThem() throws IOException {
        assertAgrees(Grid.ternary(), IMAGE, conv(4, ConvolutionMode.Same, 1, 1), pool(PoolingType.MAX));
    }

    @Test
    void shapeIsThatOfTheInput() throws IOException {
        MultiLayerNetwork net = EdgeNets.network(IMAGE, conv(4, ConvolutionMode.Same, 1, 1), EdgeNets.output(3));
        byte[] file = EdgeNets.saved(QuantizedModel.of(net, EdgeNets.quantize(net, Grid.ternary(), false)));
        assertThat(EdgeModel.load(new ByteArrayInputStream(file), 13, 8).inputShape())
                .containsExactly(13, 8, 3);
    }

    @Test
    void flattenedAtOnce() throws IOException {
        assertAgrees(Grid.ternary(), IMAGE, EdgeNets.dense(6, true), EdgeNets.output(3));
    }

    /** As Keras' import makes of a model that mixes them: a layer reads the axes as its own layout has them. */
    @Test
    void layersOfBothLayouts() throws IOException {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            MultiLayerNetwork net = EdgeNets.network(
                    InputType.convolutional(13, 8, 3, format),
                    new ConvolutionLayer.Builder(3, 2)
                            .dataFormat(format)
                            .nOut(4)
                            .activation(Activation.TANH)
                            .build());
            CNN2DFormat other = format == LAST ? CNN2DFormat.NCHW : LAST;
            MultiLayerNetwork mixed = EdgeNets.withLayers(
                    net,
                    new SubsamplingLayer.Builder(new int[] {2, 3}, new int[] {2, 1})
                            .poolingType(PoolingType.MAX)
                            .dataFormat(other)
                            .build());
            EdgeModel model = EdgeModel.load(
                    new ByteArrayInputStream(EdgeNets.saved(QuantizedModel.of(mixed, List.of()))), 13, 8);
            EdgeNets.assertAgrees(mixed, model, InputType.convolutional(13, 8, 3, format));
        }
    }
}
