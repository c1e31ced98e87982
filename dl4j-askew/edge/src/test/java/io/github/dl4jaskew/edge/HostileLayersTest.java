package io.github.dl4jaskew.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.packed.CombinationKind;
import io.github.dl4jaskew.packed.KernelLayout;
import io.github.dl4jaskew.packed.NetworkKind;
import io.github.dl4jaskew.packed.Normalization;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PackedHead;
import io.github.dl4jaskew.packed.PackedWriter;
import io.github.dl4jaskew.packed.ParameterInfo;
import io.github.dl4jaskew.packed.PoolingKind;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.PortableLayer.BatchNorm;
import io.github.dl4jaskew.packed.PortableLayer.Convolution;
import io.github.dl4jaskew.packed.PortableLayer.Dense;
import io.github.dl4jaskew.packed.PortableLayer.GlobalPooling;
import io.github.dl4jaskew.packed.PortableLayer.Padding;
import io.github.dl4jaskew.packed.PortableLayer.ParametricRelu;
import io.github.dl4jaskew.packed.PortableLayer.Pooling;
import io.github.dl4jaskew.packed.PortableLayer.ToImage;
import io.github.dl4jaskew.packed.PortableLayer.Upsampling;
import io.github.dl4jaskew.packed.PortableNetwork;
import io.github.dl4jaskew.packed.ValueType;
import io.github.dl4jaskew.packed.Window;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lists of layers that no writer makes: small files that claim much, or whose layers and parameters do not fit. */
class HostileLayersTest {

    private static final int MANY = 1 << 15;
    private static final int MOST = PortableLayer.MAXIMUM_SIZE;
    private static final List<Integer> IMAGE = List.of(2, 4, 4);
    private static final List<Integer> FEATURES = List.of(4);
    private static final List<Double> RANGE = List.of(0.0, 1.0, 255.0, 0.0);

    private static Window window(int kernel, int stride, int padding, int dilation) {
        return new Window(kernel, kernel, stride, stride, padding, padding, dilation, dilation, false);
    }

