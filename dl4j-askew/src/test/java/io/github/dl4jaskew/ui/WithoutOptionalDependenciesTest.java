package io.github.dl4jaskew.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In a JVM of its own, whose class path lacks the optional dependencies. */
class WithoutOptionalDependenciesTest {

    @Test
    void trainingNeedsNoneAndThePageNamesWhatToAdd() throws Exception {
        String printed = run("deeplearning4j-(core|vertx|ui)[^/\\\\]*\\.jar|dl4j-margin");
        assertThat(printed).contains("trained, reports: 4");
        assertThat(printed).contains("page: the page /askew needs dl4j-margin: add io.github.dl4jaskew:dl4j-margin");
    }

    @Test
    void theServersModuleLoadsWithoutDl4jMargin() throws Exception {
        String printed = run("dl4j-margin");
        assertThat(printed).contains("trained, reports: 4");
        assertThat(printed).contains("module: 1 route /askew");
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
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(printed).isTrue();
            return printed;
        }
    }
}
