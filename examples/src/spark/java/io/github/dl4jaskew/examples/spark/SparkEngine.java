package io.github.dl4jaskew.examples.spark;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.ParallelTraining;
import io.github.dl4jaskew.schedule.CosineSchedule;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.residual.ResidualClippingPostProcessor;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.impl.repartitioner.NoOpRepartitioner;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.ModelParameterServer;

/** DL4J's two ways to train on Spark. */
public enum SparkEngine {
    /** Workers train copies, whose weights and updater states are averaged every few steps. */
    AVERAGING {
        @Override
        public Askew.Builder adapt(Askew.Builder recipe, int iterations, int workers) {
            return recipe;
        }

        @Override
        public void run(Training t) {
            ParameterAveragingTrainingMaster master = new ParameterAveragingTrainingMaster.Builder(t.workers, t.batch)
                    .batchSizePerWorker(t.batch)
                    .averagingFrequency(AVERAGING_FREQUENCY)
                    .workerPrefetchNumBatches(0)
                    .saveUpdater(true)
                    .rddTrainingApproach(RDDTrainingApproach.Direct)
                    .rngSeed(1)
                    .build();
            SparkDl4jMultiLayer spark = t.on(master);
            JavaRDD<DataSet> data = t.context.parallelize(t.minibatches, t.workers);
            ParallelTraining.run(t.network, t.epochs, t.iterationsPerEpoch(), () -> spark.fit(data));
        }
    },
    /** Workers send each other their steps, rounded to a threshold. */
    SHARED {
        /** All workers' steps are added up: each takes its share of rate and restoring rate. */
        @Override
        public Askew.Builder adapt(Askew.Builder recipe, int iterations, int workers) {
            return recipe.restoringRate(RESTORING_RATE / workers)
                    .updater(new Adam(new CosineSchedule(ScheduleType.ITERATION, CELL_RATE / workers, iterations)));
        }

        /** One fit of the data of all epochs, one partition and so one task a worker, whose counts then never start anew. */
        @Override
        public void run(Training t) {
            VoidConfiguration network = VoidConfiguration.builder()
                    .portSupplier(new ExecutorPort())
                    .networkMask("127.0.0.1/8")
                    .controllerAddress("127.0.0.1")
                    .build();
            SharedTrainingMaster master = new SharedTrainingMaster.Builder(
                            network, t.workers, new FixedThresholdAlgorithm(THRESHOLD), t.batch)
                    .residualPostProcessor(new ResidualClippingPostProcessor(5, 5))
                    .batchSizePerWorker(t.batch)
                    .workersPerNode(1)
                    .repartitioner(new NoOpRepartitioner())
                    .rddTrainingApproach(RDDTrainingApproach.Direct)
                    .build();
            SparkDl4jMultiLayer spark = t.on(master);
            List<DataSet> allEpochs = Collections.nCopies(t.epochs, t.minibatches).stream()
                    .flatMap(List::stream)
                    .toList();
            JavaRDD<DataSet> data = t.context.parallelize(allEpochs, t.workers);
            ParallelTraining.run(t.network, 1, t.epochs * t.iterationsPerEpoch(), () -> {
                spark.fit(data);
                // Else the driver goes on to change the network by updates that arrive late.
                ModelParameterServer.getInstance().shutdown();
            });
        }
    };

    /** Less than half of the shortest closing of the intervals, 10 iterations, so that workers which agree when it begins end on the same levels. */
    private static final int AVERAGING_FREQUENCY = 4;

    private static final double RESTORING_RATE = 0.3;
    private static final double CELL_RATE = 0.3;
    private static final double THRESHOLD = 0.005;

    /**
     * What is to be trained on what.
     *
     * @param context Spark
     * @param network with the constraint installed
     * @param minibatches all of one size
     * @param batch that size
     * @param workers how many copies are trained: threads of {@code local[n]}, executors of a cluster
     * @param epochs length of the training
     * @param listeners travel to the workers, and so are serializable
     */
    public record Training(
            JavaSparkContext context,
            MultiLayerNetwork network,
            List<DataSet> minibatches,
            int batch,
            int workers,
            int epochs,
            List<TrainingListener> listeners) {

        /**
         * Updates that a worker makes in an epoch.
         *
         * @return at least 1
         */
        public int iterationsPerEpoch() {
            return Math.max(1, minibatches.size() / workers);
        }

        private SparkDl4jMultiLayer on(TrainingMaster<?, ?> master) {
            SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, network, master);
            spark.setListeners(listeners);
            return spark;
        }
    }

    /**
     * Gives a recipe the rates that suit the engine.
     *
     * @param recipe from {@code Askew.fromScratch}
     * @param iterations updates of a worker in the whole training
     * @param workers how many there are
     * @return the recipe
     */
    public abstract Askew.Builder adapt(Askew.Builder recipe, int iterations, int workers);

    /**
     * Trains; the network ends inside its intervals.
     *
     * @param training what and where
     */
    public abstract void run(Training training);
}
