package io.github.dl4jaskew.matrix;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J's two kinds of network, with the same layers: hidden, batch norm if wanted, output. */
enum Kind {
    LIST {
        @Override
        Model network(Setting setting, boolean constrained) {
            NeuralNetConfiguration.ListBuilder list =
                    base(setting, constrained).list().layer(hidden(setting));
            if (setting.hasBatchNorm()) {
                list.layer(NORM).layer(ACTIVATION);
            }
            MultiLayerNetwork network =
                    new MultiLayerNetwork(list.layer(outputLayer()).build());
            network.init();
            return network;
        }

        @Override
        void fit(Model network, DataSetIterator data) {
            ((MultiLayerNetwork) network).fit(data);
        }

        @Override
        double loss(Model network, DataSet data) {
            return ((MultiLayerNetwork) network).score(data, false);
        }

        @Override
        Layer layer(Model network, String name) {
            return ((MultiLayerNetwork) network).getLayer(name);
        }

        @Override
        INDArray updaterState(Model network) {
            return ((MultiLayerNetwork) network).getUpdater().getStateViewArray();
        }

        @Override
        Model restore(Path file) throws IOException {
            return ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
        }

        @Override
        void listen(Model network, TrainingListener... listeners) {
            ((MultiLayerNetwork) network).addListeners(listeners);
        }
    },
    GRAPH {
        @Override
        Model network(Setting setting, boolean constrained) {
            ComputationGraphConfiguration.GraphBuilder graph =
                    base(setting, constrained).graphBuilder().addInputs("in").addLayer("hidden", hidden(setting), "in");
            String last = "hidden";
            if (setting.hasBatchNorm()) {
                graph.addLayer("norm", NORM, "hidden").addLayer("activation", ACTIVATION, "norm");
                last = "activation";
            }
            ComputationGraph network = new ComputationGraph(graph.addLayer("output", outputLayer(), last)
                    .setOutputs("output")
                    .build());
            network.init();
            return network;
        }

        @Override
        void fit(Model network, DataSetIterator data) {
            ((ComputationGraph) network).fit(data);
        }

        @Override
        double loss(Model network, DataSet data) {
            return ((ComputationGraph) network).score(data, false);
        }

        @Override
        Layer layer(Model network, String name) {
            return ((ComputationGraph) network).getLayer(name);
        }

        @Override
        INDArray updaterState(Model network) {
            return ((ComputationGraph) network).getUpdater().getStateViewArray();
        }

        @Override
        Model restore(Path file) throws IOException {
            return ModelSerializer.restoreComputationGraph(file.toFile(), true);
        }

        @Override
        void listen(Model network, TrainingListener... listeners) {
            ((ComputationGraph) network).addListeners(listeners);
        }
    };

    private static final int HIDDEN = 8;
    private static final BatchNormalization NORM =
            new BatchNormalization.Builder().name("norm").nOut(HIDDEN).build();
    private static final ActivationLayer ACTIVATION = new ActivationLayer.Builder()
            .name("activation")
            .activation(Activation.TANH)
            .build();

    /** A network, as it is before {@code install}. */
    abstract Model network(Setting setting, boolean constrained);

    /** One epoch. */
    abstract void fit(Model network, DataSetIterator data);

    abstract double loss(Model network, DataSet data);

    abstract Layer layer(Model network, String name);

    abstract INDArray updaterState(Model network);

    abstract Model restore(Path file) throws IOException;

    abstract void listen(Model network, TrainingListener... listeners);

    private static NeuralNetConfiguration.Builder base(Setting setting, boolean constrained) {
        NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(setting.updater(constrained))
                .activation(Activation.TANH);
        setting.network().accept(builder);
        return builder;
    }

    private static DenseLayer hidden(Setting setting) {
        DenseLayer.Builder builder = new DenseLayer.Builder()
                .name("hidden")
                .nIn(Clusters.FEATURES)
                .nOut(HIDDEN)
                .activation(setting.hasBatchNorm() ? Activation.IDENTITY : Activation.TANH);
        setting.hidden().accept(builder);
        return builder.build();
    }

    private static OutputLayer outputLayer() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nIn(HIDDEN)
                .nOut(Clusters.CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }
}
