package io.github.dl4jaskew.bench;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From the start of a JVM to its end behind the first prediction of the edge predictor, in turns with a JVM that ends at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 21)
@Fork(1)
public class StartBenchmark {

    /** What a JVM does. */
    enum Program {
        NOTHING,
        PREDICTION
    }

    /** Microseconds of an iteration of measurement, and their ratio. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Times extends Turns<Program> {

        /** Times of nothing. */
        public Times() {
            super(Program.class);
        }

        /**
         * The JVM that ends at once.
         *
         * @return microseconds
         */
        public double nothing() {
            return median(Program.NOTHING);
        }

        /**
         * The JVM that predicts.
         *
         * @return microseconds
         */
        public double prediction() {
            return median(Program.PREDICTION);
        }

        /**
         * One over the other.
         *
         * @return the ratio
         */
        public double predictionToNothing() {
            return ratio(Program.PREDICTION, Program.NOTHING);
        }
    }

    /** The network. */
    @Param({"LENET", "MLP_BINARY"})
    public EdgeBenchmark.Served served;

    private Path file;

    /**
     * Writes the packed file.
     *
     * @throws IOException if that fails
     */
    @Setup
    public void setUp() throws IOException {
        file = Files.createTempFile("start", ".askew");
        QuantizedModel model = served.model();
        model.save(file);
    }

    /**
     * Deletes it.
     *
     * @throws IOException if that fails
     */
    @TearDown
    public void tearDown() throws IOException {
        Files.delete(file);
    }

    /**
     * A turn.
     *
     * @param times where it is noted
     */
    @Benchmark
    public void coldStart(Times times) {
        times.time(Program.NOTHING, () -> run(List.of()));
        times.time(Program.PREDICTION, () -> run(List.of(file.toString())));
    }

    private static void run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                source(FirstPrediction.class) + File.pathSeparator + source(EdgeModel.class),
                FirstPrediction.class.getName()));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " ended with " + process.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Path source(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }
}
