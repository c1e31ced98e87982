package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.cli.GridOption;
import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.cli.TextTable;
import io.github.dl4jaskew.examples.report.BarChart;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.examples.task.ZooShape;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.schedule.Annealing;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How small and how fast packed files are, for networks of well-known shapes with random weights. */
@Command(
        name = "PackedSizes",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = "Packs LeNet and VGG16 with random weights; prints predicted and actual bytes, and seconds.")
public final class PackedSizes implements Callable<Integer> {

    private static final int STEPS = 3;

    /** What {@code sizes.json} holds of one network. */
    private record Size(
            @JsonProperty("network") String network,
            @JsonProperty("grid") String grid,
            @JsonProperty("parameters") long parameters,
            @JsonProperty("packed_parameter_bytes") long packedParameterBytes,
            @JsonProperty("predicted_file_bytes") long predictedFileBytes,
            @JsonProperty("file_bytes") long fileBytes,
            @JsonProperty("model_serializer_bytes") long modelSerializerBytes,
            @JsonProperty("ratio") double ratio,
            @JsonProperty("quantize_seconds") double quantizeSeconds,
            @JsonProperty("save_seconds") double saveSeconds,
            @JsonProperty("load_seconds") double loadSeconds,
            @JsonProperty("same_parameters") boolean sameParameters,
            @JsonProperty("resident_megabytes") long residentMegabytes) {}

    @Option(
            names = "--network",
            split = ",",
            defaultValue = "LENET,VGG16",
            description = "Which networks: ${COMPLETION-CANDIDATES}. VGG16 takes 3 GB. Default: both.")
    private List<ZooShape> shapes = List.of(ZooShape.LENET, ZooShape.VGG16);

    @Option(
            names = "--grid",
            defaultValue = "binary",
            converter = GridOption.class,
            description =
                    "The levels of all weights: binary, ternary, uniform1 to uniform8. Default: ${DEFAULT-VALUE}.")
    private Grid grid = Grid.binary();

    @Mixin
    private RunOptions options = new RunOptions();

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
        return Program.run(new PackedSizes(), args);
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(options.results());
        List<Size> sizes = new ArrayList<>();
        TextTable table = new TextTable(
                "network", "parameters", "predicted", "file bytes", "zip bytes", "ratio", "quantize", "save", "load");
        try (ProgressBar bar = Progress.of("packing", (long) STEPS * shapes.size())) {
            for (ZooShape shape : shapes) {
                bar.setExtraMessage(shape.name());
                sizes.add(measure(shape, bar));
            }
        }
        for (Size s : sizes) {
            table.row(
                    s.network(),
                    s.parameters(),
                    s.predictedFileBytes(),
                    s.fileBytes(),
                    s.modelSerializerBytes(),
                    decimal(s.ratio()),
                    decimal(s.quantizeSeconds()) + " s",
                    decimal(s.saveSeconds()) + " s",
                    decimal(s.loadSeconds()) + " s");
        }
        ResultsFile.write(options.file("sizes.json"), sizes);
        chart(sizes).draw(options.file("sizes.png"));
        System.out.println();
        System.out.println(table);
        System.out.println("zip bytes are those of ModelSerializer without updater state");
        System.out.println("Results: " + options.file("sizes.json"));
        return 0;
    }

    private BarChart chart(List<Size> sizes) {
        BarChart chart = new BarChart("Files of networks, all weights " + grid, "MB");
        for (Size s : sizes) {
            chart.bar("ModelSerializer", s.network(), s.modelSerializerBytes() / 1e6);
            chart.bar("packed", s.network(), s.fileBytes() / 1e6);
        }
        return chart;
    }

    private Size measure(ZooShape shape, ProgressBar bar) throws IOException {
        Path file = options.file(shape.name().toLowerCase(Locale.ROOT) + ".askew");
        MultiLayerNetwork network = new MultiLayerNetwork(shape.configuration(options.seed()));
        network.init();
        Askew askew = Askew.builder()
                .grid(grid)
                .scale(Scale.meanAbs())
                .epsilon(Annealing.hold(1).thenExponential(0.5))
                .layers(Layers.all())
                .build();
        askew.install(network);
        long start = System.nanoTime();
        QuantizedModel model = askew.quantize(network);
        final double quantizeSeconds = since(start);
        bar.step();
        final long zipBytes = zipBytes(network);
        final long parameters = network.numParams();
        network.close();
        final long predicted = model.fileBytes();
        start = System.nanoTime();
        model.save(file);
        final double saveSeconds = since(start);
        bar.step();
        start = System.nanoTime();
        QuantizedModel loaded = QuantizedModel.load(file);
        final double loadSeconds = since(start);
        bar.step();
        return new Size(
                shape.name(),
                grid.toString(),
                parameters,
                model.memoryReport().packedBytes(),
                predicted,
                Files.size(file),
                zipBytes,
                (double) zipBytes / Files.size(file),
                quantizeSeconds,
                saveSeconds,
                loadSeconds,
                same(model, loaded),
                Pointer.physicalBytes() >> 20);
    }

    private static boolean same(QuantizedModel model, QuantizedModel loaded) {
        INDArray before = model.toMultiLayerNetwork().params();
        return before.equalsWithEps(loaded.toMultiLayerNetwork().params(), 0);
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** The size of ModelSerializer's file, which is not kept. */
    private static long zipBytes(MultiLayerNetwork network) throws IOException {
        long[] count = new long[1];
        try (OutputStream counter = new OutputStream() {
            @Override
            public void write(int b) {
                count[0]++;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                count[0] += length;
            }
        }) {
            ModelSerializer.writeModel(network, counter, false);
        }
        return count[0];
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
