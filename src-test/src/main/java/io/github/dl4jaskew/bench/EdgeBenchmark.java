package io.github.dl4jaskew.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.dl4jaskew.activation.SignActivation;
import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.edge.EdgeSession;
import io.github.dl4jaskew.export.OnnxOptions;
import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A quantized network in the edge predictor, in ONNX Runtime (in float32, and with weights of 2 to 8 bits) and in DL4J, in
 * turns, one thread each: for one image, and for one of a batch of 32, which the edge predictor takes one by one.
 *
 * <p>ND4J and ONNX Runtime are told so here, but ND4J's linear algebra reads {@code OMP_NUM_THREADS} when it is loaded, so
 * set that to 1 in the environment of the benchmark as well.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class EdgeBenchmark {

    private static final int SIDE = 28;
    private static final int BATCH = 32;

    /** Images of a turn, so that reading the clock counts for little. */
    private static final int TURN = 8;

    /** What is served. */
    public enum Served {
        /** LeNet with batch norm, binary weights. */
        LENET,
        /** 784-512-512-10 with batch norm, binary weights. */
        MLP_BINARY,
        /** The same with ternary weights. */
        MLP_TERNARY,
        /** The same with weights of 4 bits. */
        MLP_4_BITS,
        /** The same with binary weights and binary activations of the hidden layers, [W1/A1]. */
        MLP_SIGNS;

        private Grid grid() {
            return switch (this) {
                case MLP_TERNARY -> Grid.ternary();
                case MLP_4_BITS -> Grid.uniform(4);
                default -> Grid.binary();
            };
        }

        private IActivation activation() {
            return this == MLP_SIGNS ? SignActivation.clipped() : new ActivationReLU();
        }

        private MultiLayerNetwork network() {
            NeuralNetConfiguration.ListBuilder list =
                    new NeuralNetConfiguration.Builder().seed(11).list();
            if (this == LENET) {
                block(list, convolution(20)).layer(pooling());
                block(list, convolution(50)).layer(pooling());
                block(list, units(500));
            } else {
                block(list, units(512));
                block(list, units(512));
            }
            list.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(10)
                    .activation(new ActivationSoftmax())
                    .build());
            MultiLayerNetwork net = new MultiLayerNetwork(list.setInputType(InputType.convolutionalFlat(SIDE, SIDE, 1))
                    .build());
            net.init();
            return net;
        }

        private NeuralNetConfiguration.ListBuilder block(
                NeuralNetConfiguration.ListBuilder list, org.deeplearning4j.nn.conf.layers.Layer weights) {
            return list.layer(weights).layer(new BatchNormalization()).layer(new ActivationLayer(activation()));
        }

        private static ConvolutionLayer convolution(int filters) {
            return new ConvolutionLayer.Builder(5, 5)
                    .nOut(filters)
                    .hasBias(false)
                    .activation(new ActivationIdentity())
                    .build();
        }

        private static DenseLayer units(int count) {
            return new DenseLayer.Builder()
                    .nOut(count)
                    .hasBias(false)
                    .activation(new ActivationIdentity())
                    .build();
        }

        private static SubsamplingLayer pooling() {
            return new SubsamplingLayer.Builder(PoolingType.MAX)
                    .kernelSize(2, 2)
                    .stride(2, 2)
                    .build();
        }

        /** The network on its grid, as it is, without training. */
        QuantizedModel model() {
            MultiLayerNetwork net =
                    (MultiLayerNetwork) Network.of(network()).copy().model();
            List<QuantizedParameter> parameters = new ArrayList<>();
            for (Layer layer : net.getLayers()) {
                INDArray weights = layer.paramTable(false).get("W");
                if (weights != null) {
                    double scale = 1 / Math.sqrt(weights.length() / (double) weights.size(weights.rank() == 4 ? 0 : 1));
                    parameters.add(QuantizedParameter.snap(
                            layer.conf().getLayer().getLayerName(),
                            "W",
                            weights,
                            new ScaledGrid(grid(), new double[] {scale}, Channels.perTensor())));
                }
            }
            return QuantizedModel.of(net, parameters);
        }
    }

    /** Who serves. */
    enum Server {
        EDGE,
        ONNX_FLOAT,
        ONNX_PACKED,
        DL4J
    }

    /** Medians of an iteration of measurement: microseconds an image, and times of the edge predictor over another's. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Times extends Turns<Server> {

        /** Times of nothing. */
        public Times() {
            super(Server.class);
        }

        /**
         * The edge predictor.
         *
         * @return microseconds
         */
        public double edge() {
            return median(Server.EDGE);
        }

        /**
         * ONNX Runtime with weights in float32.
         *
         * @return microseconds
         */
        public double onnxFloat() {
            return median(Server.ONNX_FLOAT);
        }

        /**
         * ONNX Runtime with weights of few bits.
         *
         * @return microseconds
         */
        public double onnxPacked() {
            return median(Server.ONNX_PACKED);
        }

        /**
         * DL4J.
         *
         * @return microseconds
         */
        public double dl4j() {
            return median(Server.DL4J);
        }

        /**
         * The edge predictor over ONNX Runtime in float32.
         *
         * @return the ratio
         */
        public double edgeToOnnxFloat() {
            return ratio(Server.EDGE, Server.ONNX_FLOAT);
        }

        /**
         * The edge predictor over ONNX Runtime with weights of few bits.
         *
         * @return the ratio
         */
        public double edgeToOnnxPacked() {
            return ratio(Server.EDGE, Server.ONNX_PACKED);
        }

        /**
         * The edge predictor over DL4J.
         *
         * @return the ratio
         */
        public double edgeToDl4j() {
            return ratio(Server.EDGE, Server.DL4J);
        }
    }

    /** An exported model with an input of some images. */
    private static final class Onnx implements AutoCloseable {
        private final OrtSession session;
        private final Map<String, OnnxTensor> one;
        private final Map<String, OnnxTensor> batch;

        Onnx(QuantizedModel model, OnnxOptions options, float[] image) throws IOException, OrtException {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            model.exportOnnx(file, options);
            try (OrtSession.SessionOptions threads = new OrtSession.SessionOptions()) {
                threads.setIntraOpNumThreads(1);
                threads.setInterOpNumThreads(1);
                session = OrtEnvironment.getEnvironment().createSession(file.toByteArray(), threads);
            }
            one = input(image, 1);
            batch = input(image, BATCH);
        }

        private Map<String, OnnxTensor> input(float[] image, int count) throws OrtException {
            FloatBuffer images = FloatBuffer.allocate(count * image.length);
            for (int i = 0; i < count; i++) {
                images.put(image);
            }
            OnnxTensor tensor = OnnxTensor.createTensor(
                    OrtEnvironment.getEnvironment(), images.rewind(), new long[] {count, image.length});
            return Map.of(session.getInputNames().iterator().next(), tensor);
        }

        float[] run(Map<String, OnnxTensor> input) throws OrtException {
            try (OrtSession.Result result = session.run(input)) {
                return ((float[][]) result.get(0).getValue())[0];
            }
        }

        @Override
        public void close() throws OrtException {
            one.values().forEach(OnnxTensor::close);
            batch.values().forEach(OnnxTensor::close);
            session.close();
        }
    }

    private interface Work {
        void run() throws OrtException;
    }

    /** The network. */
    @Param
    public Served served;

    private MultiLayerNetwork network;
    private INDArray one;
    private INDArray batch;
    private EdgeSession edge;
    private Onnx onnxFloat;
    private Onnx onnxPacked;
    private float[] image;
    private float[] output;

    /**
     * Loads the network into all of them.
     *
     * @throws IOException if that fails
     * @throws OrtException if that fails in ONNX Runtime
     */
    @Setup
    public void setUp() throws IOException, OrtException {
        Nd4j.getEnvironment().setMaxThreads(1);
        Nd4j.getEnvironment().setMaxMasterThreads(1);
        QuantizedModel model = served.model();
        network = model.toMultiLayerNetwork();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        model.save(file);
        EdgeModel loaded = EdgeModel.load(new ByteArrayInputStream(file.toByteArray()));
        edge = loaded.newSession();
        Random random = new Random(5);
        image = new float[loaded.inputSize()];
        for (int i = 0; i < image.length; i++) {
            image[i] = random.nextFloat();
        }
        output = new float[loaded.outputSize()];
        one = Nd4j.createFromArray(image).reshape(1, image.length);
        batch = Nd4j.repeat(one, BATCH).reshape(BATCH, image.length);
        onnxFloat = new Onnx(model, OnnxOptions.opset(13), image);
        onnxPacked = new Onnx(model, OnnxOptions.defaults(), image);
        requireEqual(onnxFloat.run(onnxFloat.one));
        requireEqual(onnxPacked.run(onnxPacked.one));
        requireEqual(network.output(one).dup('c').data().asFloat());
    }

    /** A benchmark of something that computes something else would be worthless. */
    private void requireEqual(float[] others) {
        edge.predict(image, output);
        // A sum that rounds to the other side of 0 changes a sign, and each sign changes scores by some hundredths.
        double tolerance = served == Served.MLP_SIGNS ? 0.1 : 1e-5;
        for (int i = 0; i < others.length; i++) {
            if (!(Math.abs(others[i] - output[i]) <= tolerance)) {
                throw new IllegalStateException("output " + i + " is " + output[i] + ", elsewhere " + others[i]);
            }
        }
    }

    /**
     * Frees what ONNX Runtime holds.
     *
     * @throws OrtException if that fails
     */
    @TearDown
    public void tearDown() throws OrtException {
        onnxFloat.close();
        onnxPacked.close();
    }

    /**
     * Images one by one.
     *
     * @param times takes what they took
     * @throws OrtException if ONNX Runtime fails
     */
    @Benchmark
    public void oneImage(Times times) throws OrtException {
        time(times, Server.EDGE, TURN, TURN, () -> edge.predict(image, output));
        time(times, Server.ONNX_FLOAT, TURN, TURN, () -> onnxFloat.run(onnxFloat.one));
        time(times, Server.ONNX_PACKED, TURN, TURN, () -> onnxPacked.run(onnxPacked.one));
        time(times, Server.DL4J, 1, 1, () -> network.output(one));
    }

    /**
     * Images in batches of 32.
     *
     * @param times takes what they took
     * @throws OrtException if ONNX Runtime fails
     */
    @Benchmark
    public void batch(Times times) throws OrtException {
        time(times, Server.EDGE, BATCH, BATCH, () -> edge.predict(image, output));
        time(times, Server.ONNX_FLOAT, 1, BATCH, () -> onnxFloat.run(onnxFloat.batch));
        time(times, Server.ONNX_PACKED, 1, BATCH, () -> onnxPacked.run(onnxPacked.batch));
        time(times, Server.DL4J, 1, BATCH, () -> network.output(batch));
    }

    private static void time(Times times, Server server, int repetitions, int images, Work work) throws OrtException {
        long start = System.nanoTime();
        for (int i = 0; i < repetitions; i++) {
            work.run();
        }
        times.add(server, (System.nanoTime() - start) / 1e3 / images);
    }
}
