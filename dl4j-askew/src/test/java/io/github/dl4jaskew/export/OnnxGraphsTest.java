package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.conv;
import static io.github.dl4jaskew.export.EdgeNets.dense;
import static io.github.dl4jaskew.export.EdgeNets.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** ONNX Runtime gives DL4J's outputs for graphs, and what cannot be exported is named. */
class OnnxGraphsTest {

    private static GraphBuilder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Sgd(0.1))
                .graphBuilder();
    }

    private static QuantizedModel quantized(GraphBuilder builder) {
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return OnnxRun.quantized(graph, Grid.uniform(3), true);
    }

    private static Layer same(int channels) {
        return conv(channels, new int[] {3, 3}, new int[] {1, 1}, new int[2], 1, ConvolutionMode.Same, Activation.RELU);
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void residualBlocksAgree(CNN2DFormat format) throws OrtException {
        boolean first = format == CNN2DFormat.NCHW;
        GraphBuilder builder = builder()
                .addInputs("image")
                .addLayer("first", same(4), "image")
                .addLayer("norm", new BatchNormalization(), "first")
                .addLayer("second", same(4), "norm")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "second", "first")
                .addLayer("relu", new ActivationLayer(Activation.RELU), "sum");
        if (first) {
            // a copy of DL4J's MergeVertex forgets its axis and merges along the second
            builder.addLayer("side", same(3), "image").addVertex("merged", new MergeVertex(), "relu", "side");
        }
        builder.addLayer(
                        "pooled",
                        new GlobalPoolingLayer.Builder()
                                .poolingDimensions(first ? 2 : 1, first ? 3 : 2)
                                .build(),
                        first ? "merged" : "relu")
                .addLayer("out", output(5), "pooled")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(6, 5, 2, format));
        OnnxRun.assertAgrees(
                quantized(builder),
                OnnxOptions.defaults(),
                first ? OnnxRun.random(3, 2, 6, 5) : OnnxRun.random(3, 6, 5, 2));
    }

    @Test
    void verticesWithSeveralInputsAndOutputsAgree() throws OrtException {
        GraphBuilder builder = builder()
                .addInputs("a", "b")
                .addLayer("left", dense(6, true), "a")
                .addLayer("right", dense(6, false), "b")
                .addVertex("difference", new ElementWiseVertex(ElementWiseVertex.Op.Subtract), "left", "right")
                .addVertex("product", new ElementWiseVertex(ElementWiseVertex.Op.Product), "left", "right")
                .addVertex("mean", new ElementWiseVertex(ElementWiseVertex.Op.Average), "left", "right", "product")
                .addVertex("largest", new ElementWiseVertex(ElementWiseVertex.Op.Max), "left", "right")
                .addVertex("part", new SubsetVertex(1, 3), "difference")
                .addVertex("scaled", new ScaleVertex(2.5), "mean")
                .addVertex("shifted", new ShiftVertex(-0.5), "scaled")
                .addVertex("unit", new L2NormalizeVertex(), "largest")
                .addVertex("all", new MergeVertex(), "part", "shifted", "unit")
                .addVertex("image", new ReshapeVertex(-1, 1, 3, 5), "all")
                .addLayer("conv", conv(2, 2), "image")
                .addLayer("one", output(3), "all")
                .addLayer("two", output(4), "conv")
                .setOutputs("two", "one")
                .setInputTypes(InputType.feedForward(5), InputType.feedForward(3));
        OnnxRun.assertAgrees(quantized(builder), OnnxOptions.defaults(), OnnxRun.random(3, 5), OnnxRun.random(3, 3));
    }

    @Test
    void verticesOfSeriesAgree() throws OrtException {
        GraphBuilder builder = builder()
                .addInputs("series")
                .addLayer("lstm", new LSTM.Builder().nOut(4).build(), "series")
                .addVertex("reversed", new ReverseTimeSeriesVertex(null), "lstm")
                .addVertex("last", new LastTimeStepVertex("series"), "lstm")
                .addVertex("again", new DuplicateToTimeSeriesVertex("series"), "last")
                .addVertex("both", new MergeVertex(), "reversed", "again")
                .addLayer(
                        "out",
                        new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(3)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "both")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(3, 6));
        OnnxRun.assertAgrees(quantized(builder), OnnxOptions.defaults(), OnnxRun.random(2, 3, 6));
    }

    @Test
    void embeddingsTakeIndices() throws OrtException {
        MultiLayerNetwork words = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new EmbeddingLayer.Builder()
                        .nIn(11)
                        .nOut(5)
                        .hasBias(true)
                        .activation(Activation.TANH)
                        .build())
                .layer(classes(5))
                .build());
        words.init();
        OnnxRun.assertAgrees(
                OnnxRun.quantized(words, Grid.ternary(), true), OnnxOptions.defaults(), OnnxRun.indices(11, 4, 1));
        MultiLayerNetwork series = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new EmbeddingSequenceLayer.Builder()
                        .nIn(11)
                        .nOut(5)
                        .inputLength(7)
                        .build())
                .layer(new LSTM.Builder().nIn(5).nOut(4).build())
                .layer(new GlobalPoolingLayer())
                .layer(classes(4))
                .build());
        series.init();
        OnnxRun.assertAgrees(
                OnnxRun.quantized(series, Grid.uniform(4), true), OnnxOptions.defaults(), OnnxRun.indices(11, 4, 7));
    }

    private static Layer classes(int inputs) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(inputs)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    @Test
    void everythingThatCannotBeExportedIsNamedBeforeAFileIsTouched(@TempDir Path directory) throws Exception {
        GraphBuilder builder = builder()
                .addInputs("a", "b")
                .addLayer(
                        "attention",
                        new SelfAttentionLayer.Builder()
                                .nIn(4)
                                .nOut(4)
                                .nHeads(1)
                                .headSize(4)
                                .projectInput(true)
                                .build(),
                        "a")
                .addLayer("pooled", new GlobalPoolingLayer(), "attention")
                .addVertex("distance", new L2Vertex(), "pooled", "b")
                .addLayer(
                        "out",
                        new LossLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "distance")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(4, 5), InputType.feedForward(4));
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        Path file = directory.resolve("model.onnx");
        Files.writeString(file, "old");
        assertThatThrownBy(() -> QuantizedModel.of(graph, List.of()).exportOnnx(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'attention', a SelfAttentionLayer")
                .hasMessageContaining("vertex 'distance', a L2Vertex");
        assertThat(file).hasContent("old");
    }

    @Test
    void aRankThatNothingTellsIsRefused() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new LossLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        net.init();
        assertThatThrownBy(() -> OnnxRun.exported(QuantizedModel.of(net, List.of()), OnnxOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no layer tells how many axes the input 'input' has");
    }

    @Test
    void aFileHoldsTheSameBytesAsAStream(@TempDir Path directory) throws Exception {
        MultiLayerNetwork net = EdgeNets.network(InputType.feedForward(4), new FrozenLayer(dense(5, true)), output(3));
        QuantizedModel model = OnnxRun.quantized(net, Grid.binary(), false);
        model.exportOnnx(directory.resolve("a.onnx"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.exportOnnx(out, OnnxOptions.opset(25));
        assertThat(directory.resolve("a.onnx")).hasBinaryContent(out.toByteArray());
    }
}
