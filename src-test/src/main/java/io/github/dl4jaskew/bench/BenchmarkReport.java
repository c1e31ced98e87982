package io.github.dl4jaskew.bench;

import io.github.dl4jaskew.listener.AskewListener;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/** Medians of the benchmarks, in microseconds, and the ratios that are made of them. */
final class BenchmarkReport {

    /** Iterations between two reports of the listener at its default. */
    private static final int LISTENER_FREQUENCY = AskewListener.DEFAULT_FREQUENCY;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Map<String, Map<String, Double>> medians = new TreeMap<>();
    private final Map<String, Map<String, Double>> ratios = new LinkedHashMap<>();

    BenchmarkReport(Collection<RunResult> results) {
        results.stream().filter(r -> is(r, KernelBenchmark.class)).forEach(this::addKernel);
        results.stream().filter(r -> is(r, GridBenchmark.class)).forEach(this::addGrid);
        results.stream().filter(r -> is(r, StepBenchmark.class)).forEach(this::addStep);
        results.stream().filter(r -> is(r, MarginBenchmark.class)).forEach(this::addMargin);
        results.stream().filter(r -> is(r, EdgeBenchmark.class)).forEach(this::addServing);
        results.stream().filter(r -> is(r, StartBenchmark.class)).forEach(this::addStart);
    }

    private static boolean is(RunResult result, Class<?> benchmark) {
        return result.getParams().getBenchmark().startsWith(benchmark.getName());
    }

    private void addKernel(RunResult result) {
        String size = parameter(result, "size");
        if (ends(result, "operations")) {
            addMedians(result, size, Map.of("operations", "operations"));
            addRatio(result, "skew_vs_ops", size, i -> counter(i, "skewToOperations"));
            return;
        }
        addMedians(result, size, Map.of("skew", "skew", "copy", "copy", "adam", "adam", "sgd", "sgd"));
        addRatio(result, "skew_vs_adam", size, i -> counter(i, "skewToAdam"));
        addRatio(result, "skew_vs_sgd", size, i -> counter(i, "skewToSgd"));
        addRatio(result, "skew_vs_copy", size, i -> counter(i, "skewToCopy"));
    }

    private void addGrid(RunResult result) {
        String measured = parameter(result, "measured");
        String size = parameter(result, "size");
        addMedians(result, size, Map.of("skew " + measured, "skew"));
        addRatio(result, "grids " + measured, size, i -> counter(i, "skewToBinary"));
    }

    private void addStep(RunResult result) {
        String network = parameter(result, "network");
        String updater = parameter(result, "updater");
        addMedians(
                result,
                network,
                Map.of(
                        "step " + updater, "plain",
                        "step " + updater + " constrained", "constrained",
                        "report " + updater, "report"));
        addRatio(result, "step_overhead_" + updater, network, i -> counter(i, "constrainedToPlain"));
        addRatio(
                result,
                "listener_overhead " + updater,
                network,
                i -> 1 + counter(i, "reportToConstrained") / LISTENER_FREQUENCY);
    }

    private void addMargin(RunResult result) {
        if (ends(result, "stationarity")) {
            addMedians(result, "all", Map.of("stationarity", "stationarity"));
            addRatio(result, "margin_stationarity_vs_epoch", "all", i -> counter(i, "stationarityToEpoch"));
            return;
        }
        addMedians(
                result,
                "all",
                Map.of("evaluate", "evaluate", "margin", "margin", "margin gradients", "gradients", "epoch", "epoch"));
        addRatio(result, "margin_vs_evaluate", "all", i -> counter(i, "marginToEvaluate"));
        addRatio(result, "margin_gradient_vs_epoch", "all", i -> counter(i, "gradientsToEpoch"));
    }

    private void addServing(RunResult result) {
        String images = ends(result, "oneImage") ? "one" : "of 32";
        String network = parameter(result, "served");
        for (String server : List.of("edge", "onnxFloat", "onnxPacked", "dl4j")) {
            addMedians(result, network, Map.of(server + " " + images, server));
        }
        Map.of("edgeToOnnxFloat", "onnx_float", "edgeToOnnxPacked", "onnx_packed", "edgeToDl4j", "dl4j")
                .forEach((counter, other) ->
                        addRatio(result, "edge_vs_" + other + " " + images, network, i -> counter(i, counter)));
    }

