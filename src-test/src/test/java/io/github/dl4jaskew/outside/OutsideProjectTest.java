package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project made of the README's snippets, with a local repository that holds this project's artifacts alone. Other
 * artifacts come out of the local repository of this build where it has them.
 */
@Tag("slow")
class OutsideProjectTest {

    private static final List<String> OPTIONAL = List.of("vertx", "xchart", "deeplearning4j-core", "webjars", "uplot");

    @TempDir
    static Path directory;

    private static OutsideProject project;

    @BeforeAll
    static void build() throws IOException, InterruptedException, URISyntaxException {
        LocalRepository.assumeFilled();
        Readme readme = Readme.read();
        project = OutsideProject.build(
                directory,
                readme.block("xml"),
                OutsideProject.resource("Main.txt").replace("//README", readme.block("java")));
    }

    @Test
    void theExampleOfTheReadmeTrainsPacksLoadsAndPredicts() throws IOException, InterruptedException {
        String output = project.runMain();

        assertThat(output.lines().filter(l -> l.startsWith("from ")).limit(2))
                .as("both come out of the installed jars: %s", output)
                .hasSize(2)
                .allMatch(l -> l.contains("/m2/io/github/dl4jaskew/dl4j-askew/")
                        || l.contains("/m2/io/github/dl4jaskew/dl4j-askew-edge/"));
        assertThat(directory.resolve("model.askew")).isNotEmptyFile();
    }

    @Test
    void theLibraryBringsItsOwnModulesDl4jTheLoggingApiAndAnnotationsAlone() {
        assertThat(project.tree()
                        .lines()
                        .dropWhile(l -> !l.contains(":dl4j-askew:"))
                        .skip(1)
                        .takeWhile(l -> l.startsWith("|"))
                        .filter(l -> l.startsWith("|  +- ") || l.startsWith("|  \\- "))
                        .map(l -> l.split(":")[1]))
                .as(project.tree())
                .containsExactly("dl4j-askew-edge", "dl4j-pages", "deeplearning4j-nn", "slf4j-api", "jspecify");
        assertThat(project.classpath()).noneMatch(entry -> OPTIONAL.stream().anyMatch(entry::contains));
    }

    @Test
    void nothingOfThisProjectComesFromElsewhere() throws IOException {
        Path group = directory.resolve("m2/io/github/dl4jaskew");
        try (Stream<Path> artifacts = Files.list(group)) {
            assertThat(artifacts.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "dl4j-askew",
                            "dl4j-askew-bom",
                            "dl4j-askew-cli",
                            "dl4j-askew-edge",
                            "dl4j-askew-parent",
                            "dl4j-margin",
                            "dl4j-pages");
        }
        assertThat(project.classpath().stream().filter(e -> e.contains("dl4jaskew")))
                .as("the artifacts on the class path")
                .isNotEmpty()
                .allMatch(e -> Path.of(e).startsWith(group));
    }
}
