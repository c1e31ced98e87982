package io.github.dl4jaskew.ui;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.listener.AskewSnapshot;
import io.github.dl4jaskew.pages.record.RecordMetaData;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import io.github.dl4jaskew.storage.AskewRecord;
import io.github.dl4jaskew.storage.AskewRun;
import io.github.dl4jaskew.storage.AskewStorage;
import io.github.dl4jaskew.storage.WeightsRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.schedule.ScheduleType;

/** A network whose weights go to levels while a listener posts what it sees. */
final class QuantizedTraining {

    private static final int EXAMPLES = 150;

    private final MultiLayerNetwork network;
    private final DataSet data = overlappingClasses();
    private final List<AskewSnapshot> snapshots = new ArrayList<>();

    /** Trains up to so many iterations, with eps 1 in the first third of them. */
    QuantizedTraining(StatsStorageRouter router, String session, Grid grid, int iterations, int every) {
        this(router, session, grid, iterations, every, "hidden");
    }

    QuantizedTraining(
            StatsStorageRouter router, String session, Grid grid, int iterations, int every, String firstLayer) {
        network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.005))
                .list()
                .layer(dense(firstLayer, 2))
                .layer(dense("second", 64))
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .name("output")
                        .nIn(64)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        Askew.builder()
                .grid(grid)
                .scale(Scale.mse().perChannel())
                .epsilon(Annealing.hold(iterations / 3.0)
                        .thenExponential(1e-4, iterations / 1.5)
                        .byIteration())
                .updater(new Adam(new CosineSchedule(ScheduleType.ITERATION, 0.3, iterations)))
                .learningRateUnit(LearningRateUnit.CELL)
                .restoringRate(0.5)
                .layers(Layers.all().except("output"))
                .build()
                .install(network);
        network.setListeners(
                new AskewListener(every).scoring(data).to(snapshots::add).to(new AskewStorage(router, session)));
    }

    /** Three clusters that no network separates, so that weights move up to the end. */
    private static DataSet overlappingClasses() {
        Random random = new Random(5);
        double[][] features = new double[EXAMPLES][2];
        double[][] labels = new double[EXAMPLES][3];
        for (int i = 0; i < EXAMPLES; i++) {
            double angle = 2 * Math.PI * (i % 3) / 3;
            features[i][0] = Math.cos(angle) + 0.7 * random.nextGaussian();
            features[i][1] = Math.sin(angle) + 0.7 * random.nextGaussian();
            labels[i][i % 3] = 1;
        }
        return new DataSet(
                Nd4j.createFromArray(features).castTo(DataType.FLOAT),
                Nd4j.createFromArray(labels).castTo(DataType.FLOAT));
    }

    private static DenseLayer dense(String name, int inputs) {
        return new DenseLayer.Builder()
                .name(name)
                .nIn(inputs)
                .nOut(64)
                .activation(Activation.TANH)
                .build();
    }

    QuantizedTraining train(int iterations) {
        for (int i = 0; i < iterations; i++) {
            network.fit(data);
        }
        return this;
    }

    /** Posts the same snapshot at the iterations from..to, the end excluded. */
    static void post(StatsStorageRouter router, String session, AskewSnapshot like, int from, int to) {
        long begin = 1_700_000_000_000L;
        router.putStorageMetaData(
                new RecordMetaData(session, "0", begin, AskewRecord.TYPE, AskewRun.class, AskewRecord.class));
        router.putStorageMetaData(
                new RecordMetaData(session, "0", begin, WeightsRecord.TYPE, WeightsRecord.class, WeightsRecord.class));
        router.putStaticInfo(new AskewRun(session, "0", begin, like.plan()));
        AskewReport r = like.report();
        for (int i = from; i < to; i++) {
            double epsilon = Math.exp(-1e-4 * i);
            AskewReport report = new AskewReport(i, 0, epsilon, Interval.tau(epsilon), r.total(), r.parameters());
            AskewSnapshot snapshot =
                    new AskewSnapshot(0, like.plan(), report, like.score(), like.scores(), like.histograms());
            router.putUpdate(new AskewRecord(session, "0", begin + i, snapshot));
            router.putUpdate(new WeightsRecord(session, "0", begin + i, snapshot));
        }
    }

    List<AskewSnapshot> snapshots() {
        return snapshots;
    }
}
