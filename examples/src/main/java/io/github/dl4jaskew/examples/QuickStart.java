package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.cli.GridOption;
import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.report.Charts;
import io.github.dl4jaskew.examples.report.Result;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.examples.report.ResultsTable;
import io.github.dl4jaskew.examples.task.DigitsNetwork;
import io.github.dl4jaskew.examples.task.SmallTask;
import io.github.dl4jaskew.examples.task.Task;
import io.github.dl4jaskew.grid.Grid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The first look: float, rounded, BinaryConnect's and AskewSGD's networks side by side, on two small problems that need no
 * download, or on MNIST.
 */
@Command(
        name = "QuickStart",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description =
                "Trains networks in float, by BinaryConnect and by AskewSGD, rounds the float ones, and compares all.")
public final class QuickStart implements Callable<Integer> {

    /** Networks for MNIST. */
    enum Digits {
        LENET,
        MLP,
        ALL
    }

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of the four MNIST files, gzipped or not. Default: drawn digits and spirals.")
    private @Nullable Path data;

    @Option(
            names = "--model",
            defaultValue = "ALL",
            description = "With --data: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Digits model = Digits.ALL;

    @Option(
            names = "--grid",
            converter = GridOption.class,
            split = ",",
            paramLabel = "GRID",
            description = "binary, ternary, uniform1 to uniform8, powers2 to powers6; several with commas."
                    + " Default: binary for drawn digits, ternary for spirals; with --data both.")
    private List<Grid> grids = new ArrayList<>();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Trainings of each kind, of consecutive seeds. Default: ${DEFAULT-VALUE}.")
    private int seeds = 1;

    @Mixin
    private TrainingOptions options = new TrainingOptions();

    private final List<Result> collected = new ArrayList<>();

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
        return Program.run(new QuickStart(), args);
    }

    @Override
    public Integer call() throws IOException {
        Split mnist = data == null ? null : Mnist.read(data);
        if (mnist == null) {
            SmallNetworks.useOneThread();
        }
        for (long seed : options.seeds(seeds).toArray()) {
            for (Task task : mnist == null ? small(seed) : digits(mnist)) {
                compare(task, seed);
            }
        }
        ResultsTable table = new ResultsTable(collected);
        System.out.println();
        System.out.println("Test accuracy in percent, "
                + (seeds == 1 ? "seed " + options.seed() : "mean of " + seeds + " seeds (standard error)") + ":");
        System.out.print(table);
        table.chart().draw(options.file("quickstart.png"));
        System.out.println("Results and charts: " + options.results());
        return 0;
    }

    private static List<Task> small(long seed) {
        return Stream.of(SmallTask.Kind.values())
                .<Task>map(kind -> new SmallTask(kind, seed))
                .toList();
    }

    private List<Task> digits(Split mnist) {
        return Stream.of(DigitsNetwork.Kind.values())
                .filter(kind -> model == Digits.ALL || model.name().equals(kind.name()))
                .<Task>map(kind -> new DigitsNetwork(kind, mnist))
                .toList();
    }

    private void compare(Task task, long seed) throws IOException {
        Training training = new Training(task, options.epochs(task.epochs()), seed);
        Comparison.Unconstrained trained = training.run("float", Comparison::trainFloat);
        add(trained.result());
        for (Grid grid : grids.isEmpty() ? task.grids() : grids) {
            add(training.comparison(() -> {}).round(trained, grid));
            add(training.run(grid + " BinaryConnect", c -> c.trainBinaryConnect(grid)));
            Comparison.Quantized quantized = training.run(grid + " AskewSGD", c -> c.trainAskew(grid));
            add(quantized.result());
            if (seed == options.seed()) {
                String name = task.dataset() + " " + task.network() + " " + grid;
                Charts.draw(
                        options.results(),
                        name.toLowerCase(Locale.ROOT)
                                .replaceAll("[^a-z0-9]+", "-")
                                .replaceAll("-$", ""),
                        task.dataset() + " (" + task.network() + "), " + grid + " weights",
                        quantized.history(),
                        Map.of("float", trained.losses()));
            }
        }
    }

    /** Trainings of one task, with a line of progress for each. */
    private record Training(Task task, int epochs, long seed) {

        Comparison comparison(Runnable onEpoch) {
            return new Comparison(task, epochs, seed, onEpoch);
        }

        <T> T run(String name, Function<Comparison, T> training) {
            try (ProgressBar bar = Progress.of(task.dataset() + ", seed " + seed + ", " + name, epochs)) {
                return training.apply(comparison(bar::step));
            }
        }
    }

    /** Written after every network, so that a long run that is interrupted leaves what it has. */
    private void add(Result result) throws IOException {
        collected.add(result);
        ResultsFile.write(options.file("quickstart.json"), collected);
    }
}
