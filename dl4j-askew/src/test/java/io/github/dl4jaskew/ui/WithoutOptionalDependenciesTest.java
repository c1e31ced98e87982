package io.github.dl4jaskew.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In a JVM of its own, whose class path lacks the optional dependencies. */
class WithoutOptionalDependenciesTest {

    @Tag("slow")
    @Test
    void trainingNeedsNone() throws Exception {
        assertThat(run("deeplearning4j-(core|vertx|ui)[^/\\\\]*\\.jar")).contains("trained, reports: 4");
    }

    private static String run(String lacking) throws Exception {
        List<String> path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        !java.util.regex.Pattern.compile(lacking).matcher(entry).find())
                .toList();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        String.join(File.pathSeparator, path),
                        "io.github.dl4jaskew.WithoutPages")
                .redirectErrorStream(true)
                .start();
        try (InputStream output = process.getInputStream()) {
            String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(10, TimeUnit.MINUTES)).as(printed).isTrue();
            return printed;
        }
    }
}
