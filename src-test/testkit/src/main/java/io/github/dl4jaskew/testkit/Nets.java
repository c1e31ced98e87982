package io.github.dl4jaskew.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Tiny networks and data for the tests; everything is seeded. */
public final class Nets {

    public static final int IN = 4;
    public static final int HIDDEN = 5;
    public static final int OUT = 3;

    private Nets() {}

    public static NeuralNetConfiguration.Builder base(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(updater)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH);
    }

    public static DenseLayer dense(String name, int in, int out) {
        return new DenseLayer.Builder().name(name).nIn(in).nOut(out).build();
    }

    public static OutputLayer output(String name, int in, int out) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .name(name)
                .nIn(in)
                .nOut(out)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** hidden (dense), norm (batch norm), output. */
    public static MultiLayerConfiguration mlpConf(IUpdater updater) {
        return base(updater)
                .list()
                .layer(dense("hidden", IN, HIDDEN))
                .layer(new BatchNormalization.Builder()
                        .name("norm")
                        .nIn(HIDDEN)
                        .nOut(HIDDEN)
                        .build())
                .layer(output("output", HIDDEN, OUT))
                .build();
    }

    public static MultiLayerNetwork mlp(IUpdater updater) {
        return init(mlpConf(updater));
    }

    public static MultiLayerNetwork init(MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    public static ComputationGraph init(ComputationGraphConfiguration configuration) {
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        return network;
    }

    /** A network of these layers, named as they are. */
    public static MultiLayerNetwork of(IUpdater updater, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = base(updater).list();
        Arrays.stream(layers).forEach(list::layer);
        return init(list.build());
    }

    /** Two dense branches, their sum and their concatenation, batch norm, and two outputs. */
    public static ComputationGraphConfiguration graphConf(IUpdater updater) {
        return base(updater)
                .graphBuilder()
                .addInputs("in")
                .addLayer("left", dense("left", IN, HIDDEN), "in")
                .addLayer("right", dense("right", IN, HIDDEN), "in")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "left", "right")
                .addVertex("merged", new MergeVertex(), "left", "right")
                .addLayer(
                        "norm",
                        new BatchNormalization.Builder()
                                .nIn(HIDDEN)
                                .nOut(HIDDEN)
                                .build(),
                        "sum")
                .addLayer("first", output("first", HIDDEN, OUT), "norm")
                .addLayer("second", output("second", 2 * HIDDEN, OUT), "merged")
                .setOutputs("first", "second")
                .build();
    }

    public static ComputationGraph graph(IUpdater updater) {
        return init(graphConf(updater));
    }

    public static INDArray normal(long seed, long... shape) {
        Random random = new Random(seed);
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Nd4j.createFromArray(values)
                .castTo(Nd4j.defaultFloatingPointType())
                .reshape(shape);
    }

    public static INDArray oneHot(long seed, int rows, int classes) {
        Random random = new Random(seed);
        INDArray labels = Nd4j.zeros(rows, classes);
        for (int i = 0; i < rows; i++) {
            labels.putScalar(i, random.nextInt(classes), 1);
        }
        return labels;
    }

    public static DataSet data(long seed, int rows) {
        return new DataSet(normal(seed, rows, IN), oneHot(seed + 1, rows, OUT));
    }

    public static DataSet data() {
        return data(7, 12);
    }

    public static MultiDataSet graphData(long seed) {
        return new MultiDataSet(
                new INDArray[] {normal(seed, 12, IN)},
                new INDArray[] {oneHot(seed + 1, 12, OUT), oneHot(seed + 2, 12, OUT)});
    }

    public static DataSetIterator iterator(int batch) {
        return new ListDataSetIterator<>(data(7, 12).asList(), batch);
    }

    public static void fit(MultiLayerNetwork network, int iterations) {
        DataSet data = data();
        for (int i = 0; i < iterations; i++) {
            network.fit(data);
        }
    }

    public static void fit(ComputationGraph network, int iterations) {
        MultiDataSet data = graphData(7);
        for (int i = 0; i < iterations; i++) {
            network.fit(data);
        }
    }

    public static void fit(Model network, int iterations) {
        if (network instanceof MultiLayerNetwork mln) {
            fit(mln, iterations);
        } else {
            fit((ComputationGraph) network, iterations);
        }
    }

    /** A learning rate that is 0 after 15 iterations: while it is not, a weight on its level makes free steps at eps = 0 too. */
    public static ISchedule resting(double rate) {
        return new MapSchedule.Builder(ScheduleType.ITERATION)
                .add(0, rate)
                .add(15, 0)
                .build();
    }

    public static FixedSchedule epsilon(double value) {
        return new FixedSchedule(value);
    }

    public static float[] params(Model network) {
        return network.params().dup().toFloatVector();
    }

    public static float[] param(Model network, String key) {
        return network.paramTable().get(key).dup().reshape(-1).toFloatVector();
    }

    public static String configuration(Model network) {
        return network instanceof MultiLayerNetwork mln
                ? mln.getLayerWiseConfigurations().toJson()
                : ((ComputationGraph) network).getConfiguration().toJson();
    }

    /** Fails with the first lines that differ, where AssertJ would show all of the JSON. */
    public static void requireSameConfiguration(Model actual, String expected) {
        List<String> left = configuration(actual).lines().toList();
        List<String> right = expected.lines().toList();
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!left.get(i).equals(right.get(i))) {
                assertThat(left.subList(i, Math.min(i + 8, left.size())))
                        .as("line %d", i)
                        .isEqualTo(right.subList(i, Math.min(i + 8, right.size())));
            }
        }
        assertThat(left).hasSameSizeAs(right);
    }

    public static boolean isConstrained(Model network) {
        return configuration(network).contains("dl4jaskew");
    }
}
