package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.examples.report.Average;
import io.github.dl4jaskew.examples.report.BarChart;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.examples.task.MoonsSearch;
import io.github.dl4jaskew.examples.task.TwoMoonsTask;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.BatchNormStatistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import me.tongfei.progressbar.ProgressBar;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The paper's two moons over many seeds: mean test loss of the float network, of its signs, of AskewSGD and of the best
 * of all 512 networks with weights in {-1, +1}. Every network has batch-norm statistics re-estimated on its training
 * points, and AskewSGD is run once for each seed.
 */
@Command(
        name = "TwoMoonsStudy",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = "Compares mean test losses on two moons with those of the best of all 512 networks.")
public final class TwoMoonsStudy implements Callable<Integer> {

    /** The paper prints the mean loss of a batch of 200, divided by 200, in thousandths. */
    private static final double PAPER_UNIT = 1e-3 * 200;

    /** What {@code twomoons.json} holds; ratios are to the 512 networks' means. */
    private record Summary(
            @JsonProperty("seeds") int seeds,
            @JsonProperty("test_loss") Map<String, Average> testLoss,
            @JsonProperty("askew_over_search_best_on_train") double overBestOnTrain,
            @JsonProperty("askew_over_search_best_on_test") double overBestOnTest,
            @JsonProperty("askew_is_search_best_on_train") long optimal,
            @JsonProperty("runs") List<Run> runs) {}

    private record Run(
            @JsonProperty("seed") long seed,
            @JsonProperty("float") double unconstrained,
            @JsonProperty("rounded") double rounded,
            @JsonProperty("askew") double askew,
            @JsonProperty("search_best_on_train") double bestOnTrain,
            @JsonProperty("search_best_on_test") double bestOnTest,
            @JsonProperty("askew_train_loss") double askewTrain,
            @JsonProperty("search_train_loss") double searchTrain,
            @JsonProperty("on_grid") boolean onGrid) {

        /** Whether AskewSGD has found the network that is best on the training points, or one of the same loss. */
        boolean isOptimal() {
            return askewTrain < searchTrain * (1 + 1e-4);
        }
    }

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "50",
            description = "Number of problems. Default: ${DEFAULT-VALUE}.")
    private int seeds = 50;

    @Mixin
    private TrainingOptions options = new TrainingOptions();

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
        return Program.run(new TwoMoonsStudy(), args);
    }

    @Override
    public Integer call() throws IOException {
        SmallNetworks.useOneThread();
        List<Run> runs = new ArrayList<>();
        try (ProgressBar bar = Progress.of("two moons", seeds)) {
            for (long seed : options.seeds(seeds).toArray()) {
                runs.add(train(seed));
                bar.step();
            }
        }
        Summary summary = summary(runs);
        ResultsFile.write(options.file("twomoons.json"), summary);
        chart(summary).draw(options.file("twomoons.png"));
        System.out.println();
        print(summary);
        System.out.println("Results: " + options.file("twomoons.json"));
        return 0;
    }

    private Run train(long seed) {
        TwoMoonsTask task = new TwoMoonsTask(seed);
        Comparison comparison = new Comparison(task, options.epochs(task.epochs()), seed, () -> {});
        Comparison.Unconstrained trained = comparison.trainFloat();
        double rounded = comparison.round(trained, Grid.binary()).loss();
        Comparison.Quantized askew = comparison.trainAskew(Grid.binary());
        BatchNormStatistics.estimate(trained.network(), task.statisticsData());
        MultiLayerNetwork served = askew.model().toMultiLayerNetwork();
        MoonsSearch search = MoonsSearch.run(task.split());
        return new Run(
                seed,
                trained.network().score(task.split().test(), false),
                rounded,
                askew.result().loss(),
                search.testOfBestTrain(),
                search.bestTest(),
                served.score(task.split().train(), false),
                search.bestTrain(),
                askew.result().onGrid());
    }

    private static Summary summary(List<Run> runs) {
        Map<String, Average> losses = new LinkedHashMap<>();
        losses.put("float", average(runs, Run::unconstrained));
        losses.put("rounded", average(runs, Run::rounded));
        Average askew = average(runs, Run::askew);
        losses.put("askew", askew);
        Average onTrain = average(runs, Run::bestOnTrain);
        losses.put("best of 512 on training points", onTrain);
        Average onTest = average(runs, Run::bestOnTest);
        losses.put("best of 512 on test points", onTest);
        return new Summary(
                runs.size(),
                losses,
                askew.mean() / onTrain.mean(),
                askew.mean() / onTest.mean(),
                runs.stream().filter(Run::isOptimal).count(),
                runs);
    }

    private static BarChart chart(Summary summary) {
        BarChart chart = new BarChart("Two moons, " + summary.seeds() + " seeds, binary weights", "mean test loss");
        summary.testLoss()
                .forEach((name, loss) -> chart.bar(
                        "test loss",
                        name.replace("askew", "AskewSGD").replaceFirst("best of 512 on (\\w+) points", "best by $1"),
                        loss));
        return chart;
    }

    private static Average average(List<Run> runs, ToDoubleFunction<Run> value) {
        return Average.of(runs.stream().mapToDouble(value).boxed().toList());
    }

    private static void print(Summary summary) {
        System.out.printf("%-32s %-20s %s%n", "two moons", "mean test loss", "in the paper's unit");
        summary.testLoss()
                .forEach((name, loss) -> System.out.printf(
                        Locale.ROOT,
                        "%-32s %.4f +- %.4f     %.3f%n",
                        name,
                        loss.mean(),
                        loss.standardError(),
                        loss.mean() / PAPER_UNIT));
        System.out.printf(
                Locale.ROOT,
                "AskewSGD is %+.2f %% from the best on the training points, which it finds on %d of %d seeds,"
                        + " and %+.2f %% from the best on the test points%n",
                100 * (summary.overBestOnTrain() - 1),
                summary.optimal(),
                summary.seeds(),
                100 * (summary.overBestOnTest() - 1));
    }
}
