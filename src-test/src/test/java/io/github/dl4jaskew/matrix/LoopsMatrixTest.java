package io.github.dl4jaskew.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.deeplearning4j.optimize.listeners.TimeIterationListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** DL4J's ways to train an epoch: all of them lead to the same weights, and to the grid. */
@Tag("training")
class LoopsMatrixTest {

    private static final Setting SETTING = Setting.named("nothing");

    /** Trains an epoch. */
    interface Loop {
        void epoch(Model network, List<DataSet> batches);
    }

    private record Named(String name, Loop loop) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> loops() {
        return Stream.of(
                list("fit(DataSet)", (n, batches) -> batches.forEach(n::fit)),
                list(
                        "fit(INDArray, INDArray)",
                        (n, batches) -> batches.forEach(b -> n.fit(b.getFeatures(), b.getLabels()))),
                list("fit(DataSetIterator)", (n, batches) -> n.fit(iterator(batches))),
                list("fit(DataSetIterator, 1)", (n, batches) -> n.fit(iterator(batches), 1)),
                list(
                        "fit(MultiDataSetIterator)",
                        (n, batches) -> n.fit(new MultiDataSetIteratorAdapter(iterator(batches)))),
                list(
                        "a call for each minibatch",
                        (n, batches) -> batches.forEach(b -> n.fit(new SingletonDataSetIterator(b)))),
                graph("fit(DataSet)", (n, batches) -> batches.forEach(n::fit)),
                graph("fit(MultiDataSet)", (n, batches) -> batches.forEach(b -> n.fit(b.toMultiDataSet()))),
                graph(
                        "fit(INDArray[], INDArray[])",
                        (n, batches) -> batches.forEach(
                                b -> n.fit(new INDArray[] {b.getFeatures()}, new INDArray[] {b.getLabels()}))),
                graph("fit(DataSetIterator)", (n, batches) -> n.fit(iterator(batches))),
                graph("fit(DataSetIterator, 1)", (n, batches) -> n.fit(iterator(batches), 1)),
                graph(
                        "fit(MultiDataSetIterator)",
                        (n, batches) -> n.fit(new MultiDataSetIteratorAdapter(iterator(batches)))));
    }

    private interface OfType<T> {
        void epoch(T network, List<DataSet> batches);
    }

    private static Arguments list(String name, OfType<MultiLayerNetwork> loop) {
        return Arguments.of(Kind.LIST, new Named(name, (n, b) -> loop.epoch((MultiLayerNetwork) n, b)));
    }

    private static Arguments graph(String name, OfType<ComputationGraph> loop) {
        return Arguments.of(Kind.GRAPH, new Named(name, (n, b) -> loop.epoch((ComputationGraph) n, b)));
    }

    /** With a thread that reads ahead. */
    private static DataSetIterator iterator(List<DataSet> batches) {
        return new ListDataSetIterator<>(DataSet.merge(batches).asList(), SETTING.batch());
    }

    private static List<DataSet> batches() {
        List<DataSet> batches = new ArrayList<>();
        Clusters.batches(SETTING.batch(), DataType.FLOAT).forEachRemaining(batches::add);
        return batches;
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("loops")
    void leadsToTheSameWeights(Kind kind, Named named) {
        Trial trial = new Trial(SETTING, kind, true);
        Model expected = trial.network();
        trial.half(expected);
        trial.half(expected);

        Model network = trial.network();
        List<DataSet> batches = batches();
        for (int epoch = 0; epoch < SETTING.epochs(); epoch++) {
            named.loop().epoch(network, batches);
        }
        assertThat(network.params().toFloatVector()).isEqualTo(expected.params().toFloatVector());
        AskewReport report = new AskewListener().report(network, SETTING.iterations() - 1, 0);
        assertThat(report.total().maxDistance()).isLessThan(1 - report.tau() + SETTING.freeStep());
    }

    /** Evaluation in the middle of training, and DL4J's listeners beside ours, change nothing. */
    @ParameterizedTest
    @EnumSource
    void isNotDisturbedByListenersAndEvaluation(Kind kind) {
        Trial trial = new Trial(SETTING, kind, true);
        Model expected = trial.network();
        trial.half(expected);

        Model network = trial.network();
        AskewListener ours = new AskewListener(1);
        CollectScoresListener scores = new CollectScoresListener(1);
        EvaluativeListener evaluations =
                new EvaluativeListener(Clusters.batches(7, DataType.FLOAT), 2, InvocationType.ITERATION_END);
        kind.listen(
                network,
                new ScoreIterationListener(5),
                ours,
                scores,
                evaluations,
                new EvaluativeListener(Clusters.batches(7, DataType.FLOAT), 1, InvocationType.EPOCH_END),
                new TimeIterationListener(SETTING.iterations()));
        trial.half(network);
        assertThat(network.params().toFloatVector()).isEqualTo(expected.params().toFloatVector());
        assertThat(scores.getListScore().size()).isEqualTo(SETTING.iterations() / 2);
        assertThat(Objects.requireNonNull(ours.lastReport()).iteration()).isEqualTo(SETTING.iterations() / 2 - 1);
        assertThat(evaluations.getEvaluations()).isNotEmpty();
    }
}
