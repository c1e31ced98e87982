package io.github.dl4jaskew.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.testkit.Paired;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.IteratorMultiDataSetIterator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A graph with a flat and a masked sequence input and two outputs, trained with MultiDataSets. */
@Tag("training")
class SeveralInputsTest {

    private static final int ROWS = 32;
    private static final int FLAT = 3;
    private static final int CHANNELS = 2;
    private static final int TIME = 5;
    private static final int EPOCHS = 60;
    /** The cross entropy of two equal chances, and the square of the sums, which are one half. */
    private static final double LOSS_OF_GUESSING = Math.log(2) + 0.25;

    @TempDir
    private Path directory;

    private static MultiDataSet data(double beyondTheMask) {
        Random random = new Random(8);
        INDArray flat = Nd4j.zeros(ROWS, FLAT);
        INDArray sequence = Nd4j.zeros(ROWS, CHANNELS, TIME);
        INDArray mask = Nd4j.zeros(ROWS, TIME);
        INDArray sign = Nd4j.zeros(ROWS, 2);
        INDArray sum = Nd4j.zeros(ROWS, 1);
        for (int row = 0; row < ROWS; row++) {
            double label = row % 2 == 0 ? 1 : -1;
            int length = 1 + random.nextInt(TIME);
            for (int i = 0; i < FLAT; i++) {
                flat.putScalar(row, i, label + 0.3 * random.nextGaussian());
            }
            for (int t = 0; t < TIME; t++) {
                mask.putScalar(row, t, t < length ? 1 : 0);
                for (int c = 0; c < CHANNELS; c++) {
                    sequence.putScalar(
                            new int[] {row, c, t}, t < length ? label + 0.3 * random.nextGaussian() : beyondTheMask);
                }
            }
            sign.putScalar(row, label > 0 ? 0 : 1, 1);
            sum.putScalar(row, 0, 0.5 * label);
        }
        return new MultiDataSet(
                new INDArray[] {flat, sequence},
                new INDArray[] {sign, sum},
                new INDArray[] {null, mask},
                new INDArray[] {null, null});
    }

    private static ComputationGraph network(long seed) {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(Setting.cosine(0.1, EPOCHS)))
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("flat", "sequence")
                .setInputTypes(InputType.feedForward(FLAT), InputType.recurrent(CHANNELS, TIME))
                .addLayer("dense", new DenseLayer.Builder().nOut(4).build(), "flat")
                .addLayer("rnn", new SimpleRnn.Builder().nOut(4).build(), "sequence")
                .addLayer("pooled", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "rnn")
                .addVertex("merged", new MergeVertex(), "dense", "pooled")
                .addLayer(
                        "sign",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "merged")
                .addLayer(
                        "sum",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "merged")
                .setOutputs("sign", "sum")
                .build();
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        Askew.builder()
                .grid(Grid.ternary())
                .layers(Layers.all().except("sign", "sum"))
                .epsilon(Annealing.hold(20).thenExponential(1e-4, 20).byEpoch())
                .build()
                .install(network);
        return network;
    }

    private static void fit(ComputationGraph network, int epochs, MultiDataSet data) {
        for (int i = 0; i < epochs; i++) {
            network.fit(new IteratorMultiDataSetIterator(
                    List.<org.nd4j.linalg.dataset.api.MultiDataSet>of(data).iterator(), ROWS));
        }
    }

    @Test
    void trainsEndsOnTheGridAndResumes() throws IOException {
        ComputationGraph network = network(6);
        MultiDataSet data = data(0);
        fit(network, EPOCHS / 2, data);
        Path file = directory.resolve("half.zip");
        ModelSerializer.writeModel(network, file.toFile(), true);
        fit(network, EPOCHS / 2, data);
        AskewReport report = new AskewListener().report(network, EPOCHS - 1, EPOCHS - 1);
        assertThat(report.parameters()).hasSize(3);
        assertThat(report.total().maxDistance()).isLessThan(1 - report.tau() + 0.003);

        ComputationGraph restored = ModelSerializer.restoreComputationGraph(file.toFile(), true);
        fit(restored, EPOCHS / 2, data);
        assertThat(restored.params()).isEqualTo(network.params());
    }

    @Test
    void bothOutputsLearn() {
        MultiDataSet data = data(0);
        Paired.requireWins("loss of guessing, and of the trained network", Paired.seeds(seed -> {
            ComputationGraph network = network(seed);
            fit(network, EPOCHS, data);
            return new Paired(LOSS_OF_GUESSING, network.score(data));
        }));
    }

    @Test
    void seesNothingBeyondTheMask() {
        ComputationGraph network = network(6);
        fit(network, 10, data(0));
        ComputationGraph other = network(6);
        fit(other, 10, data(1000));
        assertThat(other.params()).isEqualTo(network.params());
    }
}
