package io.github.dl4jaskew.keras;

import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.export.OnnxOptions;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Takes files as far as they go, in a process that may be killed: prints a line before each, and its result behind it. */
final class KerasTrial {

    /** Begins the line before a file. */
    static final String START = "@start ";

    /** Begins the line of a result. */
    static final String RESULT = "@result ";

    private static final double TOLERANCE = 1e-5;
    private static final int SEEDS = 2;
    private static final String DIFFERENT = "the numbers differ";

    private boolean imported;
    private boolean installed;
    private boolean packed;
    private boolean edge;
    private boolean exported;
    private boolean onnx;
    private @Nullable Double difference;
    private @Nullable Double onnxDifference;
    private @Nullable String reason;
    private @Nullable String onnxReason;

    private KerasTrial() {}

    /**
     * Runs the trials.
     *
     * @param args the directory, then files below it
     * @throws IOException if a result cannot be written
     */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        ObjectMapper mapper = new ObjectMapper();
        for (int i = 1; i < args.length; i++) {
            System.out.println(START + args[i]);
            System.out.println(RESULT + mapper.writeValueAsString(new KerasTrial().run(directory, args[i])));
        }
        System.exit(0);
    }

    private KerasResult run(Path directory, String file) {
        try {
            take(directory.resolve(file));
        } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
            reason = reason(e);
            onnxReason = reason;
        }
        return new KerasResult(
                file,
                imported,
                installed,
                packed,
                edge,
                exported,
                onnx,
                difference,
                onnxDifference,
                reason,
                onnxReason);
    }

    private static String reason(Throwable e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return e instanceof IOException || e instanceof IllegalArgumentException
                ? message
                : e.getClass().getSimpleName() + ": " + message;
    }

    private void take(Path file) throws Exception {
        KerasNetwork keras = KerasNetwork.read(file);
        imported = true;
        QuantizedModel model = quantize(keras.network());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.save(out);
        packed = true;
        List<List<INDArray>> inputs =
                IntStream.range(0, SEEDS).mapToObj(keras::inputs).toList();
        List<float[]> expected = new ArrayList<>();
        for (List<INDArray> one : inputs) {
            // Some of DL4J's layers write into their input.
            INDArray[] own = one.stream().map(INDArray::dup).toArray(INDArray[]::new);
            expected.add(flat(Arrays.asList(model.outputs(own))));
        }
        try {
            difference = difference(
                    inputs, expected, one -> load(out.toByteArray(), one).predict(flat(one)));
            edge = difference <= TOLERANCE;
            reason = edge ? null : DIFFERENT;
        } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
            reason = reason(e);
        }
        try {
            onnx(model, inputs, expected);
        } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
            onnxReason = reason(e);
        }
    }

    private void onnx(QuantizedModel model, List<List<INDArray>> inputs, List<float[]> expected) throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        model.exportOnnx(file, OnnxOptions.defaults());
        exported = true;
        try (OnnxPredictor runtime = new OnnxPredictor(file.toByteArray())) {
            onnxDifference = difference(inputs, expected, runtime::predict);
        }
        onnx = onnxDifference <= TOLERANCE;
        onnxReason = onnx ? null : DIFFERENT;
    }

    private static double difference(List<List<INDArray>> inputs, List<float[]> expected, Predictor predictor)
            throws Exception {
        double largest = 0;
        for (int i = 0; i < inputs.size(); i++) {
            largest = Math.max(largest, difference(predictor.predict(inputs.get(i)), expected.get(i)));
        }
        return largest;
    }

    /** Outputs of one example, one behind the other. */
    @FunctionalInterface
    private interface Predictor {
        float[] predict(List<INDArray> inputs) throws Exception;
    }

    /** Networks without a weight to quantize, of activations or batch norm alone, are packed as they are. */
    private QuantizedModel quantize(Model network) {
        PostTrainingQuantization recipe =
                PostTrainingQuantization.builder().grid(Grid.uniform(8)).build();
        try {
            recipe.install(network);
        } catch (IllegalArgumentException e) {
            return QuantizedModel.of(network, List.of());
        }
        installed = true;
        return recipe.quantize(network);
    }

    /** The size of an input that the file does not tell is one of those of DL4J's array. */
    private static EdgeModel load(byte[] file, List<INDArray> inputs) throws IOException {
        long[] shape = inputs.get(0).shape();
        int numbers = flat(inputs).length;
        List<int[]> sizes = new ArrayList<>();
        for (int from = 1; from < shape.length; from++) {
            for (int to = from + 1; to <= shape.length; to++) {
                sizes.add(Arrays.stream(Arrays.copyOfRange(shape, from, to))
                        .mapToInt(Math::toIntExact)
                        .toArray());
            }
        }
        IOException refusal;
        try {
            return EdgeModel.load(new ByteArrayInputStream(file));
        } catch (IOException e) {
            refusal = e;
        }
        EdgeModel fits = null;
        for (int[] size : sizes) {
            try {
                EdgeModel model = EdgeModel.load(new ByteArrayInputStream(file), size);
                long[] own = Arrays.stream(model.inputShape()).asLongStream().toArray();
                if (Arrays.equals(own, Arrays.copyOfRange(shape, 1, shape.length))) {
                    return model;
                }
                fits = model.inputSize() == numbers ? model : fits;
            } catch (IOException | IllegalArgumentException e) {
                // Otherwise it is not the size of this network, and what was said before tells more.
                refusal = e instanceof IOException io ? io : refusal;
            }
        }
        if (fits == null) {
            throw refusal;
        }
        return fits;
    }

    private static float[] flat(List<INDArray> arrays) {
        int length = arrays.stream().mapToInt(a -> Math.toIntExact(a.length())).sum();
        float[] all = new float[length];
        int at = 0;
        for (INDArray array : arrays) {
            float[] numbers = array.dup('c').data().asFloat();
            System.arraycopy(numbers, 0, all, at, numbers.length);
            at += numbers.length;
        }
        return all;
    }

    private static double difference(float[] actual, float[] expected) throws IOException {
        if (actual.length != expected.length) {
            throw new IOException(actual.length + " numbers, of DL4J " + expected.length);
        }
        double largest = 1;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            if (Float.isFinite(expected[i])) {
                largest = Math.max(largest, Math.abs(expected[i]));
            }
            boolean same = Float.compare(expected[i], actual[i]) == 0;
            double d = same ? 0 : Math.abs((double) expected[i] - actual[i]);
            difference = Math.max(difference, Double.isNaN(d) ? Double.MAX_VALUE : d);
        }
        return difference / largest;
    }
}
