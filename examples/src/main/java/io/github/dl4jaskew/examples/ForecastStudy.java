package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.cli.TextTable;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.DrawnDigits;
import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.report.Average;
import io.github.dl4jaskew.examples.report.Ranks;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.examples.task.Budget;
import io.github.dl4jaskew.examples.task.DigitsNetwork;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.BatchNormStatistics;
import io.github.dl4jaskew.quantized.PredictionForecast;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How well {@link PredictionForecast} tells which predictions of a trained LeNet change when it is rounded. */
@Command(
        name = "ForecastStudy",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description =
                "Trains LeNet in float, forecasts which predictions rounding changes, and compares with what it does change.")
public final class ForecastStudy implements Callable<Integer> {

    private static final int EPOCHS = 3;
    private static final int EVALUATION_BATCH = 500;
    private static final List<Grid> GRIDS =
            List.of(Grid.binary(), Grid.ternary(), Grid.uniform(2), Grid.uniform(4), Grid.uniform(8));

    /** A row of {@code forecast.json}; NaN where nothing changes, or all. */
    private record Row(
            @JsonProperty("seed") long seed,
            @JsonProperty("grid") String grid,
            @JsonProperty("examples") int examples,
            @JsonProperty("changed") int changed,
            @JsonProperty("forecast") int forecast,
            @JsonProperty("both") int both,
            @JsonProperty("auc") double auc,
            @JsonProperty("auc_of_float_margin") double aucOfFloatMargin,
            @JsonProperty("rank_correlation") double rankCorrelation,

            @JsonProperty("rank_correlation_of_float_margin")
            double rankCorrelationOfFloatMargin) {}

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of the four MNIST files, gzipped or not. Default: digits drawn by the program.")
    private @Nullable Path data;

    @Option(
            names = "--train",
            paramLabel = "N",
            defaultValue = "4000",
            description = "Digits to train with, at most. Default: ${DEFAULT-VALUE}.")
    private int train = 4000;

    @Option(
            names = "--test",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Digits to forecast, at most. Default: ${DEFAULT-VALUE}.")
    private int test = 3000;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Trainings, of consecutive seeds. Default: ${DEFAULT-VALUE}.")
    private int seeds = 1;

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
        return Program.run(new ForecastStudy(), args);
    }

    @Override
    public Integer call() throws IOException {
        long[] trainings = options.seeds(seeds).toArray();
        Split digits = data == null ? DrawnDigits.generate(train, test, options.seed()) : Mnist.read(data);
        Split split = new Split(digits.firstTrain(train), new Split(digits.test(), digits.test()).firstTrain(test));
        DigitsNetwork task = new DigitsNetwork(DigitsNetwork.Kind.LENET, split);
        List<Row> rows = new ArrayList<>();
        try (ProgressBar bar = Progress.of("forecast", (long) seeds * (options.epochs() + GRIDS.size()))) {
            for (long seed : trainings) {
                MultiLayerNetwork network = trained(task, seed, bar);
                for (Grid grid : GRIDS) {
                    rows.add(compare(network, task, seed, grid));
                    bar.step();
                }
            }
        }
        ResultsFile.write(options.file("forecast.json"), rows);
        System.out.println();
        System.out.println(seeds == 1 ? "seed " + options.seed() : "mean of " + seeds + " seeds (standard error)");
        System.out.print(table(rows));
        System.out.println("Results: " + options.file("forecast.json"));
        return 0;
    }

    private MultiLayerNetwork trained(DigitsNetwork task, long seed, ProgressBar bar) {
        DataSet examples = task.split().train();
        int batches = Math.toIntExact((examples.getFeatures().size(0) + task.batch() - 1) / task.batch());
        Budget budget = new Budget(options.epochs(), batches);
        MultiLayerNetwork network = new MultiLayerNetwork(task.configuration(task.floatUpdater(budget), seed));
        network.init();
        Batches shuffled = Batches.shuffled(examples, task.batch(), seed);
        for (int epoch = 0; epoch < options.epochs(); epoch++) {
            network.fit(shuffled);
            bar.step();
        }
        // After few steps the running averages are still those of the start, and not the trained network's.
        BatchNormStatistics.estimate(network, task.statisticsData());
        return network;
    }

