package io.github.dl4jaskew.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A damaged checkpoint is passed over for an older one, or is restored to the same network; never to another. */
class DamagedCheckpointTest {

    private static final int PER_EPOCH = 100;

    @TempDir
    private Path root;

    private CheckpointDirectory directory;
    private Path older;
    private Path newest;

    private static NeuralNetConfiguration.Builder base(IUpdater updater) {
        return new NeuralNetConfiguration.Builder().seed(4).updater(updater);
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MSE).nIn(3).nOut(2).build();
    }

    private static MultiLayerNetwork network(IUpdater updater) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(base(updater).list().layer(output()).build());
        network.init();
        network.fit(new DataSet(Nd4j.ones(4, 3), Nd4j.ones(4, 2)));
        return network;
    }

    @BeforeEach
    void save() throws IOException {
        directory = new CheckpointDirectory(root);
        Path run = Files.createDirectory(root.resolve("run-000001"));
        older = run.resolve("checkpoint_0_MultiLayerNetwork.zip");
        newest = run.resolve("checkpoint_1_MultiLayerNetwork.zip");
        ModelSerializer.writeModel(network(new Adam(0.1)), older.toFile(), true);
        ModelSerializer.writeModel(network(new Adam(0.05)), newest.toFile(), true);
    }

    private static List<Object> state(MultiLayerNetwork network) {
        return List.of(
                network.getLayerWiseConfigurations().toJson(),
                Arrays.toString(network.params().dup().toFloatVector()),
                Arrays.toString(network.getUpdater().getStateViewArray().dup().toFloatVector()));
    }

    /** The bytes that are no content of an entry: headers, names, descriptors, and the directory at the end. */
    private static BitSet structure(byte[] zip) {
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int end = zip.length - 22;
        BitSet structure = new BitSet();
        structure.set(0, zip.length);
        int at = bytes.getInt(end + 16);
        for (int i = 0; i < bytes.getShort(end + 10); i++) {
            int local = bytes.getInt(at + 42);
            int content = local + 30 + bytes.getShort(local + 26) + bytes.getShort(local + 28);
            structure.clear(content, content + bytes.getInt(at + 20));
            at += 46 + bytes.getShort(at + 28) + bytes.getShort(at + 30) + bytes.getShort(at + 32);
        }
        return structure;
    }

    /** Whether a checkpoint with one bit flipped is passed over; if it is not, it is restored to the same network. */
    private boolean isPassedOver(byte[] whole, int at, int bit, List<Object> expected) throws IOException {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << bit);
        Files.write(newest, damaged);
        SavedCheckpoint found = directory.newest().orElseThrow();
        if (found.file().equals(older)) {
            return true;
        }
        assertThat(state(found.restoreMultiLayerNetwork(PER_EPOCH)))
                .as("byte %d, bit %d", at, bit)
                .isEqualTo(expected);
        return false;
    }

    @Tag("slow")
    @Test
    void everyFlippedBitOfTheStructureIsSeenOrHarmless() throws IOException {
        byte[] whole = Files.readAllBytes(newest);
        List<Object> expected = state(new SavedCheckpoint(newest).restoreMultiLayerNetwork(PER_EPOCH));
        int flips = 0;
        int passedOver = 0;
        for (int at : structure(whole).stream().toArray()) {
            for (int bit = 0; bit < 8; bit++) {
                flips++;
                passedOver += isPassedOver(whole, at, bit, expected) ? 1 : 0;
            }
        }
        assertThat(flips).isGreaterThan(2800);
        assertThat(passedOver).isGreaterThan(flips / 2);
    }

    @Test
    void flippedBitsOfTheContentAreSeenOrHarmless() throws IOException {
        byte[] whole = Files.readAllBytes(newest);
        List<Object> expected = state(new SavedCheckpoint(newest).restoreMultiLayerNetwork(PER_EPOCH));
        BitSet content = structure(whole);
        content.flip(0, whole.length);
        int harmless = 0;
        for (int at : content.stream().toArray()) {
            harmless += isPassedOver(whole, at, at % 8, expected) ? 0 : 1;
        }
        assertThat(harmless)
                .as("bits behind the end of a deflated entry, one byte of each at most")
                .isLessThanOrEqualTo(3);
    }

    private static byte[] without(String name, byte[] zip) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));
                ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!entry.getName().equals(name)) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    in.transferTo(out);
                }
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void aWholeFileWithoutTheStateOfItsUpdatersIsPassedOver() throws IOException {
        Files.write(newest, without("updaterState.bin", Files.readAllBytes(newest)));
        assertThat(directory.newest().orElseThrow().file()).isEqualTo(older);
        assertThatThrownBy(() -> new SavedCheckpoint(newest).restoreMultiLayerNetwork(PER_EPOCH))
                .hasMessageContaining(newest + " is no complete checkpoint")
                .hasMessageContaining("updaterState.bin");

        Path graph = newest.resolveSibling("checkpoint_2_ComputationGraph.zip");
        ComputationGraph network = new ComputationGraph(base(new Adam(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", output(), "in")
                .setOutputs("out")
                .build());
        network.init();
        ModelSerializer.writeModel(network, graph.toFile(), false);
        assertThat(directory.newest().orElseThrow().file()).isEqualTo(older);
        ModelSerializer.writeModel(network, graph.toFile(), true);
        assertThat(directory.newest().orElseThrow().file()).isEqualTo(graph);
    }

    @Test
    void updatersWithoutStateNeedNone() throws IOException {
        ModelSerializer.writeModel(network(new Sgd(0.1)), newest.toFile(), true);
        assertThat(directory.newest().orElseThrow().file()).isEqualTo(newest);
        assertThat(new SavedCheckpoint(newest)
                        .restoreMultiLayerNetwork(PER_EPOCH)
                        .numParams())
                .isEqualTo(8);
    }
}
