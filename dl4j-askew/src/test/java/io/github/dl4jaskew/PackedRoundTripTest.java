package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.packed.PackedModel;
import io.github.dl4jaskew.packed.PackedParameter;
import io.github.dl4jaskew.quantized.MemoryReport;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.testkit.LayerCase;
import io.github.dl4jaskew.testkit.Nets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What is loaded is what was saved, bit for bit, for every type of layer. */
class PackedRoundTripTest {

    private static final List<Grid> GRIDS =
            List.of(Grid.binary(), Grid.ternary(), Grid.uniform(3), Grid.powersOfTwo(3), Grid.uniform(8));

    static Stream<Arguments> everyLayer() {
        return Stream.of(LayerCase.values())
                .flatMap(layer -> Stream.of(Scale.mse(), Scale.max().perChannel())
                        .map(scale -> Arguments.of(layer, scale, GRIDS.get(layer.ordinal() % GRIDS.size()))));
    }

    @ParameterizedTest
    @MethodSource("everyLayer")
    void multiLayerNetworks(LayerCase layer, Scale scale, Grid grid) throws IOException {
        MultiLayerNetwork network = network(layer, DataType.FLOAT);
        Askew recipe = recipe(scale, grid);
        recipe.install(network);
        QuantizedModel loaded = requireSame(recipe.quantize(network));
        assertThat(loaded.output(layer.features()))
                .isEqualTo(recipe.quantize(network).output(layer.features()));
    }

