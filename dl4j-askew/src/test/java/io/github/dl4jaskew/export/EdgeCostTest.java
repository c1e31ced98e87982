package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.conv;
import static io.github.dl4jaskew.export.EdgeNets.dense;
import static io.github.dl4jaskew.export.EdgeNets.network;
import static io.github.dl4jaskew.export.EdgeNets.output;
import static io.github.dl4jaskew.export.EdgeNets.saved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.packed.PoolingKind;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.PortableLayer.Pooling;
import io.github.dl4jaskew.packed.PortableLayer.Upsampling;
import io.github.dl4jaskew.packed.PortableNetwork;
import io.github.dl4jaskew.packed.Window;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a prediction takes is known before it, and one that takes too long can be ended. */
class EdgeCostTest {

    private static EdgeModel load(QuantizedModel model) throws IOException {
        return EdgeModel.load(new ByteArrayInputStream(saved(model)));
    }

    private static EdgeModel load(List<Integer> shape, List<PortableLayer> layers) throws IOException {
        return EdgeNets.load(PortableNetwork.of(shape, layers));
    }

    private static Window same(int kernel) {
        return new Window(kernel, kernel, 1, 1, 0, 0, 1, 1, true);
    }

    @Test
    void countsProductsAndTheNumbersBetweenLayers() throws IOException {
        EdgeModel mlp =
                load(QuantizedModel.of(network(InputType.feedForward(4), dense(6, true), output(3)), List.of()));
        // 4 to 6 and tanh, 6 to 3 and softmax
        assertThat(mlp.cost()).isEqualTo((4 * 6 + 4 + 6) + (6 + 6) + (6 * 3 + 6 + 3) + (3 + 3));
        InputType images = InputType.convolutionalFlat(5, 5, 1);
        EdgeModel cnn = load(QuantizedModel.of(network(images, conv(2, 3), output(3)), List.of()));
        long convolution = (2 + 1) * 9 * 9 + 25 + 18;
        assertThat(cnn.cost()).isEqualTo(convolution + (18 + 18) + (18 * 3 + 18 + 3) + (3 + 3));
    }

    @Test
    void filesOfYearsSaySo() throws IOException {
        int large = 1 << 12;
        Pooling pooling = new Pooling(PoolingKind.MAX, 1, same(large));
        EdgeModel model = load(List.of(1, 1, 1), List.of(new Upsampling(large, large), pooling));
        assertThat(model.cost()).isGreaterThan(1L << 48);
        EdgeModel many = load(
                List.of(1, 1, 1),
                List.of(new Upsampling(1 << 13, 1 << 13), new Upsampling(1, 1), pooling(1 << 13), pooling(1 << 13)));
        assertThat(many.cost()).isGreaterThan(1L << 52);
        List<PortableLayer> layers = new ArrayList<>(Collections.nCopies(4095, pooling(1 << 13)));
        layers.add(0, new Upsampling(1 << 13, 1 << 13));
        assertThat(load(List.of(1, 1, 1), layers).cost()).isEqualTo(Long.MAX_VALUE);
    }

    private static Pooling pooling(int kernel) {
        return new Pooling(PoolingKind.MEAN, 1, same(kernel));
    }

    private static void assertEndsWhenInterrupted(EdgeModel model) {
        float[] input = new float[model.inputSize()];
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> model.predict(input)).isInstanceOf(CancellationException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    /** The interrupt comes when the step runs already. */
    private static void assertEndsInTheMiddle(EdgeModel model) throws InterruptedException {
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(() -> {
            try {
                model.predict(new float[model.inputSize()]);
            } catch (CancellationException e) {
                thrown[0] = e;
            }
        });
        thread.start();
        // Either in the first step or in the one that takes years; both must end.
        Thread.sleep(300);
        thread.interrupt();
        thread.join();
        assertThat(thrown[0]).isInstanceOf(CancellationException.class);
    }

    @Test
    @Timeout(100)
    void interruptsEndLongPredictions() throws Exception {
        int large = 1 << 11;
        Upsampling up = new Upsampling(large, large);
        EdgeModel pooling = load(List.of(1, 1, 1), List.of(up, new Pooling(PoolingKind.MAX, 1, same(large))));
        assertEndsWhenInterrupted(pooling);
        assertEndsInTheMiddle(pooling);
        EdgeModel mean = load(List.of(1, 1, 1), List.of(up, pooling(large)));
        assertEndsInTheMiddle(mean);
        EdgeModel conv = load(QuantizedModel.of(
                network(
                        InputType.convolutionalFlat(500, 500, 1),
                        conv(8, 3),
                        new GlobalPoolingLayer.Builder(PoolingType.AVG).build(),
                        output(2)),
                List.of()));
        assertEndsWhenInterrupted(conv);
    }

    /** A service may predict while it is being shut down. */
    @Test
    void shortPredictionsAreNotInterrupted() throws IOException {
        EdgeModel model = load(QuantizedModel.of(network(InputType.feedForward(4), output(3)), List.of()));
        Thread.currentThread().interrupt();
        try {
            assertThat(model.predict(new float[4])).hasSize(3);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
