package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.examples.data.TwoClasses;
import io.github.dl4jaskew.examples.margin.GroundTruth;
import io.github.dl4jaskew.examples.margin.TwoClassStudy;
import io.github.dl4jaskew.examples.report.ComparisonCharts;
import io.github.dl4jaskew.examples.report.MarginResult;
import io.github.dl4jaskew.examples.report.MarginTable;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.margin.MarginHistory;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.chart.MarginCharts;
import io.github.dl4jaskew.plan.Layers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Margins in the late stage of training: problems whose margins are known, measured beside their closed forms; a ReLU
 * network of float32 far beyond 100 % accuracy; and what a binary grid does to the margin of the same network.
 */
@Command(
        name = "LateStage",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = "Measures normalized margins: known ones, those of late training, those of binary weights.")
public final class LateStage implements Callable<Integer> {

    private static final int POSITIVE_DIGIT = 3;
    private static final int NEGATIVE_DIGIT = 5;
    private static final int TRAININGS = 4;
    private static final int EPOCHS = 200;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of the four MNIST files, gzipped or not; the digits 3 and 5 are taken."
                    + " Default: generated data of two classes.")
    private @Nullable Path data;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Length of the trainings with known margins; values are known at 100, 10000 and 100000."
                    + " Default: ${DEFAULT-VALUE}.")
    private int steps = 100_000;

    @Mixin
    private TrainingOptions options = new TrainingOptions(EPOCHS);

    private final List<MarginResult> collected = new ArrayList<>();

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
     * @return 0 if all went well, 2 for bad arguments, 1 for any other error and if a margin differs from its closed form
     */
    public static int run(String... args) {
        return Program.run(new LateStage(), args);
    }

    @Override
    public Integer call() throws IOException {
        if (steps < 1) {
            throw new IllegalArgumentException("--steps is " + steps + "; allowed is at least 1");
        }
        TwoClasses classes = data == null
                ? TwoClasses.generate(options.seed())
                : TwoClasses.digits(data, POSITIVE_DIGIT, NEGATIVE_DIGIT);
        SmallNetworks.useOneThread();
        List<String> remarks = new ArrayList<>();
        try (ProgressBar bar = Progress.of("known margins", GroundTruth.length(steps))) {
            collected.addAll(GroundTruth.run(steps, bar::step, remarks::add));
        }
        ResultsFile.write(options.file("margin.json"), collected);
        System.out.println();
        System.out.print(MarginTable.of(collected));
        remarks.forEach(System.out::println);
        List<MarginResult> late = study(classes);
        collected.addAll(late);
        ResultsFile.write(options.file("margin.json"), collected);
        System.out.println();
        System.out.print(MarginTable.of(late));
        System.out.println("Results and charts: " + options.results());
        return collected.stream().allMatch(MarginResult::agrees) ? 0 : 1;
    }

    private List<MarginResult> study(TwoClasses classes) throws IOException {
        Map<String, TwoClassStudy.Run> runs = new LinkedHashMap<>();
        TwoClassStudy.Run late;
        try (ProgressBar bar = Progress.of(classes.name(), (long) TRAININGS * options.epochs())) {
            TwoClassStudy study = new TwoClassStudy(classes, options.epochs(), options.seed(), bar::step);
            runs.put("plain SGD", study.plain());
            late = study.late();
            runs.put("loss-based", late);
            runs.put("binary", study.binary(Layers.all()));
            runs.put("binary hidden layer", study.binary(Layers.named(TwoClassStudy.HIDDEN_LAYER)));
        }
        List<MarginResult> rows = new ArrayList<>();
        runs.forEach((name, run) -> add(rows, name, run));
        Map<String, MarginHistory> histories = new LinkedHashMap<>();
        runs.forEach((name, run) -> histories.put(name, run.history()));
        ComparisonCharts.draw(options.results(), classes.name(), histories);
        MarginCharts.draw(options.results(), (classes.name() + "-loss-based").replace(' ', '-'), late.history());
        return rows;
    }

    private static void add(List<MarginResult> rows, String name, TwoClassStudy.Run run) {
        MarginSnapshot s = run.history().last();
        int k = s.iteration();
        s.stage()
                .firstSeparated()
                .ifPresent(at -> rows.add(MarginResult.of(name, "steps to 100 %", k, Math.toIntExact(at))));
        s.normalizedMargin().ifPresent(m -> rows.add(MarginResult.of(name, "normalized margin", k, m)));
        s.productNormalizedMargin().ifPresent(m -> rows.add(MarginResult.of(name, "over product of norms", k, m)));
        rows.add(MarginResult.of(name, "smallest margin", k, s.minimumMargin()));
        rows.add(MarginResult.of(name, "norm", k, s.norm()));
        s.logLossSum().ifPresent(l -> rows.add(MarginResult.of(name, "log of the sum of losses", k, l)));
        rows.add(MarginResult.of(name, "training accuracy", k, s.accuracy()));
        rows.add(MarginResult.of(name, "test accuracy", k, run.testAccuracy()));
        rows.add(MarginResult.of(name, "epochs taken back", k, run.rejected()));
    }
}