    private void addStart(RunResult result) {
        String network = parameter(result, "served");
        addMedians(result, network, Map.of("JVM", "nothing", "JVM with a prediction", "prediction"));
        addRatio(result, "start_vs_jvm", network, i -> counter(i, "predictionToNothing"));
    }

    private static boolean ends(RunResult result, String method) {
        return result.getParams().getBenchmark().endsWith("." + method);
    }

    private static String parameter(RunResult result, String name) {
        return result.getParams().getParam(name).toLowerCase(Locale.ROOT);
    }

    /** Medians over the iterations; from the rows to the counters. */
    private void addMedians(RunResult result, String column, Map<String, String> counters) {
        counters.forEach((row, counter) -> put(medians, row, column, median(result, i -> counter(i, counter))));
    }

    /** The median over the iterations, and the quartiles. */
    private void addRatio(RunResult result, String row, String column, ToDoubleFunction<IterationResult> value) {
        put(ratios, row, column, median(result, value));
        put(ratios, row, column + " lower quartile", quantile(result, 0.25, value));
        put(ratios, row, column + " upper quartile", quantile(result, 0.75, value));
    }

    private static double quantile(RunResult result, double share, ToDoubleFunction<IterationResult> value) {
        double[] values = sorted(result, value);
        return values[(int) Math.round(share * (values.length - 1))];
    }

    /** The median over the iterations. */
    private static double median(RunResult result, ToDoubleFunction<IterationResult> value) {
        double[] values = sorted(result, value);
        return 0.5 * (values[values.length / 2] + values[(values.length - 1) / 2]);
    }

    private static double[] sorted(RunResult result, ToDoubleFunction<IterationResult> value) {
        return result.getBenchmarkResults().stream()
                .flatMap(b -> b.getIterationResults().stream())
                .mapToDouble(value)
                .sorted()
                .toArray();
    }

    private static double counter(IterationResult iteration, String name) {
        return Objects.requireNonNull(iteration.getSecondaryResults().get(name), name)
                .getScore();
    }

    private static void put(Map<String, Map<String, Double>> table, String name, String column, double value) {
        table.computeIfAbsent(name, n -> new LinkedHashMap<>()).put(column, value);
    }

    String json(boolean quick) throws JsonProcessingException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("quick", quick);
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("java", Runtime.version().toString());
        json.put("jvm_arguments", System.getProperty("bench.jvmArgs", ""));
        json.put("omp_num_threads", String.valueOf(System.getenv("OMP_NUM_THREADS")));
        json.put("ratios", nested(ratios));
        json.put("medians_microseconds", medians);
        return JSON.writeValueAsString(json);
    }

    /** Rows of one kind, whose names begin with the same word, below that word. */
    private static ObjectNode nested(Map<String, Map<String, Double>> table) {
        ObjectNode kinds = JSON.createObjectNode();
        table.forEach((name, row) -> {
            String[] words = name.split(" ", 2);
            ObjectNode rows = words.length == 1 ? kinds : kinds.with(words[0]);
            rows.set(words[words.length - 1], JSON.valueToTree(row));
        });
        return kinds;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("\nmedians, microseconds\n");
        medians.forEach((name, row) -> {
            text.append(String.format(Locale.ROOT, "%-32s", name));
            row.forEach((column, value) -> text.append("  " + column + ": " + format(value)));
            text.append('\n');
        });
        text.append("\nratios, medians of turns (quartiles)\n");
        ratios.forEach((name, row) -> {
            text.append(String.format(Locale.ROOT, "%-32s", name));
            row.keySet().stream()
                    .filter(column -> !column.endsWith(" quartile"))
                    .forEach(column -> text.append(String.format(
                            Locale.ROOT,
                            "  %s: %s (%s to %s)",
                            column,
                            format(Objects.requireNonNull(row.get(column))),
                            format(Objects.requireNonNull(row.get(column + " lower quartile"))),
                            format(Objects.requireNonNull(row.get(column + " upper quartile"))))));
            text.append('\n');
        });
        return text.toString();
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.4g" : "%.0f", value);
    }
}
