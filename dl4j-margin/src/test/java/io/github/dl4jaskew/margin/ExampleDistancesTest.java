package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.metrics.ExampleDistance;
import io.github.dl4jaskew.testkit.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ExampleDistancesTest {

    private static final DataType TYPE = DataType.DOUBLE;

    @TempDir
    private Path directory;

    /** The boundary between the classes y and j of linear logits is a plane, {@code (w_y - w_j) x / ||w_y - w_j||} away. */
    @Test
    void ofLinearLogitsTheyAreThoseToPlanes() {
        MultiLayerNetwork net = MarginNets.network(MarginNets.base(TYPE), MarginNets.softmax(4, 3));
        INDArray w = net.getParam("0_W");
        w.assign(MarginNets.normal(TYPE, 5, 4, 3));
        DataSet data = MarginNets.data(TYPE, 9);
        MarginTracker tracker =
                MarginTracker.builder(MarginNets.iterator(data, 4)).robustness().build();

        List<ExampleDistance> all = tracker.distances(net);

        assertThat(all).extracting(ExampleDistance::example).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        for (ExampleDistance d : all) {
            INDArray x = data.getFeatures().getRow(d.example());
            assertThat(data.getLabels().getDouble(d.example(), d.label())).isEqualTo(1);
            double smallest = Double.POSITIVE_INFINITY;
            for (int j = 0; j < 3; j++) {
                if (j != d.label()) {
                    INDArray normal = w.getColumn(d.label()).sub(w.getColumn(j));
                    double norm = normal.norm2Number().doubleValue();
                    double margin = Nd4j.getBlasWrapper().dot(normal.dup(), x.dup());
                    if (j == d.other()) {
                        assertThat(d.margin()).isCloseTo(margin, within(1e-12));
                        assertThat(d.gradientNorm()).isCloseTo(norm, within(1e-12));
                    }
                    smallest = Math.min(smallest, margin / norm);
                }
            }
            assertThat(d.distance()).isCloseTo(smallest, within(1e-12));
        }
        MarginSnapshot s = tracker.measure(net, 1, 0);
        double[] distances =
                all.stream().mapToDouble(ExampleDistance::distance).sorted().toArray();
        assertThat(s.robustness().orElseThrow().smallestDistance()).hasValue(distances[0]);
        assertThat(s.robustness().orElseThrow().medianDistance()).hasValue(distances[4]);
        assertThat(all.get(s.robustness().orElseThrow().nearestExample().orElseThrow())
                        .distance())
                .isEqualTo(distances[0]);
    }

    /** Two layers of ReLU, the gradient by central differences of the logits. */
    @Test
    void throughReluTheyAreThoseOfFiniteDifferences() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(TYPE), MarginNets.dense(4, 8, Activation.RELU), MarginNets.softmax(8, 3));
        DataSet data = MarginNets.data(TYPE, 7);
        Logits logits = Logits.of(net);

        List<ExampleDistance> all =
                MarginTracker.builder(MarginNets.iterator(data, 3)).build().distances(net);

        assertThat(all).hasSize(7);
        for (ExampleDistance d : all) {
            INDArray label = data.getLabels().getRow(d.example(), true);
            requireNearest(d, data.getFeatures().getRow(d.example(), true), x -> logits.of(new DataSet(x, label))[0]);
        }
    }

    /** The distance is the smallest over the other classes, with the gradient by central differences at x. */
    private static void requireNearest(ExampleDistance d, INDArray x, Function<INDArray, double[]> logits) {
        double h = 1e-6;
        double[] here = logits.apply(x);
        double[] squares = new double[here.length];
        for (int k = 0; k < x.length(); k++) {
            double[] above = logits.apply(shifted(x, k, h));
            double[] below = logits.apply(shifted(x, k, -h));
            for (int j = 0; j < here.length; j++) {
                squares[j] += Math.pow((above[d.label()] - above[j] - below[d.label()] + below[j]) / (2 * h), 2);
            }
        }
        int nearest = IntStream.range(0, here.length)
                .filter(j -> j != d.label())
                .boxed()
                .min(Comparator.comparingDouble(j -> (here[d.label()] - here[j]) / Math.sqrt(squares[j])))
                .orElseThrow();
        double distance = (here[d.label()] - here[nearest]) / Math.sqrt(squares[nearest]);
        assertThat(d.other()).isEqualTo(nearest);
        assertThat(d.gradientNorm()).isCloseTo(Math.sqrt(squares[nearest]), within(1e-7));
        assertThat(d.distance()).isCloseTo(distance, within(1e-7 * Math.max(1, Math.abs(distance))));
    }

    private static INDArray shifted(INDArray x, int k, double by) {
        INDArray shifted = x.dup();
        shifted.putScalar(k, x.getDouble(k) + by);
        return shifted;
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkspaceMode.class,
            names = {"ENABLED", "NONE"})
    void ofAGraphTheyAreThoseOfTheSameLayersInAList(WorkspaceMode mode) {
        MultiLayerNetwork list = MarginNets.network(
                MarginNets.base(TYPE), MarginNets.dense(4, 8, Activation.RELU), MarginNets.softmax(8, 3));
        ComputationGraph graph = graph(
                mode,
                b -> b.addInputs("in")
                        .addLayer("hidden", MarginNets.dense(4, 8, Activation.RELU), "in")
                        .addLayer("classes", MarginNets.softmax(8, 3), "hidden")
                        .setOutputs("classes"));
        graph.params().assign(list.params());
        DataSet data = MarginNets.data(TYPE, 7);
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(data, 3))
                .test(MarginNets.iterator(data, 7))
                .robustness()
                .gradients()
                .build();

        List<ExampleDistance> all = tracker.distances(graph);

        List<ExampleDistance> expected =
                MarginTracker.builder(MarginNets.iterator(data, 3)).build().distances(list);
        List<ExampleDistance> test = tracker.testDistances(graph);
        assertThat(all).hasSize(7);
        for (int i = 0; i < 7; i++) {
            assertThat(all.get(i).other()).isEqualTo(expected.get(i).other());
            assertThat(all.get(i).distance()).isCloseTo(expected.get(i).distance(), within(1e-12));
            assertThat(test.get(i).distance()).isCloseTo(expected.get(i).distance(), within(1e-12));
        }
        // margins and gradients still come out, with and without the workspaces that were off
        MarginSnapshot s = tracker.measure(graph, 1, 0);
        assertThat(s.robustness().orElseThrow().smallestDistance())
                .hasValue(all.stream()
                        .mapToDouble(ExampleDistance::distance)
                        .min()
                        .getAsDouble());
        assertThat(s.gradient().orElseThrow().eulerResidual().orElseThrow()).isLessThan(1e-12);
        assertThat(graph.getConfiguration().getTrainingWorkspaceMode()).isEqualTo(mode);
    }

    /** Two inputs, one of which goes two ways, and a second output that has no part in it. */
    @Test
    void ofAGraphOfTwoInputsTheNormIsOverBoth() {
        ComputationGraph graph = graph(
                WorkspaceMode.ENABLED,
                b -> b.addInputs("a", "b")
                        .addLayer("left", MarginNets.dense(4, 6, Activation.RELU), "a")
                        .addLayer("right", MarginNets.dense(2, 5, Activation.TANH), "b")
                        .addVertex("both", new MergeVertex(), "left", "right", "b")
                        .addLayer("classes", MarginNets.softmax(13, 3), "both")
                        .addLayer("other", MarginNets.sigmoid(6, 1), "left")
                        .setOutputs("classes", "other"));
        INDArray a = MarginNets.normal(TYPE, 7, 5, 4);
        INDArray b = MarginNets.normal(TYPE, 9, 5, 2);
        INDArray labels = MarginNets.oneHot(TYPE, 8, 5, 3);
        INDArray ones = Nd4j.ones(TYPE, 5, 1);
        Logits logits = Logits.of(graph, "classes");

        List<ExampleDistance> all = MarginTracker.builder(new SingletonMultiDataSetIterator(
                        new MultiDataSet(new INDArray[] {a, b}, new INDArray[] {labels, ones})))
                .output("classes")
                .build()
                .distances(graph);

        assertThat(all).hasSize(5);
        for (ExampleDistance d : all) {
            INDArray x = Nd4j.concat(1, a.getRow(d.example(), true), b.getRow(d.example(), true));
            INDArray[] label = {labels.getRow(d.example(), true), ones.getRow(d.example(), true)};
            requireNearest(
                    d, x, v -> logits.of(new MultiDataSet(new INDArray[] {part(v, 0, 4), part(v, 4, 6)}, label))[0]);
        }
    }

    private static INDArray part(INDArray row, int from, int to) {
        return row.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to)).dup();
    }

    @Test
    void whereAGraphHasNoGradientByItsFeaturesThereIsAReason() {
        ComputationGraph embedded = graph(
                WorkspaceMode.ENABLED,
                b -> b.addInputs("words")
                        .addLayer(
                                "vectors",
                                new EmbeddingLayer.Builder().nIn(7).nOut(5).build(),
                                "words")
                        .addLayer("classes", MarginNets.softmax(5, 3), "vectors")
                        .setOutputs("classes"));
        DataSet words =
                new DataSet(Nd4j.createFromArray(new double[][] {{1}, {3}, {6}}), MarginNets.oneHot(TYPE, 8, 3, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MarginTracker.builder(MarginNets.iterator(words, 3))
                        .build()
                        .distances(embedded))
                .withMessage(
                        "distance to the decision boundary: an input of [words] has no gradient by its features, as"
                                + " before an EmbeddingLayer");

        ComputationGraph frozen = graph(
                WorkspaceMode.ENABLED,
                b -> b.addInputs("in")
                        .addLayer("fixed", new FrozenLayer(MarginNets.dense(4, 8, Activation.RELU)), "in")
                        .addLayer("free", MarginNets.dense(4, 8, Activation.RELU), "in")
                        .addVertex("both", new MergeVertex(), "fixed", "free")
                        .addLayer("classes", MarginNets.softmax(16, 3), "both")
                        .setOutputs("classes"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MarginTracker.builder(MarginNets.iterator(MarginNets.data(TYPE, 6), 3))
                        .build()
                        .distances(frozen))
                .withMessage("distance to the decision boundary: layer \"fixed\" is a FrozenLayer, through which DL4J"
                        + " passes no gradient; use FrozenLayerWithBackprop");
    }

    @Test
    void maskedExamplesAndThoseWithoutAGradientAreLeftOut() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(TYPE), MarginNets.dense(1, 1, Activation.RELU), MarginNets.sigmoid(1, 1));
        net.params().assign(Nd4j.createFromArray(2.0, 3.0));
        // s = 6 relu(x): behind the kink the gradient is 0
        INDArray x = Nd4j.createFromArray(new double[][] {{1}, {-1}, {2}, {3}});
        INDArray y = Nd4j.createFromArray(new double[][] {{1}, {1}, {1}, {0}});
        DataSet data = new DataSet(x, y, null, Nd4j.createFromArray(new double[][] {{1}, {1}, {0}, {1}}));

        List<ExampleDistance> all = MarginTracker.builder(new ExistingDataSetIterator(List.of(data)))
                .inMemory()
                .build()
                .distances(net);

        assertThat(all)
                .containsExactly(new ExampleDistance(0, 1, 0, 6, 6, 1), new ExampleDistance(3, 0, 1, -18, 6, -3));
    }

    /** Logits of 1e-30 in float, whose squared gradients are below float: the distances are those at any scale. */
    @Test
    void smallWeightsChangeNoDistance() {
        MultiLayerNetwork net = MarginNets.mlp(DataType.FLOAT);
        DataSet data = MarginNets.data(DataType.FLOAT, 6);
        MarginTracker tracker =
                MarginTracker.builder(MarginNets.iterator(data, 3)).build();
        double[] before = tracker.distances(net).stream()
                .mapToDouble(ExampleDistance::distance)
                .toArray();
        net.params().muli(Math.scalb(1.0, -50));
        double[] after = tracker.distances(net).stream()
                .mapToDouble(ExampleDistance::distance)
                .toArray();
        assertThat(after).containsExactly(before, within(1e-5));
    }

    @Test
    void aFileHasARowForEach() throws IOException {
        List<ExampleDistance> all =
                List.of(new ExampleDistance(0, 1, 0, 6, 6, 1), new ExampleDistance(3, 0, 1, -18, 6, -3));
        Path path = directory.resolve("new/distances.csv");
        MarginFile.writeDistances(path, all);
        assertThat(Files.readAllLines(path))
                .containsExactly(
                        "example,label,other,margin,gradientNorm,distance",
                        "0,1,0,6.0,6.0,1.0",
                        "3,0,1,-18.0,6.0,-3.0");
    }

    @Test
    void refusesWhatHasNone() {
        MultiLayerNetwork two = MarginNets.network(MarginNets.base(TYPE), MarginNets.sigmoid(4, 2));
        DataSet data = new DataSet(MarginNets.normal(TYPE, 7, 3, 4), Nd4j.ones(TYPE, 3, 2));
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(data, 3))
                .independentOutputs()
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tracker.distances(two))
                .withMessage("distance to the decision boundary: an example has several independent outputs");
        assertThatThrownBy(() -> tracker.testDistances(two)).hasMessageContaining("test(...)");
    }

    @Test
    void manyClassesAreWarnedOfOnce() {
        try (CapturedLog log = CapturedLog.warningsOf("io.github.dl4jaskew.margin.internal.measure.MeasuredNetwork")) {
            warnsOf(20);
            assertThat(log.lines()).isEmpty();
            warnsOf(21);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("distances to the decision boundary take 20 passes over the data")
                    .contains("21 classes");
        }
    }

    private static void warnsOf(int classes) {
        MultiLayerNetwork net = MarginNets.network(MarginNets.base(TYPE), MarginNets.softmax(4, classes));
        DataSet data = new DataSet(MarginNets.normal(TYPE, 7, 3, 4), MarginNets.oneHot(TYPE, 8, 3, classes));
        MarginTracker tracker =
                MarginTracker.builder(MarginNets.iterator(data, 3)).robustness().build();
        tracker.measure(net, 1, 0);
        tracker.measure(net, 2, 0);
        tracker.distances(net);
    }

    private static ComputationGraph graph(WorkspaceMode mode, UnaryOperator<GraphBuilder> layers) {
        ComputationGraph graph = new ComputationGraph(layers.apply(MarginNets.base(TYPE)
                        .trainingWorkspaceMode(mode)
                        .inferenceWorkspaceMode(mode)
                        .graphBuilder())
                .build());
        graph.init();
        return graph;
    }
}
