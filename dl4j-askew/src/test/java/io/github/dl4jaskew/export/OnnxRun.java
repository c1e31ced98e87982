package io.github.dl4jaskew.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What ONNX Runtime, at its default options, makes of an exported model, next to DL4J. */
public final class OnnxRun {

    private static final double TOLERANCE = 1e-5;
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private OnnxRun() {}

    public static QuantizedModel quantized(Model net, Grid grid, boolean perChannel) {
        PostTrainingQuantization method = PostTrainingQuantization.builder()
                .grid(grid)
                .scale(perChannel ? Scale.max().perChannel() : Scale.max())
                .build();
        method.install(net);
        return method.quantize(net);
    }

    public static byte[] exported(QuantizedModel model, OnnxOptions options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            model.exportOnnx(out, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public static INDArray random(long... shape) {
        Random random = new Random(5);
        float[] x = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (2 * random.nextGaussian());
        }
        return Nd4j.createFromArray(x).reshape('c', shape);
    }

    public static INDArray indices(int count, long... shape) {
        Random random = new Random(5);
        float[] x = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(count);
        }
        return Nd4j.createFromArray(x).reshape('c', shape);
    }

    /** The outputs, each in c order. */
    public static List<float[]> run(byte[] file, INDArray... features) throws OrtException {
        try (OrtSession session = ENVIRONMENT.createSession(file)) {
            Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
            int i = 0;
            for (String name : session.getInputNames()) {
                INDArray x = features[i++];
                inputs.put(
                        name,
                        OnnxTensor.createTensor(
                                ENVIRONMENT, FloatBuffer.wrap(x.dup('c').data().asFloat()), x.shape()));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                List<float[]> outputs = new ArrayList<>();
                result.forEach(entry -> {
                    FloatBuffer values = ((OnnxTensor) entry.getValue()).getFloatBuffer();
                    float[] numbers = new float[values.remaining()];
                    values.get(numbers);
                    outputs.add(numbers);
                });
                return outputs;
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
        }
    }

    /** All outputs for a minibatch and, as their number is free, for its first example alone. */
    public static void assertAgrees(QuantizedModel model, OnnxOptions options, INDArray... features)
            throws OrtException {
        byte[] file = exported(model, options);
        assertThat(exported(model, options)).isEqualTo(file);
        Network network = Network.of(model.toNetwork());
        INDArray[] one = Arrays.stream(features)
                .map(x -> x.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(0, 1))
                        .dup('c'))
                .toArray(INDArray[]::new);
        for (INDArray[] in : List.of(features, one)) {
            INDArray[] copies = Arrays.stream(in).map(INDArray::dup).toArray(INDArray[]::new);
            INDArray[] expected = network.output(copies, null, null);
            List<float[]> actual = run(file, in);
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < expected.length; i++) {
                assertClose(actual.get(i), expected[i].dup('c').data().asFloat());
            }
        }
    }

    public static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 1;
        for (float e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("output " + i).isCloseTo(expected[i], within(TOLERANCE * largest));
        }
    }
}
