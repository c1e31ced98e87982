package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.report.Charts;
import io.github.dl4jaskew.examples.report.Result;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.examples.report.ResultsTable;
import io.github.dl4jaskew.examples.task.DigitsNetwork;
import io.github.dl4jaskew.examples.task.IrisTask;
import io.github.dl4jaskew.examples.task.LogisticTask;
import io.github.dl4jaskew.examples.task.MoonsSearch;
import io.github.dl4jaskew.examples.task.Task;
import io.github.dl4jaskew.examples.task.TwoMoonsTask;
import io.github.dl4jaskew.grid.Grid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The first look: float, rounded and AskewSGD networks side by side, on three small problems that need no download, or
 * on MNIST.
 */
@Command(
        name = "QuickStart",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = "Trains networks float, rounded and by AskewSGD, and compares them.")
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
            description = "Directory of the four MNIST files, gzipped or not. Default: Iris, two moons, logistic.")
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
                    + " Default: binary; with --data binary and ternary.")
    private List<Grid> grids = new ArrayList<>();

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
        List<Task> tasks = data == null ? small() : digits(data);
        List<Grid> levels = !grids.isEmpty()
                ? grids
                : data == null ? List.of(Grid.binary()) : List.of(Grid.binary(), Grid.ternary());
        List<String> remarks = new ArrayList<>();
        long steps = tasks.stream()
                .mapToLong(task -> (long) length(task) * (1 + levels.size()))
                .sum();
        try (ProgressBar bar = new ProgressBar("training", steps)) {
            for (Task task : tasks) {
                bar.setExtraMessage(task.dataset() + " " + task.network());
                compare(task, levels, bar, remarks);
            }
        }
        System.out.println();
        System.out.print(ResultsTable.of(collected));
        remarks.forEach(System.out::println);
        System.out.println("Results and charts: " + options.results());
        return 0;
    }

    private List<Task> small() throws IOException {
        SmallNetworks.useOneThread();
        return List.of(
                new IrisTask(options.seed()), new TwoMoonsTask(options.seed()), new LogisticTask(options.seed()));
    }

    private List<Task> digits(Path directory) throws IOException {
        Split split = Mnist.read(directory);
        List<Task> tasks = new ArrayList<>();
        for (DigitsNetwork.Kind kind : DigitsNetwork.Kind.values()) {
            if (model == Digits.ALL || model.name().equals(kind.name())) {
                tasks.add(new DigitsNetwork(kind, split));
            }
        }
        return tasks;
    }

    private int length(Task task) {
        return options.epochs(task.epochs());
    }

    private void compare(Task task, List<Grid> levels, ProgressBar bar, List<String> remarks) throws IOException {
        Comparison comparison = new Comparison(task, length(task), options.seed(), bar::step);
        Comparison.Unconstrained trained = comparison.trainFloat();
        add(trained.result());
        for (Grid grid : levels) {
            add(comparison.round(trained, grid));
            Comparison.Quantized quantized = comparison.trainAskew(grid);
            add(quantized.result());
            Charts.draw(options.results(), chartName(task, grid), quantized.history());
            if (task instanceof LogisticTask logistic) {
                remarks.add("logistic: w* " + (logistic.recovered(quantized.model()) ? "is" : "is NOT")
                        + " recovered exactly");
            }
        }
        if (task instanceof TwoMoonsTask) {
            MoonsSearch search = MoonsSearch.run(task.split());
            remarks.add(String.format(
                    Locale.ROOT,
                    "two moons: of all 512 networks with weights -1 and +1, the best on the training points has test loss"
                            + " %.4f, and the lowest test loss of any is %.4f",
                    search.testOfBestTrain(),
                    search.bestTest()));
        }
    }

    /** Written after every network, so that a long run that is interrupted leaves what it has. */
    private void add(Result result) throws IOException {
        collected.add(result);
        ResultsFile.write(options.file("quickstart.json"), collected);
    }

    private static String chartName(Task task, Grid grid) {
        return (task.dataset() + "-" + task.network() + "-" + grid)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("-$", "");
    }
}
