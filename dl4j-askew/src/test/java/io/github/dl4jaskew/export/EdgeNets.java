package io.github.dl4jaskew.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.packed.NetworkKind;
import io.github.dl4jaskew.packed.PackedHead;
import io.github.dl4jaskew.packed.PackedWriter;
import io.github.dl4jaskew.packed.PortableNetwork;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Random networks, and what DL4J and the edge predictor make of them. */
final class EdgeNets {

    private static final double TOLERANCE = 1e-5;

    private EdgeNets() {}

    static Layer dense(int units, boolean bias) {
        return new DenseLayer.Builder()
                .nOut(units)
                .hasBias(bias)
                .activation(Activation.TANH)
                .build();
    }

    static Layer output(int units) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(units)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static Layer conv(int channels, int kernel) {
        int[] one = {1, 1};
        return conv(
                channels, new int[] {kernel, kernel}, one, new int[2], 1, ConvolutionMode.Truncate, Activation.TANH);
    }

    static Layer conv(
            int channels,
            int[] kernel,
            int[] stride,
            int[] pad,
            int dilation,
            ConvolutionMode mode,
            Activation activation) {
        return new ConvolutionLayer.Builder(kernel, stride, pad)
                .nOut(channels)
                .dilation(dilation, dilation)
                .convolutionMode(mode)
                .activation(activation)
                .build();
    }

    static Layer pool(PoolingType type, int[] kernel, int[] stride, int[] pad, ConvolutionMode mode, boolean include) {
        return new SubsamplingLayer.Builder(type, kernel, stride, pad)
                .convolutionMode(mode)
                .pnorm(3)
                .avgPoolIncludePadInDivisor(include)
                .build();
    }

    static MultiLayerNetwork network(InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Sgd(0.1))
                .list();
        Arrays.stream(layers).forEach(list::layer);
        MultiLayerNetwork net = new MultiLayerNetwork(list.setInputType(input).build());
        net.init();
        randomize(net);
        return net;
    }

    /** The same network with layers behind it that have no parameters and are not adapted to what is before them. */
    static MultiLayerNetwork withLayers(MultiLayerNetwork first, Layer... more) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(7).list();
        Arrays.stream(first.getLayers())
                .forEach(layer -> list.layer(layer.conf().getLayer()));
        Arrays.stream(more).forEach(list::layer);
        MultiLayerNetwork net = new MultiLayerNetwork(list.build());
        net.init();
        net.setParams(first.params());
        return net;
    }

    /** Biases, gamma, beta, means away from 0; variances and logarithms of deviations in their range. */
    private static void randomize(MultiLayerNetwork net) {
        Random random = new Random(3);
        net.paramTable().forEach((key, array) -> {
            // PReLU's weights start at 0; those of other layers are random already.
            if (!key.endsWith("_W") || array.maxNumber().doubleValue() == 0) {
                float[] values = new float[Math.toIntExact(array.length())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) number(key, random.nextGaussian());
                }
                array.assign(Nd4j.createFromArray(values).reshape(array.shape()));
            }
        });
    }

    private static double number(String key, double normal) {
        if (key.endsWith("var")) {
            return 0.5 + Math.abs(normal);
        }
        if (key.endsWith("stdev")) {
            return 0.1 * normal;
        }
        return (key.endsWith("gamma") ? 1 : 0) + 0.3 * normal;
    }

    /** Both scales of each weight parameter in turn: one for the tensor, one for each output channel. */
    static List<QuantizedParameter> quantize(Model net, Grid grid, boolean perChannel) {
        List<QuantizedParameter> quantized = new ArrayList<>();
        for (org.deeplearning4j.nn.api.Layer layer : Network.of(net).layers()) {
            INDArray w = layer.paramTable(false).get("W");
            if (w == null
                    || w.rank() < 2
                    || layer.conf().getLayer() instanceof org.deeplearning4j.nn.conf.layers.PReLULayer) {
                continue;
            }
            int axis = w.rank() == 4 ? 0 : 1;
            Channels channels = perChannel ? Channels.alongAxis(w.shape(), axis, w.ordering()) : Channels.perTensor();
            double[] scales = new double[channels.count()];
            for (int c = 0; c < scales.length; c++) {
                scales[c] = 0.1 + 0.02 * (c % 5);
            }
            quantized.add(QuantizedParameter.snap(
                    layer.conf().getLayer().getLayerName(), "W", w, new ScaledGrid(grid, scales, channels)));
        }
        return quantized;
    }

    static void assertAgrees(Grid grid, InputType type, Layer... layers) throws IOException {
        for (boolean perChannel : new boolean[] {false, true}) {
            MultiLayerNetwork net =
                    network(type, Arrays.stream(layers).map(Layer::clone).toArray(Layer[]::new));
            List<QuantizedParameter> quantized = grid == null ? List.of() : quantize(net, grid, perChannel);
            EdgeModel model = load(saved(QuantizedModel.of(net, quantized)), type);
            assertAgrees(net, model, type);
        }
    }

    /** The predictor of layers without parameters. */
    static EdgeModel load(PortableNetwork network) throws IOException {
        PackedHead head =
                new PackedHead(NetworkKind.values()[0], "{}", List.of(), null, null, ByteBuffer.wrap(network.write()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new PackedWriter(out, head).end();
        return EdgeModel.load(new ByteArrayInputStream(out.toByteArray()));
    }

    static byte[] saved(QuantizedModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.save(out);
        return out.toByteArray();
    }

    private static EdgeModel load(byte[] file, InputType type) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(file);
        if (type instanceof InputType.InputTypeConvolutional c) {
            return EdgeModel.load(in, (int) c.getHeight(), (int) c.getWidth());
        }
        return type instanceof InputType.InputTypeRecurrent r
                ? EdgeModel.load(in, (int) r.getTimeSeriesLength())
                : EdgeModel.load(in);
    }

    static void assertAgrees(MultiLayerNetwork net, EdgeModel model, InputType type) {
        Random random = new Random(5);
        for (int example = 0; example < 2; example++) {
            float[] x = new float[model.inputSize()];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (2 * random.nextGaussian());
            }
            INDArray features = Nd4j.createFromArray(x).reshape(shape(model, type));
            float[] expected = net.output(features).dup('c').data().asFloat();
            assertThat(model.predict(x)).hasSameSizeAs(expected);
            assertClose(model.predict(x), expected);
        }
    }

    private static long[] shape(EdgeModel model, InputType type) {
        if (type instanceof InputType.InputTypeRecurrent r) {
            return r.getFormat() == RNNFormat.NWC
                    ? new long[] {1, r.getTimeSeriesLength(), r.getSize()}
                    : new long[] {1, r.getSize(), r.getTimeSeriesLength()};
        }
        return type instanceof InputType.InputTypeConvolutional c
                ? c.getFormat() == CNN2DFormat.NHWC
                        ? new long[] {1, c.getHeight(), c.getWidth(), c.getChannels()}
                        : new long[] {1, c.getChannels(), c.getHeight(), c.getWidth()}
                : new long[] {1, model.inputSize()};
    }

    static void assertClose(float[] actual, float[] expected) {
        double largest = 1;
        for (float e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i])
                    .as("output " + i)
                    .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(TOLERANCE * largest));
        }
    }
}
