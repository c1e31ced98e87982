package io.github.dl4jaskew.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The section {@code layr}: every layer survives, and nothing else is accepted. */
class PortableNetworkTest {

    private static final Window WINDOW = new Window(3, 2, 1, 2, 1, 0, 1, 1, false);

    private static PortableNetwork all() {
        return PortableNetwork.of(
                List.of(3, 0, 0),
                List.of(
                        new PortableLayer.Convolution(3, 4, WINDOW, 0, PortableLayer.NONE),
                        new PortableLayer.Pooling(PoolingKind.NORM, 3, new Window(2, 2, 2, 2, 0, 0, 1, 1, true)),
                        new PortableLayer.BatchNorm(4, 1, 2, true, PortableLayer.NONE, 3, 1e-5),
                        new PortableLayer.Activation(ActivationKind.RELU, List.of(Double.POSITIVE_INFINITY, 0.0, 0.1)),
                        new PortableLayer.ParametricRelu(4),
                        new PortableLayer.Padding(1, -2, 0, 3),
                        new PortableLayer.Upsampling(2, 3),
                        new PortableLayer.ChannelsFirst(),
                        new PortableLayer.ChannelsLast(),
                        new PortableLayer.ToFeatures(),
                        new PortableLayer.ToImage(4, 2, 5),
                        new PortableLayer.GlobalPooling(PoolingKind.SUM, 1),
                        new PortableLayer.Dense(4, 2, 5, 6),
                        new PortableLayer.GroupedConvolution(
                                4, 8, 2, WINDOW, 7, new KernelLayout(5, 1, 2, 3, -4, -5), PortableLayer.NONE),
                        new PortableLayer.Spread(2, 3),
                        new PortableLayer.Recurrent(
                                true,
                                3,
                                4,
                                8,
                                9,
                                10,
                                new PortableLayer.Activation(ActivationKind.TANH, List.of()),
                                new PortableLayer.Activation(ActivationKind.RELU, List.of(6.0, 0.0, 0.0))),
                        new PortableLayer.Embedding(9, 3, 11, 12),
                        new PortableLayer.LastStep(),
                        new PortableLayer.Reverse(),
                        new PortableLayer.Keep(),
                        new PortableLayer.Combine(CombinationKind.MAX, List.of(0, 0)),
                        new PortableLayer.Subset(1, 2),
                        new PortableLayer.Permute(2, 0, 1),
                        new PortableLayer.LayerNorm(3, 17, PortableLayer.NONE),
                        new PortableLayer.Activation(ActivationKind.SOFTMAX, List.of())));
    }

    private static PortableNetwork read(byte[] bytes) throws PackedFormatException {
        return PortableNetwork.read(ByteBuffer.wrap(bytes));
    }

    @Test
    void everyLayerSurvives() throws PackedFormatException {
        assertThat(read(all().write())).isEqualTo(all());
        assertThat(read(PortableNetwork.refused("no: \u00e4").write()).reason()).isEqualTo("no: \u00e4");
    }

    @Test
    void everyTruncationAndEveryAdditionIsRefused() {
        byte[] bytes = all().write();
        for (int n = 0; n < bytes.length; n++) {
            byte[] shorter = Arrays.copyOf(bytes, n);
            assertThatThrownBy(() -> read(shorter)).isInstanceOf(PackedFormatException.class);
        }
        assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(PackedFormatException.class)
                .hasMessageContaining("1 bytes too many");
    }

    @Test
    void noDamageDoesMoreThanItsException() {
        Random random = new Random(11);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = all().write();
            for (int k = 0; k < 3; k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                // What is accepted is what would be written.
                assertThat(read(bytes).write()).isEqualTo(bytes);
            } catch (PackedFormatException expected) {
                assertThat(expected).hasMessageStartingWith("section layr, byte ");
            }
        }
    }

    private static void assertRefused(String message, int at, int... values) {
        byte[] bytes = PortableNetwork.of(List.of(4), List.of(new PortableLayer.Dense(4, 2, 0, 1)))
                .write();
        for (int i = 0; i < values.length; i++) {
            bytes[at + i] = (byte) values[i];
        }
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(PackedFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void namesValueAndRange() {
        assertRefused("status is 2; allowed are 0 to 1", 0, 2);
        assertRefused("rank of the input is 9; allowed are 0 to 3", 1, 9);
        assertRefused("input size is -1; allowed are 1 to 67108864", 2, 255, 255, 255, 255);
        assertRefused("number of layers is 2147483647; allowed are 1 to 4096", 6, 255, 255, 255, 127);
        assertRefused("layer 0: type is 77; allowed are 1 to 24", 10, 77);
        assertRefused("layer 0: inputs is 0; allowed are 1 to 67108864", 11, 0);
        assertRefused("layer 0: outputs is -2147483646; allowed", 15, 2, 0, 0, 128);
        assertRefused("layer 0: parameter bias is -2; allowed are -1 to 2147483647", 23, 254, 255, 255, 255);
        assertRefused("parameter 0 is named twice", 23, 0);
    }

    @Test
    void slidesAsDl4jDoes() {
        Window strided = new Window(3, 3, 2, 2, 1, 0, 2, 1, false);
        assertThat(strided.outputHeight(9)).isEqualTo((9 + 2 - 5) / 2 + 1);
        assertThat(strided.outputWidth(9)).isEqualTo((9 - 3) / 2 + 1);
        assertThat(strided.outputHeight(2)).isZero();
        Window same = new Window(4, 3, 1, 2, 0, 0, 1, 1, true);
        assertThat(same.outputHeight(7)).isEqualTo(7);
        assertThat(same.outputWidth(7)).isEqualTo(4);
        assertThat(same.top(7)).isEqualTo(1);
        assertThat(same.left(7)).isEqualTo(1);
    }
}
