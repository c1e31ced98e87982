package io.github.dl4jaskew.resume;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.checkpoint.ResumableTraining;
import io.github.dl4jaskew.checkpoint.SavedCheckpoint;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.listener.PlateauListener;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;

/** What is trained. Both have much that a resume could lose: updater states, schedules, noise, projections, plateaus. */
enum Training {
    /** A MultiLayerNetwork annealed by iteration, its constrained weights moved by an Adam of their own. */
    LIST {
        @Override
        Model fresh() {
            MultiLayerNetwork network = new MultiLayerNetwork(base(new Nesterovs(falling(0.05), 0.9))
                    .list()
                    .layer(hidden("first", ShuffledBatches.FEATURES))
                    .layer(norm())
                    .layer(activation())
                    .layer(hidden("second", HIDDEN))
                    .layer(output())
                    .build());
            network.init();
            recipe().epsilon(Annealing.hold(ITERATIONS / 3.0)
                            .thenExponential(1e-4, ITERATIONS / 3.0)
                            .byIteration())
                    .updater(new Adam(falling(0.2)))
                    .learningRateUnit(LearningRateUnit.CELL)
                    .perturbation(0.001, 5)
                    .projection(ProjectionMode.INTERVAL)
                    .build()
                    .install(network);
            return network;
        }

        @Override
        Model restore(SavedCheckpoint saved) {
            return saved.restoreMultiLayerNetwork(ShuffledBatches.PER_EPOCH);
        }

        @Override
        void train(Model network, List<TrainingListener> listeners) {
            MultiLayerNetwork list = (MultiLayerNetwork) network;
            list.setListeners(listeners);
            ResumableTraining.fit(list, EPOCHS, ShuffledBatches.PER_EPOCH, ShuffledBatches::ofEpoch);
        }

        @Override
        int iteration(Model network) {
            return ((MultiLayerNetwork) network).getIterationCount();
        }

        @Override
        INDArray updaterState(Model network) {
            return ((MultiLayerNetwork) network).getUpdater().getStateViewArray();
        }

        @Override
        List<TrainingListener> listeners() {
            return List.of();
        }
    },
    /** A ComputationGraph annealed by plateau: its eps follows from all validation scores so far. */
    GRAPH {
        @Override
        Model fresh() {
            ComputationGraph network = new ComputationGraph(base(new Adam(falling(0.05)))
                    .graphBuilder()
                    .addInputs("in")
                    .addLayer("first", hidden("first", ShuffledBatches.FEATURES), "in")
                    .addLayer("norm", norm(), "first")
                    .addLayer("activation", activation(), "norm")
                    .addLayer("second", hidden("second", HIDDEN), "activation")
                    .addLayer("output", output(), "second")
                    .setOutputs("output")
                    .build());
            network.init();
            recipe().epsilon(new PlateauAnnealing(0.3)).build().install(network);
            return network;
        }

        @Override
        Model restore(SavedCheckpoint saved) {
            return saved.restoreComputationGraph(ShuffledBatches.PER_EPOCH);
        }

        @Override
        void train(Model network, List<TrainingListener> listeners) {
            ComputationGraph graph = (ComputationGraph) network;
            graph.setListeners(listeners);
            ResumableTraining.fit(graph, EPOCHS, ShuffledBatches.PER_EPOCH, ShuffledBatches::ofEpoch);
        }

        @Override
        int iteration(Model network) {
            return ((ComputationGraph) network).getIterationCount();
        }

        @Override
        INDArray updaterState(Model network) {
            return ((ComputationGraph) network).getUpdater().getStateViewArray();
        }

        @Override
        List<TrainingListener> listeners() {
            return List.of(new PlateauListener(
                    model -> ((ComputationGraph) model).score(ShuffledBatches.validation(), false)));
        }
    };

    static final int EPOCHS = 8;
    static final int ITERATIONS = EPOCHS * ShuffledBatches.PER_EPOCH;

    private static final int HIDDEN = 192;

    /** A network with the constraint installed. */
    abstract Model fresh();

    /** The same network from a file; nothing is installed again. */
    abstract Model restore(SavedCheckpoint saved);

    /** Trains to the end. */
    abstract void train(Model network, List<TrainingListener> listeners);

    abstract int iteration(Model network);

    abstract INDArray updaterState(Model network);

    /** Listeners that belong to the training. */
    abstract List<TrainingListener> listeners();

    private static Askew.Builder recipe() {
        return Askew.builder().grid(Grid.ternary());
    }

    private static CosineSchedule falling(double rate) {
        return new CosineSchedule(ScheduleType.ITERATION, rate, ITERATIONS);
    }

    private static NeuralNetConfiguration.Builder base(IUpdater updater) {
        return new NeuralNetConfiguration.Builder().seed(3).updater(updater).activation(Activation.TANH);
    }

    private static DenseLayer hidden(String name, int in) {
        return new DenseLayer.Builder()
                .name(name)
                .nIn(in)
                .nOut(HIDDEN)
                .constrainBias(new MaxNormConstraint(0.1, 0))
                .build();
    }

    private static BatchNormalization norm() {
        return new BatchNormalization.Builder().name("norm").nOut(HIDDEN).build();
    }

    private static ActivationLayer activation() {
        return new ActivationLayer.Builder()
                .name("activation")
                .activation(Activation.TANH)
                .build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nIn(HIDDEN)
                .nOut(ShuffledBatches.CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }
}
