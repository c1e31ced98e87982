package io.github.dl4jaskew.bench;

import io.github.dl4jaskew.listener.AskewListener;
import java.util.Arrays;
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
        results.stream().filter(r -> is(r, MarginBenchmark.class)).forEach(this::addMean);
        results.stream().filter(r -> is(r, EdgeBenchmark.class)).forEach(this::addServing);
        ratio("skew_vs_adam", "skew", "adam");
        ratio("skew_vs_sgd", "skew", "sgd");
        ratio("skew_vs_copy", "skew", "copy");
        ratio("skew_vs_ops", "skew", "operations");
        ratio("margin_vs_evaluate", "measureMargin", "evaluate");
        ratio("margin_gradient_vs_epoch", "measureWithGradients", "trainEpoch");
        ratio("margin_stationarity_vs_epoch", "measureWithStationarity", "trainEpoch");
        medians.keySet().stream()
                .filter(name -> name.startsWith("skew "))
                .forEach(name -> ratio("grids " + name.substring("skew ".length()), name, "skew"));
    }

    private static boolean is(RunResult result, Class<?> benchmark) {
        return result.getParams().getBenchmark().startsWith(benchmark.getName());
    }

    private void addKernel(RunResult result) {
        String name = result.getParams().getBenchmark();
        addMedian(name.substring(name.lastIndexOf('.') + 1), result);
    }

    private void addGrid(RunResult result) {
        addMedian("skew " + result.getParams().getParam("measured").toLowerCase(Locale.ROOT), result);
    }

    private void addMedian(String name, RunResult result) {
        put(
                medians,
                name,
                result.getParams().getParam("size"),
                result.getPrimaryResult().getStatistics().getPercentile(50));
    }

    /** The median over the iterations of the mean time of an invocation. */
    private void addMean(RunResult result) {
        String name = result.getParams().getBenchmark();
        double perUnit = result.getParams().getTimeUnit().toNanos(1) / 1000.0;
        put(
                medians,
                name.substring(name.lastIndexOf('.') + 1),
                "all",
                median(result, i -> perUnit * i.getPrimaryResult().getScore()));
    }

    private void addStep(RunResult result) {
        String network = result.getParams().getParam("network").toLowerCase(Locale.ROOT);
        String updater = result.getParams().getParam("updater").toLowerCase(Locale.ROOT);
        put(medians, "step " + updater, network, median(result, i -> counter(i, "plain") / 1000));
        put(
                medians,
                "step " + updater + " constrained",
                network,
                median(result, i -> counter(i, "constrained") / 1000));
        put(medians, "report " + updater, network, median(result, i -> counter(i, "report") / 1000));
        put(
                ratios,
                "step_overhead_" + updater,
                network,
                median(result, i -> counter(i, "constrained") / counter(i, "plain")));
        put(
                ratios,
                "listener_overhead " + updater,
                network,
                median(result, i -> 1 + counter(i, "report") / (LISTENER_FREQUENCY * counter(i, "constrained"))));
    }

    /** Medians over the iterations, and of the ratios the quartiles too. */
    private void addServing(RunResult result) {
        String name = result.getParams().getBenchmark();
        String images = name.endsWith("oneImage") ? "one" : "of 32";
        String network = result.getParams().getParam("served").toLowerCase(Locale.ROOT);
        for (String server : List.of("edge", "onnxFloat", "onnxPacked", "dl4j")) {
            put(medians, server + " " + images, network, median(result, i -> counter(i, server)));
        }
        Map.of("edgeToOnnxFloat", "onnx_float", "edgeToOnnxPacked", "onnx_packed", "edgeToDl4j", "dl4j")
                .forEach((counter, other) -> {
                    String row = "edge_vs_" + other + " " + images;
                    put(ratios, row, network, median(result, i -> counter(i, counter)));
                    put(ratios, row, network + " lower quartile", quantile(result, 0.25, i -> counter(i, counter)));
                    put(ratios, row, network + " upper quartile", quantile(result, 0.75, i -> counter(i, counter)));
                });
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

    private void ratio(String name, String numerator, String denominator) {
        medians.getOrDefault(numerator, Map.of()).forEach((size, value) -> {
            Double base = medians.getOrDefault(denominator, Map.of()).get(size);
            if (base != null) {
                put(ratios, name, size, value / base);
            }
        });
    }

    private static void put(Map<String, Map<String, Double>> table, String name, String column, double value) {
        table.computeIfAbsent(name, n -> new LinkedHashMap<>()).put(column, value);
    }

    String json(boolean quick) throws JsonProcessingException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("quick", quick);
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("java", Runtime.version().toString());
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
        for (Map<String, Map<String, Double>> table : Arrays.asList(medians, ratios)) {
            text.append(table == medians ? "\nmedians, microseconds\n" : "\nratios\n");
            table.forEach((name, row) -> {
                text.append(String.format(Locale.ROOT, "%-32s", name));
                row.forEach(
                        (column, value) -> text.append(String.format(Locale.ROOT, "  %s: %s", column, format(value))));
                text.append('\n');
            });
        }
        return text.toString();
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.4g" : "%.0f", value);
    }
}
