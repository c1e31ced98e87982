package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.schedule.Annealing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks in DL4J's zip files, and features for them. */
final class Saved {

    static final int WIDTH = 4;
    static final int CLASSES = 3;

    private Saved() {}

    static MultiLayerNetwork mlp() {
        MultiLayerNetwork network = new MultiLayerNetwork(builder()
                .list()
                .layer(dense())
                .layer(new BatchNormalization.Builder().name("norm").build())
                .layer(output())
                .setInputType(InputType.feedForward(WIDTH))
                .build());
        network.init();
        return network;
    }

    static MultiLayerNetwork askewMlp() {
        MultiLayerNetwork network = mlp();
        Askew.builder()
                .grid(Grid.uniform(3))
                .scale(Scale.max())
                .epsilon(Annealing.hold(1).thenLinear(1))
                .build()
                .install(network);
        return network;
    }

    /** Takes images, not flat ones. */
    static MultiLayerNetwork convolution() {
        MultiLayerNetwork network = new MultiLayerNetwork(builder()
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2).name("conv").nOut(3).build())
                .layer(output())
                .setInputType(InputType.convolutional(3, 3, 1))
                .build());
        network.init();
        return network;
    }

    static MultiLayerNetwork convolutionWithNorm() {
        MultiLayerNetwork network = new MultiLayerNetwork(builder()
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2).name("conv").nOut(3).build())
                .layer(new BatchNormalization.Builder().name("norm").build())
                .layer(output())
                .setInputType(InputType.convolutional(3, 3, 1))
                .build());
        network.init();
        return network;
    }

    static ComputationGraph graph(int inputs) {
        var graph = builder().graphBuilder().addInputs(inputs == 1 ? new String[] {"in"} : new String[] {"in", "side"});
        graph.addLayer("hidden", dense(), inputs == 1 ? new String[] {"in"} : new String[] {"in", "side"})
                .addLayer("output", output(), "hidden")
                .setOutputs("output")
                .setInputTypes(
                        inputs == 1
                                ? new InputType[] {InputType.feedForward(WIDTH)}
                                : new InputType[] {InputType.feedForward(WIDTH), InputType.feedForward(2)});
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        return network;
    }

    private static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Sgd(0.1))
                .activation(Activation.TANH);
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().name("hidden").nOut(8).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static Path write(Path file, Model network) throws IOException {
        ModelSerializer.writeModel(network, file.toFile(), true);
        return file;
    }

    static void write(Path file, Model network, DataNormalization normalizer) throws IOException {
        write(file, network);
        ModelSerializer.addNormalizerToModel(file.toFile(), normalizer);
    }

    static NormalizerStandardize normalizer() {
        NormalizerStandardize normalizer = new NormalizerStandardize();
        INDArray features = features(30);
        normalizer.fit(new DataSet(features, features));
        return normalizer;
    }

    /** Far from normalized. */
    static INDArray features(int rows) {
        Random random = new Random(3);
        float[] values = new float[rows * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (10 * (i % WIDTH) + 3 * random.nextGaussian());
        }
        return Nd4j.create(values, new long[] {rows, WIDTH}, 'c');
    }

    static Path csv(Path file, INDArray features) throws IOException {
        StringBuilder text = new StringBuilder("a,b,c,d\n");
        for (float[] row : features.toFloatMatrix()) {
            for (int i = 0; i < row.length; i++) {
                text.append(i == 0 ? "" : ",").append(row[i]);
            }
            text.append('\n');
        }
        return Files.writeString(file, text);
    }
}
