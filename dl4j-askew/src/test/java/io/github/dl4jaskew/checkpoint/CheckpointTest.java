package io.github.dl4jaskew.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** No constraint of ours here: this is what DL4J's own checkpoints need. */
class CheckpointTest {

    private static final int EPOCHS = 4;
    private static final int PER_EPOCH = 3;

    @TempDir
    private Path root;

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nIn(3)
                .nOut(2)
                .activation(Activation.TANH)
                .constrainWeights(new MaxNormConstraint(0.7, 1))
                .build();
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder().seed(4).updater(new Adam(0.05));
    }

    private static MultiLayerNetwork fresh() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(base().list().layer(output()).build());
        network.init();
        return network;
    }

    private static ComputationGraph freshGraph() {
        ComputationGraph network = new ComputationGraph(base().graphBuilder()
                .addInputs("in")
                .addLayer("out", output(), "in")
                .setOutputs("out")
                .build());
        network.init();
        return network;
    }

    /** Another order in every epoch. */
    private static DataSetIterator data(int epoch) {
        DataSet rows = new DataSet(
                Nd4j.linspace(-1, 1, 18).reshape(6, 3).castTo(Nd4j.defaultFloatingPointType()),
                Nd4j.linspace(1, -1, 12).reshape(6, 2).castTo(Nd4j.defaultFloatingPointType()));
        rows.shuffle(epoch);
        return new ListDataSetIterator<>(rows.asList(), 2);
    }

    private static float[] params(org.deeplearning4j.nn.api.Model network) {
        return network.params().dup().toFloatVector();
    }

    private static MultiLayerNetwork uninterrupted() {
        MultiLayerNetwork network = fresh();
        ResumableTraining.fit(network, EPOCHS, PER_EPOCH, CheckpointTest::data);
        return network;
    }

    /** Every checkpoint of a training, of iterations and of epochs. */
    private List<Path> checkpoints(MultiLayerNetwork network) throws IOException {
        CheckpointDirectory directory = new CheckpointDirectory(root);
        network.setListeners(directory
                .newRun()
                .saveEveryNIterations(1)
                .saveEveryEpoch()
                .keepAll()
                .build());
        ResumableTraining.fit(network, EPOCHS, PER_EPOCH, CheckpointTest::data);
        try (var files = Files.list(root.resolve("run-000001"))) {
            return files.filter(f -> f.toString().endsWith(".zip")).sorted().toList();
        }
    }

    @Test
    void goesOnFromEveryCheckpointToTheSameNumbers() throws IOException {
        float[] expected = params(uninterrupted());
        List<Path> files = checkpoints(fresh());
        // The listener lets the very first iteration go by.
        assertThat(files).hasSize(EPOCHS * PER_EPOCH - 1 + EPOCHS);
        int differ = 0;
        for (Path file : files) {
            MultiLayerNetwork restored = new SavedCheckpoint(file).restoreMultiLayerNetwork(PER_EPOCH);
            ResumableTraining.fit(restored, EPOCHS, PER_EPOCH, CheckpointTest::data);
            assertThat(params(restored)).as(file.toString()).isEqualTo(expected);

            MultiLayerNetwork loaded = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
            ResumableTraining.fit(loaded, EPOCHS, PER_EPOCH, CheckpointTest::data);
            differ += Arrays.equals(params(loaded), expected) ? 0 : 1;
        }
        assertThat(differ)
                .as("checkpoints of iterations that DL4J alone repeats")
                .isGreaterThan(EPOCHS);
    }

    @Test
    void goesOnWithGraphs() {
        ComputationGraph whole = freshGraph();
        ResumableTraining.fit(whole, EPOCHS, PER_EPOCH, CheckpointTest::data);
        ComputationGraph multi = freshGraph();
        ResumableTraining.fitMulti(multi, EPOCHS, PER_EPOCH, epoch -> new MultiDataSetIteratorAdapter(data(epoch)));
        assertThat(params(multi)).isEqualTo(params(whole));

        CheckpointDirectory directory = new CheckpointDirectory(root);
        ComputationGraph stopped = freshGraph();
        stopped.setListeners(
                directory.newRun().saveEveryNIterations(4).keepLast(1).build());
        ResumableTraining.fit(stopped, 2, PER_EPOCH, CheckpointTest::data);
        SavedCheckpoint saved = directory.newest().orElseThrow();
        ComputationGraph one = saved.restoreComputationGraph(PER_EPOCH);
        assertThat(one.getIterationCount()).isEqualTo(5);
        ResumableTraining.fit(one, EPOCHS, PER_EPOCH, CheckpointTest::data);
        assertThat(params(one)).isEqualTo(params(whole));
        ComputationGraph two = saved.restoreComputationGraph(PER_EPOCH);
        ResumableTraining.fitMulti(two, EPOCHS, PER_EPOCH, epoch -> new MultiDataSetIteratorAdapter(data(epoch)));
        assertThat(params(two)).isEqualTo(params(whole));
    }

    @Test
    void endsAnEpochOfWhichNothingIsLeft() throws IOException {
        List<Path> files = checkpoints(fresh());
        // The fifth file was written in the last iteration of epoch 1, before that epoch had ended.
        Path file = root.resolve("run-000001/checkpoint_5_MultiLayerNetwork.zip");
        assertThat(files).contains(file);
        MultiLayerNetwork restored = new SavedCheckpoint(file).restoreMultiLayerNetwork(PER_EPOCH);
        assertThat(restored.getIterationCount()).isEqualTo(2 * PER_EPOCH);
        assertThat(restored.getEpochCount()).isEqualTo(1);
        EvaluativeListener ends = new EvaluativeListener(data(0), 1, InvocationType.EPOCH_END);
        restored.setListeners(ends);
        ResumableTraining.fit(restored, 2, PER_EPOCH, CheckpointTest::data);
        assertThat(restored.getIterationCount()).isEqualTo(2 * PER_EPOCH);
        assertThat(restored.getEpochCount()).isEqualTo(2);
        assertThat(ends.getEvaluations()).isNotNull();
    }

    @Test
    void passesOverFilesThatAreCutAnywhere() throws IOException {
        CheckpointDirectory directory = new CheckpointDirectory(root);
        assertThat(directory.newest()).isEmpty();
        checkpoints(fresh());
        Path run = root.resolve("run-000001");
        Path newest = directory.newest().orElseThrow().file();
        assertThat(newest).isEqualTo(run.resolve("checkpoint_14_MultiLayerNetwork.zip"));
        byte[] whole = Files.readAllBytes(newest);
        Path before = run.resolve("checkpoint_13_MultiLayerNetwork.zip");
        for (int length = 0; length < whole.length; length += 97) {
            Files.write(newest, Arrays.copyOf(whole, length));
            assertThat(directory.newest().map(SavedCheckpoint::file))
                    .as("%d bytes", length)
                    .contains(before);
        }
        byte[] zeroed = whole.clone();
        Arrays.fill(zeroed, whole.length / 3, whole.length / 3 + 40, (byte) 0);
        Files.write(newest, zeroed);
        assertThat(directory.newest().map(SavedCheckpoint::file)).contains(before);
        Files.write(newest, whole);
        assertThat(directory.newest().map(SavedCheckpoint::file)).contains(newest);
    }

    @Test
    void givesEachRunADirectoryAndDeletesThoseThatNobodyNeeds() throws IOException {
        CheckpointDirectory directory = new CheckpointDirectory(root);
        checkpoints(fresh());
        directory.newRun();
        assertThat(root.resolve("run-000001")).isDirectory();
        assertThat(directory.newest().map(s -> s.file().getParent())).contains(root.resolve("run-000001"));
        MultiLayerNetwork network = fresh();
        network.setListeners(directory.newRun().saveEveryEpoch().keepAll().build());
        ResumableTraining.fit(network, 1, PER_EPOCH, CheckpointTest::data);
        Files.writeString(root.resolve("run-000002").resolve("notes.txt"), "not ours");
        directory.newRun();
        assertThat(root.resolve("run-000001")).doesNotExist();
        assertThat(root.resolve("run-000002").resolve("notes.txt")).exists();
        assertThat(directory.newest().map(s -> s.file().getParent())).contains(root.resolve("run-000003"));
    }

    @Test
    void passesOverForeignFilesThatAreNamedLikeRunsAndCheckpoints() throws IOException {
        CheckpointDirectory directory = new CheckpointDirectory(root);
        checkpoints(fresh());
        Path newest = directory.newest().orElseThrow().file();
        Path folder = newest.resolveSibling("checkpoint_99_MultiLayerNetwork.zip");
        Files.writeString(Files.createDirectory(folder).resolve("notes.txt"), "not ours");
        Files.writeString(root.resolve("run-000002"), "not ours");
        Files.writeString(root.resolve("readme.txt"), "not ours");
        assertThat(directory.newest().map(SavedCheckpoint::file)).contains(newest);

        MultiLayerNetwork network = fresh();
        network.setListeners(directory.newRun().saveEveryEpoch().keepAll().build());
        ResumableTraining.fit(network, 1, PER_EPOCH, CheckpointTest::data);
        directory.newRun();
        assertThat(directory.newest().map(s -> s.file().getParent())).contains(root.resolve("run-000003"));
        assertThat(newest).doesNotExist();
        assertThat(folder.resolve("notes.txt")).exists();
        assertThat(root.resolve("run-000002")).hasContent("not ours");
    }

    @Test
    void refusesARootThatIsAFile() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "not ours");
        CheckpointDirectory directory = new CheckpointDirectory(file);
        assertThat(directory.newest()).isEmpty();
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(directory::newRun)
                .withMessageContaining("cannot create");
        assertThat(file).hasContent("not ours");
    }

    @Test
    void refusesCountsThatDoNotFit() throws IOException {
        checkpoints(fresh());
        SavedCheckpoint saved = new SavedCheckpoint(root.resolve("run-000001/checkpoint_5_MultiLayerNetwork.zip"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> saved.restoreMultiLayerNetwork(0))
                .withMessageContaining("iterationsPerEpoch is 0");
        assertThatIllegalStateException()
                .isThrownBy(() -> saved.restoreMultiLayerNetwork(100))
                .withMessageContaining("iteration 5 is not in epoch 1 of 100 iterations");
        MultiLayerNetwork network = uninterrupted();
        assertThatIllegalStateException()
                .isThrownBy(() -> ResumableTraining.fit(network, 9, 2, CheckpointTest::data))
                .withMessageContaining("iteration 12, which is not in epoch 4 of 2 iterations");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResumableTraining.fit(network, 9, 0, CheckpointTest::data));
        MultiLayerNetwork restored = saved.restoreMultiLayerNetwork(PER_EPOCH);
        restored.setIterationCount(PER_EPOCH + 2);
        assertThatIllegalStateException()
                .isThrownBy(() -> ResumableTraining.fit(
                        restored,
                        2,
                        PER_EPOCH,
                        epoch -> new ListDataSetIterator<>(data(epoch).next().asList(), 2)))
                .withMessageContaining("the epoch ends after 1 minibatches");
    }

    @Test
    void refusesTruncatedBackpropagationInsideOfAnEpoch() throws IOException {
        checkpoints(fresh());
        Path inside = root.resolve("run-000001/checkpoint_4_MultiLayerNetwork.zip");
        MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(inside.toFile(), true);
        network.getLayerWiseConfigurations().setBackpropType(BackpropType.TruncatedBPTT);
        ModelSerializer.writeModel(network, inside.toFile(), true);
        assertThatIllegalStateException()
                .isThrownBy(() -> new SavedCheckpoint(inside).restoreMultiLayerNetwork(PER_EPOCH))
                .withMessageContaining("saveEveryEpoch()");
        network.setIterationCount(2 * PER_EPOCH);
        ModelSerializer.writeModel(network, inside.toFile(), true);
        assertThat(Optional.of(new SavedCheckpoint(inside).restoreMultiLayerNetwork(PER_EPOCH))
                        .map(MultiLayerNetwork::getEpochCount))
                .contains(2);
    }
}
