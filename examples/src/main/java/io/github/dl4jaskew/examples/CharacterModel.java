package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.cli.GridOption;
import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.cli.TextTable;
import io.github.dl4jaskew.examples.report.Average;
import io.github.dl4jaskew.examples.report.BarChart;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.examples.task.CharacterTask;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A character model of sentences that the program makes up: an LSTM in float, the same one rounded, and the same
 * one trained on with AskewSGD for as long again. All weights are on the grid, those of the gates and the output included.
 */
@Command(
        name = "CharacterModel",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = "Compares quantized LSTMs that predict the next character of a text.")
public final class CharacterModel implements Callable<Integer> {

    private static final int SAMPLE = 160;

    private static final int EPOCHS = 30;

    /** What {@code characters.json} holds. */
    private record Summary(
            @JsonProperty("grid") String grid,
            @JsonProperty("units") int units,
            @JsonProperty("epochs") int epochs,
            @JsonProperty("bits_per_character") Map<String, Average> bits,
            @JsonProperty("accuracy") Map<String, Average> accuracy,
            @JsonProperty("askew_beats_rounded") long wins,
            @JsonProperty("float_bytes") long floatBytes,
            @JsonProperty("packed_bytes") long packedBytes,
            @JsonProperty("sample") String sample,
            @JsonProperty("runs") List<Run> runs) {}

    private record Run(
            @JsonProperty("seed") long seed,
            @JsonProperty("float") Score unconstrained,
            @JsonProperty("rounded") Score rounded,
            @JsonProperty("askew") Score askew,
            @JsonProperty("on_grid") boolean onGrid) {}

    private record Score(
            @JsonProperty("bits_per_character") double bits,
            @JsonProperty("accuracy") double accuracy) {

        static Score of(CharacterTask task, MultiLayerNetwork network) {
            return new Score(task.bitsPerCharacter(network), task.accuracy(network));
        }
    }

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Number of texts and networks. Default: ${DEFAULT-VALUE}.")
    private int seeds = 3;

    @Option(
            names = "--grid",
            converter = GridOption.class,
            defaultValue = "ternary",
            description = "binary, ternary, uniform1 to uniform8, powers2 to powers6. Default: ${DEFAULT-VALUE}.")
    private Grid grid = Grid.ternary();

    @Option(
            names = "--units",
            paramLabel = "N",
            defaultValue = "32",
            description = "Cells of the LSTM. Default: ${DEFAULT-VALUE}.")
    private int units = 32;

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
        return Program.run(new CharacterModel(), args);
    }

    @Override
    public Integer call() throws IOException {
        if (units < 1) {
            throw new IllegalArgumentException("--units is " + units + "; allowed is at least 1");
        }
        SmallNetworks.useOneThread();
        List<Run> runs = new ArrayList<>();
        Summary summary = null;
        try (ProgressBar bar = Progress.of("characters", 2L * seeds)) {
            for (long seed : options.seeds(seeds).toArray()) {
                CharacterTask task = new CharacterTask(seed, units, options.epochs());
                MultiLayerNetwork trained = task.trainFloat();
                bar.step();
                QuantizedModel model = task.trainAskew(trained, grid);
                bar.step();
                MultiLayerNetwork askew = model.toMultiLayerNetwork();
                runs.add(new Run(
                        seed,
                        Score.of(task, trained),
                        Score.of(task, task.round(trained, grid).toMultiLayerNetwork()),
                        Score.of(task, askew),
                        Comparison.isOnGrid(model)));
                summary = summary(runs, model, task.sample(askew, SAMPLE));
            }
        }
        Summary last = Objects.requireNonNull(summary);
        ResultsFile.write(options.file("characters.json"), last);
        chart(last).draw(options.file("characters.png"));
        System.out.println();
        print(last);
        System.out.println("Results: " + options.file("characters.json"));
        return 0;
    }

    private Summary summary(List<Run> runs, QuantizedModel model, String sample) {
        Map<String, Average> bits = new LinkedHashMap<>();
        Map<String, Average> accuracy = new LinkedHashMap<>();
        add("float", runs.stream().map(Run::unconstrained).toList(), bits, accuracy);
        add("rounded", runs.stream().map(Run::rounded).toList(), bits, accuracy);
        add("askew", runs.stream().map(Run::askew).toList(), bits, accuracy);
        return new Summary(
                grid.toString(),
                units,
                options.epochs(),
                bits,
                accuracy,
                runs.stream().filter(r -> r.askew().bits() < r.rounded().bits()).count(),
                model.memoryReport().floatBytes(),
                model.memoryReport().packedBytes(),
                sample,
                List.copyOf(runs));
    }

    private static BarChart chart(Summary summary) {
        BarChart chart = new BarChart("LSTM, all weights " + summary.grid(), "bits a character");
        summary.bits().forEach((name, bits) -> chart.bar("bits a character", name, bits));
        return chart;
    }

    private static void add(String name, List<Score> scores, Map<String, Average> bits, Map<String, Average> accuracy) {
        bits.put(name, Average.of(scores.stream().map(Score::bits).toList()));
        accuracy.put(name, Average.of(scores.stream().map(Score::accuracy).toList()));
    }

    private static void print(Summary summary) {
        TextTable table = new TextTable(summary.grid() + " LSTM", "bits a character", "accuracy");
        summary.bits().forEach((name, bits) -> {
            Average accuracy = summary.accuracy().get(name);
            table.row(name, format(bits), accuracy == null ? "" : format(accuracy));
        });
        System.out.print(table);
        System.out.printf(
                Locale.ROOT,
                "AskewSGD beats rounding on %d of %d seeds; %d bytes packed, %d in float%n",
                summary.wins(),
                summary.runs().size(),
                summary.packedBytes(),
                summary.floatBytes());
        System.out.println("It writes: " + summary.sample());
    }

    private static String format(Average average) {
        return String.format(Locale.ROOT, "%.3f +- %.3f", average.mean(), average.standardError());
    }
}
