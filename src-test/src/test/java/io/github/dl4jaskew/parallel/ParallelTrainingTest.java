package io.github.dl4jaskew.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.ParallelTraining;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.TrainingCounts;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.PlateauListener;
import io.github.dl4jaskew.margin.MarginListener;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import io.github.dl4jaskew.testkit.Quadrants;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.residual.ResidualClippingPostProcessor;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.ParallelWrapper.TrainingMode;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;

/** Workers that train copies of one network end on the grid. */
@Tag("training")
class ParallelTrainingTest {

    private static final int BATCHES = 96;
    private static final int EPOCHS = 4;
    /** Distance to the grid, in half cells, that eps = 1e-4 allows. */
    private static final double ALLOWED = 1 - Interval.tau(1e-4);

    private static final List<DataSet> TRAIN = Quadrants.batches(BATCHES, 1);

    private static ParallelWrapper wrapper(Model network, TrainingMode mode, int workers) {
        // Without an async prefetcher: its threads buy nothing here.
        return new ParallelWrapper.Builder<>(network)
                .workers(workers)
                .averagingFrequency(2)
                .prefetchBuffer(0)
                .trainingMode(mode)
                .thresholdAlgorithm(new FixedThresholdAlgorithm(0.01))
                .residualPostProcessor(new ResidualClippingPostProcessor(5, 5))
                .build();
    }

    @ParameterizedTest
    @CsvSource({"AVERAGING, 2, false", "AVERAGING, 4, true", "SHARED_GRADIENTS, 2, true", "SHARED_GRADIENTS, 4, false"})
    void convergesToTheGrid(TrainingMode mode, int workers, boolean graph) {
        Model network = Quadrants.network(graph);
        int iterations = BATCHES / workers;
        double share = mode == TrainingMode.SHARED_GRADIENTS ? 1.0 / workers : 1;
        Askew recipe = QuadrantRecipes.recipe(EPOCHS, iterations)
                .restoringRate(0.3 * share)
                .updater(new Adam(new CosineSchedule(ScheduleType.ITERATION, 0.3 * share, EPOCHS * iterations)))
                .build();
        QuadrantRecipes.install(recipe, network);
        ParallelWrapper wrapper = wrapper(network, mode, workers);

        ParallelTraining.run(network, EPOCHS, iterations, () -> wrapper.fit(Quadrants.iterator(TRAIN)));

        assertThat(Network.of(network).counts()).isEqualTo(new TrainingCounts(EPOCHS * iterations, EPOCHS));
        assertThat(network.params().isNaN().any()).isFalse();
        assertThat(QuadrantRecipes.state(network).maxDistance()).isLessThanOrEqualTo(ALLOWED + 1e-5);

        Model idle = Quadrants.network(graph);
        QuadrantRecipes.install(recipe, idle);
        ParallelTraining.run(idle, EPOCHS, iterations, () -> {});
        assertThat(network.params()).as("not of an engine that only projects").isNotEqualTo(idle.params());
    }

