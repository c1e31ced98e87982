package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.examples.report.Charts;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.examples.task.LogisticTask;
import io.github.dl4jaskew.grid.Grid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** On how many seeds the paper's logistic regression recovers the weights in {-1, +1} that made its labels. */
@Command(
        name = "LogisticStudy",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = "Counts the seeds on which AskewSGD recovers the weights of the logistic problem.")
public final class LogisticStudy implements Callable<Integer> {

    /** What {@code logistic.json} holds. */
    private record Summary(
            @JsonProperty("seeds") int seeds,
            @JsonProperty("recovered") long recovered,
            @JsonProperty("runs") List<Run> runs) {}

    private record Run(
            @JsonProperty("seed") long seed,
            @JsonProperty("recovered") boolean recovered,
            @JsonProperty("accuracy") double accuracy,
            @JsonProperty("on_grid") boolean onGrid,
            @JsonProperty("seconds") double seconds) {}

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "20",
            description = "Number of problems. Default: ${DEFAULT-VALUE}.")
    private int seeds = 20;

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
        return Program.run(new LogisticStudy(), args);
    }

    @Override
    public Integer call() throws IOException {
        SmallNetworks.useOneThread();
        List<Run> runs = new ArrayList<>();
        try (ProgressBar bar = Progress.of("logistic", seeds)) {
            for (long seed : options.seeds(seeds).toArray()) {
                runs.add(train(seed));
                bar.step();
            }
        }
        long recovered = runs.stream().filter(Run::recovered).count();
        ResultsFile.write(options.file("logistic.json"), new Summary(seeds, recovered, runs));
        System.out.println();
        System.out.println("logistic: w* is recovered exactly on " + recovered + " of " + seeds + " seeds");
        System.out.println("Results: " + options.file("logistic.json"));
        return 0;
    }

    private Run train(long seed) throws IOException {
        LogisticTask task = new LogisticTask(seed);
        Comparison.Quantized askew =
                new Comparison(task, options.epochs(task.epochs()), seed, () -> {}).trainAskew(Grid.binary());
        if (seed == options.seed()) {
            Charts.draw(
                    options.results(),
                    "logistic-study",
                    "logistic regression, binary weights",
                    askew.history(),
                    Map.of());
        }
        return new Run(
                seed,
                task.recovered(askew.model()),
                askew.result().accuracy(),
                askew.result().onGrid(),
                askew.result().seconds());
    }
}
