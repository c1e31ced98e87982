package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.conv;
import static io.github.dl4jaskew.export.EdgeNets.dense;
import static io.github.dl4jaskew.export.EdgeNets.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Graphs with branches give DL4J's numbers, in the order of its outputs. */
class EdgeGraphTest {

    private static final InputType FOUR = InputType.feedForward(4);

    private static GraphBuilder graph(String... inputs) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs(inputs);
    }

    private static ComputationGraph network(GraphBuilder builder, InputType... types) {
        ComputationGraph net = new ComputationGraph(builder.setInputTypes(types).build());
        net.init();
        return net;
    }

    private static byte[] saved(ComputationGraph net) throws IOException {
        return EdgeNets.saved(QuantizedModel.of(net, EdgeNets.quantize(net, Grid.uniform(8), false)));
    }

    /** Inputs of these shapes, without the batch, on the edge one behind the other. */
    private static void assertAgrees(ComputationGraph net, int[] size, long[]... shapes) throws IOException {
        ByteArrayInputStream file = new ByteArrayInputStream(saved(net));
        EdgeModel model = size.length == 0 ? EdgeModel.load(file) : EdgeModel.load(file, size);
        Random random = new Random(7);
        float[] all = new float[model.inputSize()];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) random.nextGaussian();
        }
        INDArray[] inputs = new INDArray[shapes.length];
        int from = 0;
        for (int i = 0; i < shapes.length; i++) {
            int length = (int) Arrays.stream(shapes[i]).reduce(1, (a, b) -> a * b);
            inputs[i] = Nd4j.createFromArray(Arrays.copyOfRange(all, from, from + length))
                    .reshape(shapes[i]);
            from += length;
        }
        assertThat(from).isEqualTo(all.length);
        float[] actual = model.predict(all);
        int at = 0;
        for (INDArray output : net.output(inputs)) {
            float[] expected = output.dup('c').data().asFloat();
            EdgeNets.assertClose(Arrays.copyOfRange(actual, at, at + expected.length), expected);
            at += expected.length;
        }
        assertThat(at).isEqualTo(actual.length);
        assertThat(model.predict(all)).isEqualTo(actual);
    }

    @Test
    void chain() throws IOException {
        GraphBuilder graph = graph("in")
                .addLayer("first", dense(4, true), "in")
                .addLayer("out", output(3), "first")
                .setOutputs("out");
        assertAgrees(network(graph, FOUR), new int[0], new long[] {1, 4});
    }

    @Test
    void elementWise() throws IOException {
        for (ElementWiseVertex.Op op : ElementWiseVertex.Op.values()) {
            GraphBuilder graph = graph("in")
                    .addLayer("first", dense(4, true), "in")
                    .addVertex("both", new ElementWiseVertex(op), "first", "in")
                    .addLayer("out", output(3), "both")
                    .setOutputs("out");
            assertAgrees(network(graph, FOUR), new int[0], new long[] {1, 4});
        }
    }

    @Test
    void mergeAndSubsetOfFeatures() throws IOException {
        GraphBuilder graph = graph("in")
                .addLayer("first", dense(4, true), "in")
                .addVertex("some", new SubsetVertex(1, 2), "first")
                .addVertex("all", new MergeVertex(), "some", "in", "first")
                .addLayer("out", output(3), "all")
                .setOutputs("out");
        assertAgrees(network(graph, FOUR), new int[0], new long[] {1, 4});
    }

    private static Layer conv3(CNN2DFormat format) {
        return new ConvolutionLayer.Builder(3, 3)
                .nOut(3)
                .padding(1, 1)
                .dataFormat(format)
                .activation(Activation.TANH)
                .build();
    }

    @Test
    void residualImages() throws IOException {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            GraphBuilder graph = graph("in")
                    .addLayer("first", conv3(format), "in")
                    .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "first", "in")
                    .addLayer("second", conv3(format), "sum")
                    .addVertex("merged", new MergeVertex(), "second", "first", "sum")
                    .addLayer("out", output(3), "merged")
                    .setOutputs("out");
            long[] shape = format == CNN2DFormat.NHWC ? new long[] {1, 6, 5, 3} : new long[] {1, 3, 6, 5};
            assertAgrees(network(graph, InputType.convolutional(6, 5, 3, format)), new int[] {6, 5}, shape);
        }
    }

    @Test
    void severalInputsAndOutputs() throws IOException {
        GraphBuilder graph = graph("a", "b")
                .addLayer("left", dense(4, true), "a")
                .addLayer("right", dense(5, true), "b")
                .addVertex("all", new MergeVertex(), "right", "left")
                .addLayer("first", output(3), "all")
                .addLayer("second", output(2), "left")
                .setOutputs("second", "first");
        assertAgrees(network(graph, FOUR, InputType.feedForward(6)), new int[0], new long[] {1, 4}, new long[] {1, 6});
    }

    @Test
    void sequences() throws IOException {
        GraphBuilder graph = graph("in")
                .addLayer("first", lstm(), "in")
                .addLayer("second", lstm(), "first")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "first", "second")
                .setOutputs("sum", "first");
        assertAgrees(network(graph, InputType.recurrent(3, 8, RNNFormat.NCW)), new int[] {8}, new long[] {1, 3, 8});
    }

    private static Layer lstm() {
        return new LSTM.Builder().nOut(5).activation(Activation.TANH).build();
    }

    @Test
    void namesTheVertexInTheWay() throws IOException {
        GraphBuilder graph = graph("in")
                .addLayer("first", dense(4, true), "in")
                .addVertex("unit", new L2NormalizeVertex(), "first")
                .addLayer("out", output(3), "unit")
                .setOutputs("out");
        byte[] file = saved(network(graph, FOUR));
        assertThatThrownBy(() -> EdgeModel.load(new ByteArrayInputStream(file)))
                .isInstanceOf(PackedFormatException.class)
                .hasMessage("this network serves Deeplearning4j alone: vertex 'unit' is a L2NormalizeVertex");
        GraphBuilder images = graph("a", "b")
                .addLayer("left", conv(2, 2), "a")
                .addLayer("right", conv(2, 2), "b")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "left", "right")
                .setOutputs("sum");
        InputType image = InputType.convolutional(4, 4, 1);
        byte[] two = saved(network(images, image, image));
        assertThatThrownBy(() -> EdgeModel.load(new ByteArrayInputStream(two)))
                .hasMessage("this network serves Deeplearning4j alone: the graph has inputs [a, b], of which 'a' is not"
                        + " known to be features");
    }
}
