package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program, run to its end. */
final class Command {

    private static final int MINUTES = 10;

    private Command() {}

    /**
     * Runs a program that must succeed.
     *
     * @return what it wrote
     */
    static String run(Path directory, List<String> line) throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, "command", ".txt");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as("%s ends", line)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(log);
        assertThat(process.exitValue()).as("%s%n%s", line, output).isZero();
        return output;
    }
}
