package io.github.dl4jaskew.keras;

import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.TextTable;
import io.github.dl4jaskew.examples.report.ResultsFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Takes every Keras file of a directory through DL4J's import, quantization to 8 bits, packing, the edge predictor, the
 * export to ONNX and ONNX Runtime, in processes that may crash or hang: that costs the file at which it happens. A run that is started again
 * goes on where it ended.
 */
@Command(
        name = "KerasFiles",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Counts how many Keras files are imported, packed, and served by the edge and by ONNX Runtime.")
public final class KerasFiles implements Callable<Integer> {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MOST_REASONS = 40;
    private static final String END = "@end";

    @Option(names = "--dir", required = true, description = "directory with .h5 files, searched with all below it")
    private Path directory = Path.of("");

    @Option(names = "--results", description = "the file to write (default: ${DEFAULT-VALUE})")
    private Path results = Path.of("src-test", "target", "results", "keras.json");

    @Option(names = "--seconds", description = "limit for each file (default: ${DEFAULT-VALUE})")
    private int seconds = 120;

    @Option(names = "--batch", description = "files in one process (default: ${DEFAULT-VALUE})")
    private int batch = 25;

    /** Made by {@link #main}. */
    private KerasFiles() {}

    /**
     * Runs the program.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(Program.run(new KerasFiles(), args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, KerasResult> done = new TreeMap<>();
        if (Files.exists(results)) {
            for (KerasResult result : MAPPER.readValue(results.toFile(), KerasResult[].class)) {
                done.put(result.file(), result);
            }
        }
        List<String> open = files();
        open.removeAll(done.keySet());
        while (!open.isEmpty()) {
            List<String> next = open.subList(0, Math.min(batch, open.size()));
            for (KerasResult result : run(List.copyOf(next))) {
                done.put(result.file(), result);
                System.err.println(result.file() + ": " + told(result.edge(), result.reason()) + "; ONNX Runtime: "
                        + told(result.onnx(), result.onnxReason()));
            }
            open.removeAll(done.keySet());
            ResultsFile.write(results, done.values());
        }
        print(List.copyOf(done.values()));
        System.out.println("Results: " + results);
        return 0;
    }

    private static String told(boolean served, @Nullable String reason) {
        return served ? "served" : String.valueOf(reason);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            List<String> names = new ArrayList<>();
            all.filter(KerasNetwork::isNetwork)
                    .sorted()
                    .forEach(file -> names.add(directory.relativize(file).toString()));
            return names;
        }
    }

    /** Results of the first files, as far as one process comes; at least one. */
    private List<KerasResult> run(List<String> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                KerasTrial.class.getName(),
                directory.toString()));
        command.addAll(files);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        // Not as an argument: ONNX Runtime 1.29.0 crashes in a process whose command line is longer than 4096 bytes.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(process, lines));
        reader.setDaemon(true);
        reader.start();
        List<KerasResult> done = new ArrayList<>();
        while (done.size() < files.size()) {
            String line = lines.poll(seconds, TimeUnit.SECONDS);
            if (line == null || line.equals(END)) {
                String reason = line == null ? "no end after " + seconds + " s" : "the process crashed";
                done.add(KerasResult.failed(files.get(done.size()), reason));
                break;
            } else if (line.startsWith(KerasTrial.RESULT)) {
                done.add(MAPPER.readValue(line.substring(KerasTrial.RESULT.length()), KerasResult.class));
            }
        }
        process.destroyForcibly().waitFor();
        return done;
    }

    private static void read(Process process, BlockingQueue<String> lines) {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            // Whatever DL4J prints is no sign of progress.
            out.lines().filter(line -> line.startsWith("@")).forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            // The process was killed.
        }
        lines.add(END);
    }

    private static void print(List<KerasResult> all) {
        TextTable totals = new TextTable("", "files", "of imported");
        long imported = count(all, KerasResult::imported);
        totals.row("files", all.size(), "");
        totals.row("imported", imported, "");
        row(totals, "quantized", count(all, KerasResult::installed), imported);
        row(totals, "packed", count(all, KerasResult::packed), imported);
        row(totals, "served by the edge within 1e-5", count(all, KerasResult::edge), imported);
        row(totals, "exported to ONNX", count(all, KerasResult::exported), imported);
        row(totals, "served by ONNX Runtime within 1e-5", count(all, KerasResult::onnx), imported);
        System.out.print(totals);
        System.out.print(
                reasons("not imported", all.stream().filter(r -> !r.imported()).map(KerasResult::reason)));
        System.out.print(reasons(
                "not served by the edge",
                all.stream().filter(r -> r.imported() && !r.edge()).map(KerasResult::reason)));
        System.out.print(reasons(
                "not served by ONNX Runtime",
                all.stream().filter(r -> r.imported() && !r.onnx()).map(KerasResult::onnxReason)));
    }

    private static long count(List<KerasResult> all, Predicate<KerasResult> which) {
        return all.stream().filter(which).count();
    }

    private static void row(TextTable table, String name, long count, long imported) {
        table.row(name, count, imported == 0 ? "" : Math.round(100.0 * count / imported) + " %");
    }

    /** Without names and numbers, so that equal reasons are counted together. */
    private static TextTable reasons(String title, Stream<String> reasons) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        reasons.map(r -> String.valueOf(r).replaceAll("'[^']*'", "'...'").replaceAll("\\d+", "n"))
                .forEach(r -> counts.merge(r, 1, Integer::sum));
        TextTable table = new TextTable("files", title);
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .limit(MOST_REASONS)
                .forEach(e -> table.row(e.getValue(), e.getKey()));
        return table;
    }
}