    static Stream<Arguments> lists() {
        Window three = window(3, 1, 0, 1);
        return Stream.of(
                Arguments.of(List.of(MOST, MOST, MOST), "product is at most", new Upsampling(1, 1)),
                Arguments.of(IMAGE, "product is at most", new Upsampling(MANY, MANY)),
                Arguments.of(IMAGE, "product is at most", new Padding(MANY, MANY, MANY, MANY)),
                Arguments.of(IMAGE, "shape 2 x -1 x 4", new Padding(-5, 0, 0, 0)),
                Arguments.of(IMAGE, "product is at most", new Pooling(PoolingKind.MAX, 1, window(1, 1, MANY, 1))),
                Arguments.of(IMAGE, "shape 2 x 0 x 0", new Pooling(PoolingKind.MAX, 1, window(5, 1, 0, 1))),
                Arguments.of(IMAGE, "shape 3 x 0 x 0", new Convolution(2, 3, window(MANY, 1, 0, MANY), 0, -1)),
                Arguments.of(
                        IMAGE, "their product is at most", new Convolution(2, 3, window(MANY, 1, MANY / 2, 1), 0, -1)),
                Arguments.of(IMAGE, "product is at most", new Convolution(2, MOST, three, 0, -1)),
                Arguments.of(IMAGE, "needs 54 elements", new Convolution(2, 3, three, 0, -1)),
                Arguments.of(IMAGE, "is for 3 features or channels", new Convolution(3, 3, three, 0, -1)),
                Arguments.of(FEATURES, "needs an image", new Convolution(4, 3, three, 0, -1)),
                Arguments.of(FEATURES, "needs an image", new GlobalPooling(PoolingKind.MAX, 1)),
                Arguments.of(FEATURES, "parameter 7 is named, but there are 3", new Dense(4, 2, 7, -1)),
                Arguments.of(FEATURES, "needs 268435456 elements", new Dense(4, MOST, 0, -1)),
                Arguments.of(FEATURES, "needs 12 elements", new Dense(4, 3, 0, -1)),
                Arguments.of(FEATURES, "is for 5 features", new Dense(5, 2, 0, -1)),
                Arguments.of(IMAGE, "needs features", new Dense(32, 2, 0, -1)),
                Arguments.of(FEATURES, "needs 2 elements", new Dense(4, 2, 0, 1)),
                Arguments.of(FEATURES, "needs 4 elements", new BatchNorm(4, 0, 1, false, -1, -1, 0)),
                Arguments.of(FEATURES, "does not fit", new ParametricRelu(0)),
                Arguments.of(FEATURES, "does not become", new ToImage(1, 2, 3)),
                Arguments.of(
                        IMAGE,
                        "weight 8 is named, but there are 8",
                        new PortableLayer.GroupedConvolution(
                                2, 4, 1, window(1, 1, 0, 1), 0, new KernelLayout(5, 0, 2, 1, 0, 0), -1)),
                Arguments.of(IMAGE, "product is at most", new PortableLayer.Spread(MANY, MANY)),
                Arguments.of(IMAGE, "needs an image of height 1", new PortableLayer.LastStep()),
                Arguments.of(FEATURES, "needs an image", new PortableLayer.Reverse()),
                Arguments.of(IMAGE, "is for 1 features or channels", new PortableLayer.Embedding(4, 2, 0, -1)),
                Arguments.of(FEATURES, "0 to 4 of [4]", new PortableLayer.Subset(0, 4)),
                Arguments.of(
                        FEATURES,
                        "kept array 0 is named, but there are 0",
                        new PortableLayer.Combine(CombinationKind.ADD, List.of(0))),
                Arguments.of(FEATURES, "product is at most", new ToImage(MOST, MOST, MOST)));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void isRefusedWithItsReason(List<Integer> shape, String reason, PortableLayer layer) throws IOException {
        byte[] file = file(PortableNetwork.of(shape, List.of(layer)));
        assertThatThrownBy(() -> EdgeModel.load(new ByteArrayInputStream(file)))
                .isInstanceOf(PackedFormatException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void combinesOnlyWhatFits() throws IOException {
        byte[] file = file(PortableNetwork.of(
                FEATURES,
                List.of(
                        new PortableLayer.Keep(),
                        new PortableLayer.Subset(0, 1),
                        new PortableLayer.Keep(),
                        new PortableLayer.Combine(CombinationKind.ADD, List.of(0, 1)))));
        assertThatThrownBy(() -> EdgeModel.load(new ByteArrayInputStream(file)))
                .isInstanceOf(PackedFormatException.class)
                .hasMessageContaining("ADD of shapes [4] and [2]");
    }

    /** Each would be an array of its own in every session. */
    @Test
    void keepsNoMoreThanOneArrayMayHold() throws IOException {
        List<PortableLayer> layers = Collections.nCopies(2, new PortableLayer.Keep());
        byte[] file = file(PortableNetwork.of(List.of(MOST), layers));
        assertThatThrownBy(() -> EdgeModel.load(new ByteArrayInputStream(file)))
                .hasMessageContaining("arrays to be kept have " + 2L * MOST + " numbers; allowed are " + MOST);
    }

    @Test
    void anIndexOutsideAnEmbeddingIsNamed() throws IOException {
        byte[] file = file(PortableNetwork.of(List.of(1), List.of(new PortableLayer.Embedding(4, 2, 0, -1))));
        EdgeModel model = EdgeModel.load(new ByteArrayInputStream(file));
        assertThat(model.predict(new float[] {3.9f})).hasSize(2).isEqualTo(model.predict(new float[] {3}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.predict(new float[] {4}))
                .withMessage("index 0 is 4.0; an embedding takes numbers from 0 to 3");
    }

    /** A slope for each pixel would be 256 MB of a file that has but one slope. */
    @Test
    void sharedSlopesAndScalesTakeNoMemory() throws IOException {
        List<PortableLayer> layers = List.of(new Upsampling(1 << 13, 1 << 13), new ParametricRelu(2));
        byte[] file = file(
                PortableNetwork.of(List.of(1, 1, 1), layers),
                new Normalization(Normalization.Kind.IMAGE_RANGE, RANGE, List.of()));
        long before = allocated();
        assertThat(EdgeModel.load(new ByteArrayInputStream(file)).normalizing().bytes())
                .isLessThan(100);
        assertThat(allocated() - before).isLessThan(4_000_000);
    }

    @Test
    void parametersThatAreNotFiniteAreRefused() throws IOException {
        List<PortableLayer> layers = List.of(new Dense(4, 2, 0, -1));
        for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            byte[] file = file(PortableNetwork.of(FEATURES, layers), null, bad);
            assertThatThrownBy(() -> EdgeModel.load(new ByteArrayInputStream(file)))
                    .isInstanceOf(PackedFormatException.class)
                    .hasMessage("layer 0: layer '0', parameter 'W': number 5 is " + bad
                            + "; allowed are finite float32 numbers");
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    static byte[] file(PortableNetwork network) throws IOException {
        return file(network, null);
    }

    /** Eight numbers, the weights of a dense layer from 4 to 2; three numbers; a slope for all pixels of an image. */
    private static byte[] file(PortableNetwork network, Normalization normalization) throws IOException {
        return file(network, normalization, 0);
    }

    /** With a number at the sixth place of each parameter that has so many. */
    private static byte[] file(PortableNetwork network, Normalization normalization, float sixth) throws IOException {
        List<ParameterInfo> table = List.of(
                new ParameterInfo("0", "W", ValueType.FLOAT32, 'f', List.of(4L, 2L), null),
                new ParameterInfo("0", "b", ValueType.FLOAT32, 'f', List.of(1L, 3L), null),
                new ParameterInfo("1", "W", ValueType.FLOAT32, 'f', List.of(1L, 1L, 1L), null));
        PackedHead head = new PackedHead(
                NetworkKind.values()[0], "{}", table, normalization, null, ByteBuffer.wrap(network.write()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PackedWriter writer = new PackedWriter(out, head);
        for (int i = 0; i < table.size(); i++) {
            writer.writeRaw((first, block, count) -> block[5] = sixth);
        }
        writer.end();
        return out.toByteArray();
    }
}
