package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.cli.GridOption;
import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.cli.TextTable;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.report.BarChart;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.examples.task.DigitsNetwork;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.MemoryReport;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * From training to serving: trains two networks with AskewSGD, packs them into files, loads the files and predicts with
 * what was loaded.
 */
@Command(
        name = "PackedModels",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = "Trains, packs, loads and serves quantized networks for digits.")
public final class PackedModels implements Callable<Integer> {

    private static final int EPOCHS = 6;
    private static final int EVALUATION_BATCH = 500;

    /** What {@code packed.json} holds of one model; bytes are those of the parameters, unless it says file. */
    private record Packed(
            @JsonProperty("model") String model,
            @JsonProperty("dataset") String dataset,
            @JsonProperty("grid") String grid,
            @JsonProperty("parameters") long parameters,
            @JsonProperty("float_bytes") long floatBytes,
            @JsonProperty("packed_bytes") long packedBytes,
            @JsonProperty("ratio") double ratio,
            @JsonProperty("file_bytes") long fileBytes,
            @JsonProperty("accuracy") double accuracy,
            @JsonProperty("max_abs_output_difference") double maxAbsOutputDifference) {}

    @Mixin
    private DigitsOption data = new DigitsOption();

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
            defaultValue = "1000",
            description = "Digits to draw for training. Default: ${DEFAULT-VALUE}.")
    private int train = 1000;

    @Option(
            names = "--test",
            paramLabel = "N",
            defaultValue = "500",
            description = "Digits to draw for the test. Default: ${DEFAULT-VALUE}.")
    private int test = 500;

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
        return Program.run(new PackedModels(), args);
    }

    @Override
    public Integer call() throws IOException {
        int epochs = options.epochs();
        long seed = options.seed();
        Split split = data.digits(train, test, seed);
        List<Packed> packed = new ArrayList<>();
        List<String> predictions = new ArrayList<>();
        DigitsNetwork.Kind[] kinds = DigitsNetwork.Kind.values();
        try (ProgressBar bar = Progress.of("training", (long) epochs * kinds.length)) {
            for (DigitsNetwork.Kind kind : kinds) {
                DigitsNetwork task = new DigitsNetwork(kind, split);
                bar.setExtraMessage(task.network());
                Comparison.Quantized trained = new Comparison(task, epochs, seed, bar::step).trainAskew(grid);
                Path file = options.file(kind.name().toLowerCase(Locale.ROOT) + ".askew");
                packed.add(pack(task.network(), trained, file, split.test()));
                predictions.add(serve(file, split.test()));
                ResultsFile.write(options.file("packed.json"), packed);
            }
        }
        chart(packed).draw(options.file("packed.png"));
        System.out.println();
        System.out.print(table(packed));
        predictions.forEach(System.out::println);
        System.out.println("Results: " + options.file("packed.json"));
        return 0;
    }

    private BarChart chart(List<Packed> packed) {
        BarChart chart = new BarChart("All weights " + grid, "kB");
        for (Packed p : packed) {
            chart.bar("parameters in float32", p.model(), p.floatBytes() / 1e3);
            chart.bar("the packed file", p.model(), p.fileBytes() / 1e3);
        }
        return chart;
    }

    private Packed pack(String name, Comparison.Quantized trained, Path file, DataSet test) throws IOException {
        QuantizedModel model = trained.model();
        Files.createDirectories(file.toAbsolutePath().getParent());
        model.save(file);
        QuantizedModel loaded = QuantizedModel.load(file);
        MemoryReport memory = loaded.memoryReport();
        return new Packed(
                name,
                data.dataset(),
                grid.toString(),
                memory.rows().stream().mapToLong(MemoryReport.Row::parameters).sum(),
                memory.floatBytes(),
                memory.packedBytes(),
                memory.ratio(),
                Files.size(file),
                trained.result().accuracy(),
                difference(model, loaded, test));
    }

    /** The largest difference between the outputs of two models on the test data. */
    private static double difference(QuantizedModel model, QuantizedModel loaded, DataSet test) {
        double largest = 0;
        Batches batches = Batches.inOrder(test, EVALUATION_BATCH);
        while (batches.hasNext()) {
            INDArray features = batches.next().getFeatures();
            INDArray difference = model.output(features).subi(loaded.output(features));
            largest = Math.max(largest, difference.amaxNumber().doubleValue());
        }
        return largest;
    }

    /** What a program does that has nothing but the file. */
    private static String serve(Path file, DataSet test) throws IOException {
        INDArray image = Batches.inOrder(test, 1).next().getFeatures();
        INDArray probabilities = QuantizedModel.load(file).output(image);
        int digit = probabilities.argMax(1).getInt(0);
        return String.format(
                Locale.ROOT,
                "%s: the first test image is a %d (probability %.3f); its label is %d",
                file.getFileName(),
                digit,
                probabilities.getDouble(0, digit),
                test.getLabels().getRow(0).argMax().getInt(0));
    }

    private static TextTable table(List<Packed> packed) {
        TextTable table = new TextTable(
                "model", "grid", "parameters", "float bytes", "packed", "smaller", "file", "accuracy", "difference");
        for (Packed p : packed) {
            table.row(
                    p.model(),
                    p.grid(),
                    p.parameters(),
                    p.floatBytes(),
                    p.packedBytes(),
                    String.format(Locale.ROOT, "%.1f times", p.ratio()),
                    p.fileBytes(),
                    String.format(Locale.ROOT, "%.2f %%", 100 * p.accuracy()),
                    p.maxAbsOutputDifference());
        }
        return table;
    }
}
