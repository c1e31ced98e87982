package io.github.dl4jaskew.bench;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.edge.EdgeSession;
import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
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
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One example through the edge predictor and through DL4J's {@code output}: LeNet with batch norm on an image of 28 x 28,
 * and two dense layers of 1024 inputs and 1024 units, both with binary weights. DL4J multiplies floats.
 *
 * <p>One thread each: ND4J is told so here, but its linear algebra reads {@code OMP_NUM_THREADS} when it is loaded, so set
 * that to 1 in the environment of the benchmark as well.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EdgeBenchmark {

    private static final int UNITS = 1024;
    private static final int SIDE = 28;

    private final Case lenet;
    private final Case dense;

    /** A network, its edge model, and one example for both. */
    private static final class Case {
        private final MultiLayerNetwork network;
        private final INDArray features;
        private final EdgeSession session;
        private final float[] input;
        private final float[] output;

        Case(MultiLayerNetwork net) throws IOException {
            QuantizedModel model = binary(net);
            network = model.toMultiLayerNetwork();
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            model.save(file);
            EdgeModel edge = EdgeModel.load(new ByteArrayInputStream(file.toByteArray()));
            session = edge.newSession();
            input = new float[edge.inputSize()];
            Random random = new Random(5);
            for (int i = 0; i < input.length; i++) {
                input[i] = random.nextFloat();
            }
            output = new float[edge.outputSize()];
            features = Nd4j.createFromArray(input).reshape(1, input.length);
            requireEqual(network, features, session, input, output);
        }

        /** A benchmark of something that computes something else would be worthless. */
        private static void requireEqual(
                MultiLayerNetwork network, INDArray features, EdgeSession session, float[] input, float[] output) {
            float[] expected = network.output(features).dup().data().asFloat();
            session.predict(input, output);
            for (int i = 0; i < expected.length; i++) {
                if (!(Math.abs(expected[i] - output[i]) <= 1e-5 * Math.max(1, Math.abs(expected[i])))) {
                    throw new IllegalStateException("output " + i + " is " + output[i] + ", but DL4J's " + expected[i]);
                }
            }
        }

        float[] edge() {
            session.predict(input, output);
            return output;
        }

        INDArray dl4j() {
            return network.output(features);
        }
    }

    /** Builds both networks with random weights. */
    public EdgeBenchmark() {
        Nd4j.getEnvironment().setMaxThreads(1);
        Nd4j.getEnvironment().setMaxMasterThreads(1);
        try {
            lenet = new Case(lenet());
            dense = new Case(dense());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MultiLayerNetwork lenet() {
        NeuralNetConfiguration.ListBuilder list = list().layer(convolution(20))
                .layer(new BatchNormalization())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(pooling())
                .layer(convolution(50))
                .layer(new BatchNormalization())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(pooling())
                .layer(units(500))
                .layer(new BatchNormalization())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build());
        return init(list.setInputType(InputType.convolutionalFlat(SIDE, SIDE, 1)));
    }

    private static MultiLayerNetwork dense() {
        return init(list().layer(units(UNITS))
                .layer(units(UNITS))
                .setInputType(InputType.feedForward(UNITS))
                .validateOutputLayerConfig(false));
    }

    private static NeuralNetConfiguration.ListBuilder list() {
        return new NeuralNetConfiguration.Builder().seed(11).list();
    }

    private static MultiLayerNetwork init(NeuralNetConfiguration.ListBuilder list) {
        MultiLayerNetwork net = new MultiLayerNetwork(list.build());
        net.init();
        return net;
    }

    private static ConvolutionLayer convolution(int filters) {
        return new ConvolutionLayer.Builder(5, 5)
                .nOut(filters)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static SubsamplingLayer pooling() {
        return new SubsamplingLayer.Builder(PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }

    private static DenseLayer units(int count) {
        return new DenseLayer.Builder()
                .nOut(count)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static QuantizedModel binary(MultiLayerNetwork trained) {
        MultiLayerNetwork net = (MultiLayerNetwork) Network.of(trained).copy().model();
        List<QuantizedParameter> parameters = new ArrayList<>();
        for (Layer layer : net.getLayers()) {
            INDArray weights = layer.paramTable(false).get("W");
            if (weights != null) {
                double scale = 1 / Math.sqrt(weights.length() / (double) weights.size(weights.rank() == 4 ? 0 : 1));
                parameters.add(QuantizedParameter.snap(
                        layer.conf().getLayer().getLayerName(),
                        "W",
                        weights,
                        new ScaledGrid(Grid.binary(), new double[] {scale}, Channels.perTensor())));
            }
        }
        return QuantizedModel.of(net, parameters);
    }

    /**
     * LeNet in plain Java.
     *
     * @return the output
     */
    @Benchmark
    public float[] edgeLenet() {
        return lenet.edge();
    }

    /**
     * LeNet in DL4J.
     *
     * @return the output
     */
    @Benchmark
    public INDArray dl4jLenet() {
        return lenet.dl4j();
    }

    /**
     * Two dense layers in plain Java.
     *
     * @return the output
     */
    @Benchmark
    public float[] edgeDense() {
        return dense.edge();
    }

    /**
     * Two dense layers in DL4J.
     *
     * @return the output
     */
    @Benchmark
    public INDArray dl4jDense() {
        return dense.dl4j();
    }
}