    private static Row compare(MultiLayerNetwork network, DigitsNetwork task, long seed, Grid grid) {
        QuantizedModel model =
                PostTrainingQuantization.builder().grid(grid).build().quantize(network, task.statisticsData());
        DataSet test = task.split().test();
        List<PredictionForecast.Example> examples = PredictionForecast.of(
                        network, model, Batches.inOrder(test, EVALUATION_BATCH))
                .examples();
        double[] predicted = examples.stream()
                .mapToDouble(PredictionForecast.Example::predictedMargin)
                .toArray();
        double[] before = examples.stream()
                .mapToDouble(PredictionForecast.Example::margin)
                .toArray();
        double[] actual = margins(model, test, examples);
        boolean[] changed = new boolean[actual.length];
        IntStream.range(0, actual.length).forEach(i -> changed[i] = actual[i] < 0);
        return new Row(
                seed,
                grid.toString(),
                actual.length,
                (int) IntStream.range(0, actual.length).filter(i -> changed[i]).count(),
                (int) examples.stream()
                        .filter(PredictionForecast.Example::changes)
                        .count(),
                (int) examples.stream()
                        .filter(e -> e.changes() && changed[e.example()])
                        .count(),
                Ranks.areaBelow(predicted, changed),
                Ranks.areaBelow(before, changed),
                Ranks.correlation(predicted, actual),
                Ranks.correlation(before, actual));
    }

    /** Of the quantized network, between the float network's class and the largest other one, in log probabilities. */
    private static double[] margins(QuantizedModel model, DataSet test, List<PredictionForecast.Example> examples) {
        double[] margins = new double[examples.size()];
        for (int from = 0; from < margins.length; from += EVALUATION_BATCH) {
            int to = Math.min(from + EVALUATION_BATCH, margins.length);
            double[][] rows = model.output(test.getFeatures().get(NDArrayIndex.interval(from, to), NDArrayIndex.all()))
                    .toDoubleMatrix();
            for (int i = from; i < to; i++) {
                double[] row = rows[i - from];
                int label = examples.get(i).predicted();
                double others = IntStream.range(0, row.length)
                        .filter(j -> j != label)
                        .mapToDouble(j -> row[j])
                        .max()
                        .orElseThrow();
                margins[i] = Math.log(row[label]) - Math.log(others);
            }
        }
        return margins;
    }

    private static TextTable table(List<Row> rows) {
        TextTable table = new TextTable(
                "grid",
                "examples",
                "changed",
                "forecast",
                "both",
                "AUC",
                "of float margin",
                "rank corr.",
                "of float margin");
        for (Grid grid : GRIDS) {
            List<Row> of =
                    rows.stream().filter(r -> r.grid().equals(grid.toString())).toList();
            table.row(
                    grid.toString(),
                    of.get(0).examples(),
                    number("%.1f", of, Row::changed),
                    number("%.1f", of, Row::forecast),
                    number("%.1f", of, Row::both),
                    number("%.4f", of, Row::auc),
                    number("%.4f", of, Row::aucOfFloatMargin),
                    number("%.4f", of, Row::rankCorrelation),
                    number("%.4f", of, Row::rankCorrelationOfFloatMargin));
        }
        return table;
    }

    /** Of a single seed the number, else mean and standard error; without trainings where nothing changes, or all. */
    private static String number(String format, List<Row> rows, ToDoubleFunction<Row> quantity) {
        List<Double> values = rows.stream()
                .map(quantity::applyAsDouble)
                .filter(v -> !v.isNaN())
                .toList();
        if (values.isEmpty()) {
            return "-";
        }
        Average average = Average.of(values);
        String mean = String.format(Locale.ROOT, format, average.mean());
        return rows.size() == 1
                ? mean
                : mean + String.format(Locale.ROOT, " (" + format + ")", average.standardError());
    }
}