    @ParameterizedTest
    @MethodSource("everyLayer")
    void graphs(LayerCase layer, Scale scale, Grid grid) throws IOException {
        ComputationGraph network = network(layer, DataType.FLOAT).toComputationGraph();
        Askew recipe = recipe(scale, grid);
        recipe.install(network);
        QuantizedModel loaded = requireSame(recipe.quantize(network));
        assertThat(loaded.output(layer.features()))
                .isEqualTo(recipe.quantize(network).output(layer.features()));
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "HALF", "BFLOAT16"})
    void otherTypes(DataType type) throws IOException {
        for (Grid grid : GRIDS) {
            MultiLayerNetwork network = network(LayerCase.DENSE_GAIN, type);
            Askew recipe = recipe(Scale.meanAbs().perChannel(), grid);
            recipe.install(network);
            QuantizedModel loaded = requireSame(recipe.quantize(network));
            assertThat(loaded.toMultiLayerNetwork().params().dataType()).isEqualTo(type);
        }
    }

    /** Wrappers, batch norm, preprocessors, schedules, dropout and constraints are parts of the configuration. */
    @Test
    void everythingElseThatAConfigurationHolds() throws IOException {
        ISchedule schedule = new MapSchedule.Builder(ScheduleType.EPOCH)
                .add(0, 0.1)
                .add(3, 0.01)
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(Nets.base(new Adam(schedule))
                .dropOut(0.8)
                .l2(1e-4)
                .constrainWeights(new MaxNormConstraint(3, 1))
                .list()
                .layer(new FrozenLayer(
                        new ConvolutionLayer.Builder(2, 2).nOut(3).build()))
                .layer(new BatchNormalization.Builder().useLogStd(false).build())
                .layer(new SubsamplingLayer.Builder(2, 2).build())
                .layer(new DenseLayer.Builder()
                        .nOut(4)
                        .activation(new ActivationLReLU(0.2))
                        .build())
                .layer(new PReLULayer.Builder().inputShape(4).nIn(4).nOut(4).build())
                .layer(new OutputLayer.Builder(new LossMCXENT(Nd4j.createFromArray(0.3f, 0.7f)))
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(5, 5, 2))
                .build());
        network.init();
        Askew recipe = recipe(Scale.mse(), Grid.ternary());
        recipe.install(network);
        QuantizedModel loaded = requireSame(recipe.quantize(network));
        INDArray images = Nets.normal(4, 6, 2, 5, 5);
        assertThat(loaded.output(images)).isEqualTo(recipe.quantize(network).output(images));
    }

    @Test
    void verticesWithParametersOfTheirOwn() throws IOException {
        ComputationGraph network = new ComputationGraph(Nets.base(new Adam(0.01))
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.recurrent(4, 3))
                .addLayer("lstm", new LSTM.Builder().nOut(4).build(), "in")
                .addVertex(
                        "attention",
                        new AttentionVertex.Builder()
                                .nInKeys(4)
                                .nInQueries(4)
                                .nInValues(4)
                                .nHeads(2)
                                .headSize(2)
                                .nOut(4)
                                .projectInput(true)
                                .build(),
                        "lstm",
                        "lstm",
                        "lstm")
                .addVertex("both", new MergeVertex(), "attention", "lstm")
                .addLayer("pool", new GlobalPoolingLayer.Builder().build(), "both")
                .addLayer("out", Nets.output("out", 8, 2), "pool")
                .setOutputs("out")
                .build());
        network.init();
        Askew recipe = recipe(Scale.mse().perChannel(), Grid.binary());
        recipe.install(network);
        QuantizedModel loaded = requireSame(recipe.quantize(network));
        INDArray sequences = Nets.normal(4, 6, 4, 3);
        assertThat(loaded.output(sequences)).isEqualTo(recipe.quantize(network).output(sequences));
    }

    private static Askew recipe(Scale scale, Grid grid) {
        return AskewNets.closing().grid(grid).scale(scale).build();
    }

    private static MultiLayerNetwork network(LayerCase layer, DataType type) {
        MultiLayerConfiguration configuration = layer.configuration(new Adam(0.01), Activation.TANH);
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        // Biases that are not all zero
        INDArray noise = Nets.normal(9, network.numParams()).muli(0.01);
        network.params().addi(noise.reshape(network.params().shape()));
        return type == DataType.FLOAT ? network : network.convertDataType(type);
    }

    private static QuantizedModel requireSame(QuantizedModel model) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        model.save(bytes);
        QuantizedModel loaded = QuantizedModel.load(new ByteArrayInputStream(bytes.toByteArray()));
        Model before = network(model);
        Model after = network(loaded);
        requireSameBits(before.params(), after.params());
        assertThat(configuration(after)).isEqualTo(configuration(before));
        assertThat(loaded.parameters()).isEqualTo(model.parameters()).isNotEmpty();
        assertThat(loaded.memoryReport())
                .as("but for warnings, which a file does not hold")
                .isEqualTo(model.withWarnings(List.of()).memoryReport());
        assertThat(model.fileBytes()).isEqualTo(bytes.size());

        ByteArrayOutputStream again = new ByteArrayOutputStream();
        loaded.save(again);
        assertThat(again.toByteArray()).isEqualTo(bytes.toByteArray());
        requireSameInPlainJava(model, bytes.toByteArray(), before.params());
        return loaded;
    }

    /** A reader without DL4J sees the same numbers, in the order of the parameter vector. */
    private static void requireSameInPlainJava(QuantizedModel model, byte[] bytes, INDArray vector) throws IOException {
        PackedModel plain = PackedModel.read(new ByteArrayInputStream(bytes));
        List<MemoryReport.Row> rows = model.memoryReport().rows();
        double[] expected = vector.castTo(DataType.DOUBLE).toDoubleVector();
        int next = 0;
        for (int i = 0; i < rows.size(); i++) {
            PackedParameter p = plain.parameters().get(i);
            assertThat(p.info().dataBytes()).isEqualTo(rows.get(i).packedBytes());
            assertThat(p.info().layer()).isEqualTo(rows.get(i).layer());
            assertThat(p.info().size()).isEqualTo(rows.get(i).parameters());
            double[] numbers = new double[(int) p.info().size()];
            p.get(0, numbers, 0, numbers.length);
            assertThat(numbers).isEqualTo(Arrays.copyOfRange(expected, next, next + numbers.length));
            next += numbers.length;
        }
        assertThat(next).isEqualTo(expected.length);
    }

    private static void requireSameBits(INDArray before, INDArray after) {
        assertThat(after.dataType()).isEqualTo(before.dataType());
        assertThat(after.shape()).isEqualTo(before.shape());
        assertThat(bytes(after)).isEqualTo(bytes(before));
    }

    private static ByteBuffer bytes(INDArray array) {
        return array.dup().data().asNio();
    }

    private static Model network(QuantizedModel model) {
        try {
            return model.toMultiLayerNetwork();
        } catch (IllegalStateException e) {
            return model.toComputationGraph();
        }
    }

    private static String configuration(Model network) {
        return network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getLayerWiseConfigurations().toJson()
                : ((ComputationGraph) network).getConfiguration().toJson();
    }
}
