package io.github.dl4jaskew.resume;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@link Trainee} in a process of its own. */
final class Victim implements AutoCloseable {

    private static final long MINUTES = 20;

    private final Process process;
    private final BufferedReader output;
    private final Path log;

    private Victim(Process process, Path log) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.log = log;
    }

    static Victim start(Training training, Path directory) throws IOException {
        Path log = directory.resolve("log.txt");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Trainee.class.getName(),
                training.name(),
                directory.toString()));
        builder.environment().put("OMP_NUM_THREADS", "1");
        return new Victim(
                builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start(),
                log);
    }

    /** The number behind the next line that begins so; null if the process ends before. */
    @Nullable
    Integer next(String beginning) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(beginning)) {
                return Integer.valueOf(line.substring(beginning.length()).strip());
            }
        }
        return null;
    }

    /** SIGKILL: no shutdown hook runs, no buffer is flushed. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        requireEnd();
    }

    /** Reads on until the process ends by itself. */
    void finish() throws IOException, InterruptedException {
        while (output.readLine() != null) {
            // Whoever does not read its output stops it.
        }
        requireEnd();
        if (process.exitValue() != 0) {
            throw new IOException("the training failed with exit code " + process.exitValue() + "; see " + log);
        }
    }

    private void requireEnd() throws InterruptedException {
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            throw new IllegalStateException("process " + process.pid() + " has not ended in " + MINUTES + " minutes");
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }
}
