package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.cli.GridOption;
import io.github.dl4jaskew.cli.KerasFile;
import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.TextTable;
import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.examples.data.DrawnDigits;
import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * From Keras to where there is neither Keras nor DL4J: reads a Sequential model for digits, quantizes it, fine-tunes it towards
 * its levels, and writes it for the edge predictor and for ONNX Runtime.
 */
@Command(
        name = "KerasToEdge",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = {
            "Quantizes a network of Keras, fine-tunes it, and packs it for the edge and for ONNX Runtime.",
            "Without --model it trains one of its own in Keras' layout, since HDF5, which reads Keras' files, is not on the"
                    + " class path of this build: add org.bytedeco:hdf5 with the natives of the platform."
        })
public final class KerasToEdge implements Callable<Integer> {

    private static final int EPOCHS = 3;
    private static final int BATCH = 50;
    private static final double LEARNING_RATE = 0.003;

    /** What {@code keras.json} holds; accuracies are shares, and null where the edge refuses the network. */
    private record Summary(
            @JsonProperty("model") String model,
            @JsonProperty("grid") String grid,
            @JsonProperty("float_accuracy") double unconstrained,
            @JsonProperty("rounded_accuracy") double rounded,
            @JsonProperty("askew_accuracy") double askew,
            @JsonProperty("edge_accuracy") @Nullable Double edge,
            @JsonProperty("edge_refusal") @Nullable String refusal,
            @JsonProperty("packed_bytes") long packedBytes,
            @JsonProperty("onnx_bytes") long onnxBytes) {}

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "A Sequential of Keras, saved as .h5, from images [28, 28, 1] to 10 probabilities.")
    private @Nullable Path model;

    @Option(
            names = "--grid",
            converter = GridOption.class,
            paramLabel = "GRID",
            defaultValue = "ternary",
            description = "binary, ternary, uniform1 to uniform8, powers2 to powers6. Default: ${DEFAULT-VALUE}.")
    private Grid grid = Grid.ternary();

    @Option(
            names = "--train",
            paramLabel = "N",
            defaultValue = "500",
            description = "Digits to draw for training. Default: ${DEFAULT-VALUE}.")
    private int train = 500;

    @Option(
            names = "--test",
            paramLabel = "N",
            defaultValue = "200",
            description = "Digits to draw for the test. Default: ${DEFAULT-VALUE}.")
    private int test = 200;

    @Mixin
    private TrainingOptions options = new TrainingOptions(EPOCHS);

    /**
     * Runs the program and ends the JVM.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs the program.
     *
     * @param args see {@code --help}
     * @return 0 if all went well, 2 for bad arguments, 1 for any other error
     */
    public static int run(String... args) {
        return Program.run(new KerasToEdge(), args);
    }

    @Override
    public Integer call() throws IOException {
        Split split = DrawnDigits.generate(train, test, options.seed());
        DataSet digits = images(split.test());
        DataSetIterator batches =
                new ListDataSetIterator<>(images(split.train()).asList(), BATCH);
        int iterations = (train + BATCH - 1) / BATCH;
        MultiLayerNetwork network = model == null ? likeKeras(batches) : trainable(model);
        double unconstrained = accuracy(network.output(digits.getFeatures()), digits);

        Askew recipe =
                Askew.fromTrained(options.epochs(), iterations).grid(grid).build();
        QuantizedModel ptq = PostTrainingQuantization.builder()
                .grid(grid)
                .scale(Scale.mse().perChannel())
                .build()
                .quantize(network, batches);
        double rounded = accuracy(ptq.output(digits.getFeatures()), digits);
        System.out.println(recipe.install(network));
        network.fit(batches, options.epochs());
        QuantizedModel quantized = recipe.quantize(network, batches);

        Path packed = options.file("keras.askew");
        Path onnx = options.file("keras.onnx");
        Files.createDirectories(packed.toAbsolutePath().getParent());
        quantized.save(packed);
        quantized.exportOnnx(onnx);
        Summary summary = summary(
                unconstrained, rounded, accuracy(quantized.output(digits.getFeatures()), digits), packed, onnx, digits);
        ResultsFile.write(options.file("keras.json"), summary);
        System.out.print(table(summary));
        System.out.println("Results: " + options.file("keras.json"));
        return 0;
    }

    private Summary summary(double unconstrained, double rounded, double askew, Path packed, Path onnx, DataSet digits)
            throws IOException {
        Double edge = null;
        String refusal = null;
        try {
            edge = accuracy(EdgeModel.load(packed, Mnist.SIDE, Mnist.SIDE), digits);
        } catch (PackedFormatException e) {
            refusal = e.getMessage();
        }
        return new Summary(
                model == null ? "built in" : String.valueOf(model.getFileName()),
                grid.toString(),
                unconstrained,
                rounded,
                askew,
                edge,
                refusal,
                Files.size(packed),
                Files.size(onnx));
    }

    /** Keras keeps channels last. */
    private static DataSet images(DataSet digits) {
        INDArray pixels = digits.getFeatures();
        return new DataSet(pixels.reshape(pixels.size(0), Mnist.SIDE, Mnist.SIDE, 1), digits.getLabels());
    }

    private static double accuracy(INDArray probabilities, DataSet digits) {
        return probabilities
                .argMax(1)
                .eq(digits.getLabels().argMax(1))
                .castTo(probabilities.dataType())
                .meanNumber()
                .doubleValue();
    }

    private static double accuracy(EdgeModel edge, DataSet digits) {
        int right = 0;
        int count = Math.toIntExact(digits.getFeatures().size(0));
        for (int i = 0; i < count; i++) {
            int digit = digits.getLabels().getRow(i).argMax().getInt(0);
            right += edge.classify(digits.getFeatures().slice(i).dup('c').data().asFloat()) == digit ? 1 : 0;
        }
        return (double) right / count;
    }

    /** What DL4J's import makes of a Sequential: channels last, batch norm without a scale of its own, ReLU as a layer. */
    private MultiLayerNetwork likeKeras(DataSetIterator batches) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .updater(new Adam(LEARNING_RATE))
                .list()
                .layer(new ConvolutionLayer.Builder(5, 5)
                        .nOut(8)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new SubsamplingLayer.Builder(PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(64)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(Mnist.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(Mnist.SIDE, Mnist.SIDE, 1, CNN2DFormat.NHWC))
                .build());
        network.init();
        network.fit(batches, options.epochs());
        return network;
    }

    /** The network of a file with an updater and, where Keras' training settings were not saved, a loss. */
    private static MultiLayerNetwork trainable(Path file) throws IOException {
        if (!(KerasFile.read(file) instanceof MultiLayerNetwork network)) {
            throw new IllegalArgumentException(
                    file + " is no Sequential; allowed is one from images to 10 probabilities");
        }
        Layer last = network.getLayer(network.getnLayers() - 1).conf().getLayer();
        TransferLearning.Builder builder = new TransferLearning.Builder(network)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(LEARNING_RATE))
                        .build());
        return last instanceof BaseOutputLayer || last instanceof LossLayer
                ? builder.build()
                : builder.addLayer(new LossLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.IDENTITY)
                                .build())
                        .build();
    }

    private static TextTable table(Summary s) {
        TextTable table = new TextTable("", "accuracy", "bytes");
        table.row("float, " + s.model(), percent(s.unconstrained()), "");
        table.row(s.grid() + ", rounded", percent(s.rounded()), "");
        table.row(s.grid() + ", AskewSGD", percent(s.askew()), s.packedBytes());
        table.row("on the edge", s.edge() == null ? "no: " + s.refusal() : percent(s.edge()), s.packedBytes());
        table.row("for ONNX Runtime", "", s.onnxBytes());
        return table;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