    /** Few minibatches between averages or none, workers that get fewer than others, momentum that is not averaged. */
    @ParameterizedTest
    @CsvSource({"1, 1, true", "2, 1, false", "2, 10, true", "4, 3, false", "8, 1, true", "8, 10, false"})
    void endsOnTheGridHoweverItIsAveraged(int workers, int frequency, boolean averagesUpdaters) {
        Model network = Quadrants.network(false);
        int iterations = (BATCHES + workers - 1) / workers;
        QuadrantRecipes.install(QuadrantRecipes.recipe(2, iterations).build(), network);
        ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network)
                .workers(Math.max(2, workers))
                .averagingFrequency(frequency)
                .averageUpdaters(averagesUpdaters)
                .prefetchBuffer(0)
                .trainingMode(TrainingMode.AVERAGING)
                .build();
        wrapper.setWorkers(workers);
        for (int call = 1; call <= 2; call++) {
            ParallelTraining.run(network, 1, iterations, () -> wrapper.fit(Quadrants.iterator(TRAIN)));
            assertThat(((MultiLayerNetwork) network).getIterationCount()).isEqualTo(call * iterations);
        }
        assertThat(network.params().isNaN().any()).isFalse();
        assertThat(QuadrantRecipes.state(network).maxDistance()).isLessThanOrEqualTo(ALLOWED + 1e-5);
    }

    @Test
    void oneWorkerDoesWhatFitDoes() {
        MultiLayerNetwork alone = (MultiLayerNetwork) Quadrants.network(false);
        MultiLayerNetwork wrapped = (MultiLayerNetwork) Quadrants.network(false);
        Askew recipe = QuadrantRecipes.recipe(1, BATCHES).build();
        recipe.install(alone);
        recipe.install(wrapped);
        for (DataSet batch : TRAIN) {
            alone.fit(batch);
        }
        ParallelWrapper wrapper = wrapper(wrapped, TrainingMode.AVERAGING, 2);
        wrapper.setWorkers(1);
        wrapper.fit(Quadrants.iterator(TRAIN));
        assertThat(wrapped.params().toFloatVector()).isEqualTo(alone.params().toFloatVector());
        assertThat(wrapped.getIterationCount()).isEqualTo(BATCHES);
    }

    @Test
    void annealsByEpochThoughTheWrapperCountsNone() {
        MultiLayerNetwork network = Quadrants.list(new AskewSgd(0.3));
        Askew recipe = Askew.builder()
                .grid(Grid.ternary())
                .epsilon(Annealing.hold(2).thenExponential(0.1))
                .build();
        recipe.install(network);
        ParallelWrapper wrapper = wrapper(network, TrainingMode.AVERAGING, 2);
        wrapper.fit(Quadrants.iterator(TRAIN));
        assertThat(network.getEpochCount()).isZero();
        network.setIterationCount(0);

        ParallelTraining.run(network, 4, BATCHES / 2, () -> wrapper.fit(Quadrants.iterator(TRAIN)));
        assertThat(network.getEpochCount()).isEqualTo(4);
        assertThat(network.getIterationCount()).isEqualTo(4 * BATCHES / 2);
        double eps = recipe.epsilon().valueAt(0, 3);
        assertThat(eps).isCloseTo(0.1, within(1e-9));
        assertThat(QuadrantRecipes.state(network).maxDistance()).isLessThanOrEqualTo(1 - Interval.tau(eps) + 1e-5);
    }

    @Test
    void endsOnTheLevelsUnderGridProjection() {
        MultiLayerNetwork network = Quadrants.list(new Sgd(0.05));
        Askew recipe = QuadrantRecipes.recipe(2, BATCHES / 2)
                .projection(ProjectionMode.GRID)
                .updater(new AskewSgd(0.5))
                .build();
        recipe.install(network);
        ParallelWrapper wrapper = wrapper(network, TrainingMode.AVERAGING, 2);
        ParallelTraining.run(network, 2, BATCHES / 2, () -> wrapper.fit(Quadrants.iterator(TRAIN)));
        assertThat(QuadrantRecipes.state(network).maxDistance()).isLessThan(1e-6);
    }

    /** Counts what DL4J calls, from whatever thread. */
    private static final class Count extends BaseTrainingListener {
        private final AtomicInteger iterations = new AtomicInteger();
        private final AtomicInteger epochs = new AtomicInteger();

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            iterations.incrementAndGet();
        }

        @Override
        public void onEpochEnd(Model model) {
            epochs.incrementAndGet();
        }
    }

    @RepeatedTest(3)
    void listenersAreSharedByFourThreads() {
        MultiLayerNetwork network = Quadrants.list(new Sgd(0.05));
        Askew recipe = Askew.builder()
                .epsilon(new PlateauAnnealing(0.5))
                .updater(new AskewSgd(0.3))
                .build();
        recipe.install(network);
        Count count = new Count();
        AskewListener report = new AskewListener(1);
        MarginTracker tracker = MarginTracker.builder(Quadrants.iterator(Quadrants.batches(2, 5)))
                .every(1)
                .iterations()
                .build();
        List<TrainingListener> listeners =
                List.of(count, report, new MarginListener(tracker), new PlateauListener(n -> 1));
        network.setListeners(listeners);
        ParallelWrapper wrapper = wrapper(network, TrainingMode.AVERAGING, 4);
        int epochs = 3;
        ParallelTraining.run(network, epochs, BATCHES / 4, () -> wrapper.fit(Quadrants.iterator(TRAIN)));

        assertThat(count.iterations).hasValue(epochs * BATCHES);
        assertThat(count.epochs).hasValue(epochs);
        assertThat(network.params().isNaN().any()).isFalse();
        List<Integer> measured = tracker.history().snapshots().stream()
                .map(MarginSnapshot::iteration)
                .toList();
        assertThat(measured).isSorted().doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(BATCHES / 4);
        // Two reports of the same score after the first: eps is halved twice, on the network and for the next workers.
        assertThat(report.report(network, network.getIterationCount(), epochs).epsilon())
                .isEqualTo(0.25);
    }
}
