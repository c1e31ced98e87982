package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import io.github.dl4jaskew.testkit.Paired;
import io.github.dl4jaskew.testkit.Sequences;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Recurrent layers, truncated backpropagation through time and masks, in lists and graphs. */
class RecurrentTest {

    private static final int STEPS = 7;
    private static final int SEGMENT = 3;
    /** Segments of 3, 3 and 1 steps. */
    private static final int SEGMENTS = 3;

    private static final int FITS = 20;

    @TempDir
    private Path directory;

    /**
     * One network.
     *
     * @param kind of the recurrent layer
     * @param graph whether it is a graph
     * @param segment length of a segment, or 0 for whole sequences
     * @param mask whether sequences have unequal lengths
     */
    record Setting(Sequences.Kind kind, boolean graph, int segment, boolean mask) {

        Model network() {
            return graph
                    ? Sequences.graph(kind, new Adam(0.02), segment)
                    : Sequences.list(kind, new Adam(0.02), segment);
        }

        DataSet data() {
            return mask ? Sequences.masked(1, 8, STEPS, 9) : Sequences.sums(1, 8, STEPS);
        }
    }

    static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        for (Sequences.Kind kind : Sequences.Kind.values()) {
            boolean graph = kind.ordinal() % 2 == 0;
            settings.add(new Setting(kind, graph, 0, true));
            if (!kind.isBidirectional()) {
                // DL4J refuses truncated backpropagation through bidirectional layers.
                settings.add(new Setting(kind, !graph, SEGMENT, true));
            }
        }
        return settings;
    }

    private static Askew.Builder recipe(int iterations) {
        return Askew.builder()
                .grid(Grid.ternary())
                .scale(Scale.mse().perChannel())
                .epsilon(Annealing.hold(iterations / 2.0)
                        .thenLinear(iterations / 3.0)
                        .byIteration())
                .updater(new Adam(rate(iterations)))
                .learningRateUnit(LearningRateUnit.CELL)
                .restoringRate(1)
                .maxStep(1);
    }

    private static CosineSchedule rate(int iterations) {
        return new CosineSchedule(ScheduleType.ITERATION, 0.1, iterations);
    }

    private static void install(Askew askew, Model network) {
        if (network instanceof ComputationGraph graph) {
            askew.install(graph);
        } else {
            askew.install((MultiLayerNetwork) network);
        }
    }

    private static void fit(Model network, DataSet data, int times) {
        for (int i = 0; i < times; i++) {
            if (network instanceof ComputationGraph graph) {
                graph.fit(data);
            } else {
                ((MultiLayerNetwork) network).fit(data);
            }
        }
    }

    private static QuantizedModel quantize(Askew askew, Model network) {
        return network instanceof ComputationGraph graph
                ? askew.quantize(graph)
                : askew.quantize((MultiLayerNetwork) network);
    }

    @Tag("training")
    @ParameterizedTest
    @MethodSource("settings")
    void trainsOntoTheLevelsAndIsSaved(Setting setting) throws IOException {
        Model network = setting.network();
        int iterations = FITS * (setting.segment() > 0 ? SEGMENTS : 1);
        Askew askew = recipe(iterations).build();
        install(askew, network);
        fit(network, setting.data(), FITS);
        AskewReport report = new AskewListener().report(network, iterations, 0);
        assertThat(report.epsilon()).isZero();
        DistanceBound.requireNear(report, DistanceBound.ofAdam(askew.epsilon(), 1, 1, rate(iterations), iterations));
        assertThat(report.parameters())
                .extracting(AskewReport.Row::parameter)
                .containsExactly(
                        setting.kind().isBidirectional()
                                ? new String[] {"fW", "fRW", "bW", "bRW", "W"}
                                : new String[] {"W", "RW", "W"});

        QuantizedModel model = quantize(askew, network);
        Path file = directory.resolve("model.askew");
        model.save(file);
        INDArray features = setting.data().getFeatures();
        assertThat(QuantizedModel.load(file).output(features)).isEqualTo(model.output(features));
        for (QuantizedParameter p : model.parameters()) {
            assertThat(p.size()).isEqualTo(p.shape().stream().reduce(1L, (a, b) -> a * b));
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void goesOnAfterRestore(Setting setting) throws IOException {
        Model network = setting.network();
        install(recipe(12).build(), network);
        fit(network, setting.data(), 3);
        Path file = directory.resolve("network.zip");
        ModelSerializer.writeModel(network, file.toFile(), true);
        Model restored = setting.graph()
                ? ModelSerializer.restoreComputationGraph(file.toFile(), true)
                : ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
        fit(network, setting.data(), 4);
        fit(restored, setting.data(), 4);
        assertThat(restored.params()).isEqualTo(network.params());
    }

    /** Notes each question for eps and the iteration that it is for. */
    static final class Spy implements Regularization {
        private static final long serialVersionUID = 1L;
        private final List<Integer> iterations = new ArrayList<>();
        private final ApplyStep step;

        Spy(ApplyStep step) {
            this.step = step;
        }

        @Override
        public ApplyStep applyStep() {
            return step;
        }

        @Override
        public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
            iterations.add(iteration);
        }

        @Override
        public double score(INDArray param, int iteration, int epoch) {
            return 0;
        }

        @Override
        @SuppressWarnings("MethodDoesntCallSuperMethod")
        public Spy clone() {
            return this;
        }
    }

    static Stream<Boolean> graphs() {
        return Stream.of(false, true);
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void everySegmentIsAnIterationAndIsConstrainedOnce(boolean isGraph) {
        Model network = new Setting(Sequences.Kind.LSTM, isGraph, SEGMENT, false).network();
        install(recipe(12).build(), network);
        BaseLayer layer =
                (BaseLayer) Network.of(network).sites().get(0).parts().get(0).conf();
        Spy spy = new Spy(Regularization.ApplyStep.POST_UPDATER);
        List<Regularization> list = new ArrayList<>(layer.getRegularization());
        list.add(spy);
        layer.setRegularization(list);
        List<Integer> seen = new ArrayList<>();
        List<Double> epsilons = new ArrayList<>();
        network.setListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                seen.add(iteration);
                epsilons.add(new AskewListener().report(model, iteration, epoch).epsilon());
            }
        });
        fit(network, Sequences.sums(1, 8, STEPS), 4);
        assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        // W and RW, once each
        assertThat(spy.iterations)
                .containsExactlyElementsOf(
                        seen.stream().flatMap(i -> Stream.of(i, i)).toList());
        ISchedule annealing = recipe(12).build().epsilon();
        assertThat(epsilons)
                .containsExactlyElementsOf(
                        seen.stream().map(i -> annealing.valueAt(i, 0)).toList());
        assertThat(epsilons.get(11)).isZero();
        assertThat(seen).hasSize(4 * SEGMENTS);
    }

    @Test
    void iterationSchedulesCloseBySegments() {
        MultiLayerNetwork segments = Sequences.list(Sequences.Kind.LSTM, new Adam(0.02), SEGMENT);
        MultiLayerNetwork whole = Sequences.list(Sequences.Kind.LSTM, new Adam(0.02), 0);
        Askew askew = recipe(4 * SEGMENTS).build();
        askew.install(segments);
        askew.install(whole);
        fit(segments, Sequences.sums(1, 8, STEPS), 4);
        fit(whole, Sequences.sums(1, 8, STEPS), 4);
        assertThat(segments.getIterationCount()).isEqualTo(4 * SEGMENTS);
        assertThat(whole.getIterationCount()).isEqualTo(4);
        assertThat(askew.epsilon().valueAt(segments.getIterationCount(), 0)).isZero();
        assertThat(askew.epsilon().valueAt(whole.getIterationCount(), 0)).isEqualTo(1);
    }

    /** DL4J's bidirectional LSTMs let what is masked through, with and without constraint. */
    @ParameterizedTest
    @EnumSource(names = {"LSTM", "GRAVES_LSTM", "SIMPLE_RNN", "BIDIRECTIONAL_SIMPLE"})
    void whatStandsBehindTheMaskDoesNotMatter(Sequences.Kind kind) {
        MultiLayerNetwork one = Sequences.list(kind, new Sgd(0.5), 0);
        MultiLayerNetwork other = Sequences.list(kind, new Sgd(0.5), 0);
        Askew askew = recipe(6).build();
        askew.install(one);
        askew.install(other);
        fit(one, Sequences.masked(1, 8, STEPS, 0), 6);
        fit(other, Sequences.masked(1, 8, STEPS, 100), 6);
        assertThat(other.params()).isEqualTo(one.params());
    }

    @ParameterizedTest
    @EnumSource(names = {"LSTM", "GRAVES_LSTM"})
    void everyUnitOfEveryGateHasItsOwnScale(Sequences.Kind kind) {
        MultiLayerNetwork network = Sequences.list(kind, new Adam(0.02), 0);
        int units = Sequences.HIDDEN;
        INDArray w = network.getLayer(0).getParam("W");
        // Gate g of unit u reads column g * units + u.
        for (int column = 0; column < 4 * units; column++) {
            w.getColumn(column).assign(1 + column);
        }
        AskewPlan plan = recipe(6).scale(Scale.max().perChannel()).build().install(network);
        ScaledGrid grid = plan.constrained().get(0).grid();
        assertThat(grid.channels()).isEqualTo(new Channels(4 * units, Sequences.IN));
        assertThat(grid.scales())
                .isEqualTo(IntStream.rangeClosed(1, 4 * units).asDoubleStream().toArray());
        ScaledGrid recurrent = plan.constrained().get(1).grid();
        // The peephole weights of a GravesLSTM are three more columns of RW.
        assertThat(recurrent.channels().count()).isEqualTo(4 * units + (kind == Sequences.Kind.GRAVES_LSTM ? 3 : 0));
        assertThat(recurrent.scales()).isNotEqualTo(grid.scales());
    }

    @Tag("training")
    @Test
    void aTernaryNetworkBeatsTheRoundedFloatOne() {
        Paired.requireMedianGain("AskewSGD and rounding", Paired.seeds(RecurrentTest::ternaryAndRounded));
    }

    private static Paired ternaryAndRounded(int seed) {
        DataSet train = Sequences.sums(seed, 64, 12);
        DataSet test = Sequences.sums(100 + seed, 200, 12);
        MultiLayerNetwork network = Sequences.list(Sequences.Kind.LSTM, new Adam(0.03), 4);
        network.setParams(network.params().mul(1 + 0.1 * seed));
        fit(network, train, 60);
        MultiLayerNetwork start = network.clone();
        Askew rounding = Askew.builder()
                .grid(Grid.ternary())
                .scale(Scale.mse().perChannel())
                .epsilon(Annealing.hold(1).thenLinear(1))
                .build();
        rounding.install(network);

        Askew askew = Askew.fromTrained(60, 3).grid(Grid.ternary()).build();
        askew.install(start);
        fit(start, train, 60);
        return new Paired(accuracy(askew.quantize(start), test), accuracy(rounding.quantize(network), test));
    }

    private static double accuracy(QuantizedModel model, DataSet test) {
        INDArray right = model.output(test.getFeatures())
                .argMax(1)
                .eq(test.getLabels().argMax(1))
                .castTo(test.getFeatures().dataType());
        return right.meanNumber().doubleValue();
    }
}
