package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PackedModel;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.PortableNetwork;
import io.github.dl4jaskew.testkit.Sections;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Files that claim much in few bytes, that hold two networks, or whose configuration lacks a setting. */
class StrangersFileTest {

    private static final byte[] DENSE = ModelFiles.bytes(ModelFiles.dense());
    private static final long MEGABYTE = 1_000_000;

    private static void requireRefused(byte[] file, String reason) {
        assertThatExceptionOfType(PackedFormatException.class)
                .isThrownBy(() -> ModelFiles.load(file))
                .withMessageContaining(reason);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void aMillionEmptyObjectsAreCountedBeforeTheyAreMade() {
        String objects = "{\"confs\":[{}" + ",{}".repeat(1_000_000 - 1) + "]}";
        byte[] file = Sections.of(DENSE).json(json -> objects).join();
        long before = allocated();
        requireRefused(file, "more objects than its 3000011 characters justify");
        // The bytes of the file, and those of the text as Java has it, several times.
        assertThat(allocated() - before).isLessThan(60 * MEGABYTE);
    }

    private static byte[] labels(int count, int present) {
        Sections sections = Sections.of(DENSE);
        byte[] payload = ByteBuffer.allocate(4 + 2 * present)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(count)
                .array();
        sections.list.add(2, new Sections.Section("labl", payload));
        return sections.join();
    }

    @Test
    void aMillionEmptyLabelsBelongToNoOutput() {
        requireRefused(labels(1_000_000, 1_000_000), "there are 1000000 labels for 2 outputs");
    }

    @ParameterizedTest
    @ValueSource(ints = {(1 << 20) + 1, 1 << 25, Integer.MAX_VALUE, -1})
    void moreLabelsAreNotRead(int count) {
        byte[] file = labels(count, count == 1 << 25 ? (1 << 25) - 2 : 10);
        long before = allocated();
        assertThatExceptionOfType(PackedFormatException.class)
                .isThrownBy(() -> PackedModel.read(new ByteArrayInputStream(file)))
                .withMessageContaining("allowed are at most 1048576");
        assertThat(allocated() - before).isLessThan(4L * file.length + 4 * MEGABYTE);
    }

    @Test
    void labelsOfAnotherNumberOfOutputsAreNotLoaded() {
        requireRefused(labels(3, 3), "there are 3 labels for 2 outputs");
        requireRefused(labels(1, 1), "there are 1 labels for 2 outputs");
    }

    private static byte[] withLayers(byte[] file, PortableNetwork network) {
        Sections sections = Sections.of(file);
        sections.get("layr").payload = network.write();
        return sections.join();
    }

    private static PortableNetwork layers(byte[] file) throws IOException {
        return PortableNetwork.read(
                PackedModel.read(new ByteArrayInputStream(file)).head().layers());
    }

    /** A reader without DL4J would compute something else than DL4J. */
    @Test
    void aFileHoldsOneNetwork() throws IOException {
        PortableNetwork right = layers(DENSE);
        assertThat(ModelFiles.load(withLayers(DENSE, right)).parameters()).hasSize(1);
        List<PortableLayer> fewer = right.layers().subList(0, right.layers().size() - 1);
        requireRefused(withLayers(DENSE, PortableNetwork.of(right.inputShape(), fewer)), "two networks");
        List<PortableLayer> swapped = new ArrayList<>(right.layers());
        swapped.set(swapped.size() - 1, right.layers().get(1));
        requireRefused(withLayers(DENSE, PortableNetwork.of(right.inputShape(), swapped)), "two networks");
        // DL4J alone reads these.
        assertThat(ModelFiles.load(withLayers(DENSE, PortableNetwork.refused("why not")))
                        .parameters())
                .hasSize(1);
        Sections without = Sections.of(DENSE);
        without.list.remove(without.get("layr"));
        assertThat(ModelFiles.load(without.join()).parameters()).hasSize(1);
        // A later release may have written this, whose list this release's edge predictor refuses too.
        Sections later = Sections.of(DENSE);
        later.get("layr").payload[later.get("layr").payload.length - 1] = 99;
        assertThat(ModelFiles.load(later.join()).parameters()).hasSize(1);
    }

    @Test
    void aSameDiffGraphIsNoListOfLayers() throws IOException {
        byte[] golden;
        try (var in = getClass().getResourceAsStream("golden-samediff-v1.askew")) {
            golden = in.readAllBytes();
        }
        PortableNetwork list = PortableNetwork.of(List.of(1), List.of(new PortableLayer.ToFeatures()));
        assertThatExceptionOfType(PackedFormatException.class)
                .isThrownBy(() -> QuantizedSameDiff.load(new ByteArrayInputStream(withLayers(golden, list))))
                .withMessageContaining("two networks");
    }

    private static byte[] manyKinds() {
        Layer[] layers = {
            new ConvolutionLayer.Builder(2, 2).nOut(2).build(),
            new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                    .kernelSize(2, 2)
                    .stride(1, 1)
                    .build(),
            new ZeroPaddingLayer.Builder(1, 1).build(),
            new Upsampling2D.Builder().size(2).build(),
            new DenseLayer.Builder().nOut(3).activation(Activation.RELU).build(),
            new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(2)
                    .activation(Activation.SOFTMAX)
                    .build()
        };
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(1).list();
        Arrays.stream(layers).forEach(list::layer);
        MultiLayerNetwork network = new MultiLayerNetwork(
                list.setInputType(InputType.convolutionalFlat(5, 5, 1)).build());
        network.init();
        return ModelFiles.bytes(QuantizedModel.of(network, List.of()));
    }

    /** Each value of a configuration in turn is replaced; what loads can be saved again. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "0"})
    void everySettingMayBeMissing(String other) throws IOException {
        byte[] file = manyKinds();
        // The file lists layers that the changed configuration does not have.
        byte[] alone = withLayers(file, PortableNetwork.refused("a test"));
        Pattern value = Pattern.compile(":(\"[^\"]*\"|[-0-9.eE]+|true|false|null|\\[[^\\[\\]]*\\])");
        StringBuilder json = new StringBuilder();
        Sections.of(file).json(text -> {
            json.append(text);
            return text;
        });
        Matcher matcher = value.matcher(json);
        int loaded = 0;
        while (matcher.find()) {
            String changed = json.substring(0, matcher.start(1)) + other + json.substring(matcher.end(1));
            try {
                QuantizedModel model =
                        ModelFiles.load(Sections.of(alone).json(text -> changed).join());
                assertThat(model.fileBytes()).isPositive();
                loaded++;
            } catch (PackedFormatException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        assertThat(loaded).isPositive();
    }

    @Test
    void aPoolingWithoutTypeIsSavedForDl4jAlone() throws IOException {
        byte[] alone = withLayers(manyKinds(), PortableNetwork.refused("a test"));
        byte[] file = Sections.of(alone)
                .json(json -> json.replace("\"poolingType\":\"AVG\"", "\"poolingType\":null"))
                .join();
        byte[] again = ModelFiles.bytes(ModelFiles.load(file));
        assertThat(layers(again).reason()).contains("layer 'layer1' lacks a setting");
    }
}
