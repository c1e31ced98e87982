package io.github.dl4jaskew.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks one after the other and writes medians and ratios to {@code src-test/target/results/bench.json}.
 * The system property {@code bench.quick} shortens every measurement and leaves out the size in the middle, {@code
 * bench.only} is a regular expression for the benchmarks, and {@code bench.jvmArgs} are arguments of their JVMs, with spaces
 * between them.
 */
public final class BenchmarkSuite {

    private BenchmarkSuite() {}

    /**
     * Runs everything.
     *
     * @param args the file to write
     * @throws RunnerException if a benchmark fails
     * @throws IOException if the file cannot be written
     */
    public static void main(String[] args) throws RunnerException, IOException {
        Path file = Path.of(args.length > 0 ? args[0] : "src-test/target/results/bench.json");
        boolean quick = Boolean.getBoolean("bench.quick");
        // A JVM with a command line of some thousand characters is ended by ONNX Runtime 1.29.
        System.setProperty("jmh.separateClasspathJAR", "true");
        Collection<RunResult> results = new Runner(options(quick).build()).run();
        Files.createDirectories(file.toAbsolutePath().getParent());
        BenchmarkReport report = new BenchmarkReport(results);
        Files.writeString(file, report.json(quick));
        System.out.println(report);
    }

    private static ChainedOptionsBuilder options(boolean quick) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(System.getProperty("bench.only", "Benchmark"))
                .shouldFailOnError(true)
                .jvmArgsAppend(jvmArguments());
        return quick
                ? options.param("size", "10000", "10000000")
                        .warmupIterations(1)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.milliseconds(250))
                : options;
    }

    private static String[] jvmArguments() {
        String arguments = "--enable-native-access=ALL-UNNAMED -Dorg.slf4j.simpleLogger.defaultLogLevel=warn "
                + System.getProperty("bench.jvmArgs", "");
        return arguments.strip().split("\\s+");
    }
}
