package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
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

    private static String tree = "";
    private static List<String> classpath = List.of();

    @BeforeAll
    static void build() throws IOException, InterruptedException, URISyntaxException {
        LocalRepository.assumeFilled();
        Readme readme = Readme.read();
        // a root of its own: Maven looks for one upwards
        Files.createDirectories(directory.resolve(".mvn"));
        Files.writeString(
                directory.resolve("pom.xml"),
                versions(resource("pom.xml").replace("<!--README-->", readme.block("xml"))));
        Path sources = Files.createDirectories(directory.resolve("src/main/java"));
        Files.writeString(sources.resolve("Main.java"), resource("Main.txt").replace("//README", readme.block("java")));
        LocalRepository.copyTo(directory.resolve("m2"));
        String windows = File.separatorChar == '\\' ? ".cmd" : "";
        Command.run(
                directory,
                List.of(
                        Path.of("../mvnw" + windows)
                                .toAbsolutePath()
                                .normalize()
                                .toString(),
                        "-B",
                        "-ntp",
                        "-Dmaven.repo.local=" + directory.resolve("m2"),
                        "-Dmaven.repo.local.tail=" + repositoryOfThisBuild(),
                        "compile",
                        "dependency:tree",
                        "-DoutputFile=tree.txt",
                        "dependency:build-classpath",
                        "-Dmdep.outputFile=classpath.txt"));
        tree = Files.readString(directory.resolve("tree.txt"));
        classpath = List.of(
                Files.readString(directory.resolve("classpath.txt")).strip().split(File.pathSeparator));
    }

    @Test
    void theExampleOfTheReadmeTrainsPacksLoadsAndPredicts() throws IOException, InterruptedException {
        List<String> entries = new ArrayList<>(classpath);
        entries.add(directory.resolve("target/classes").toString());
        String output = Command.run(
                directory,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        String.join(File.pathSeparator, entries),
                        "Main"));

        assertThat(output.lines().filter(l -> l.startsWith("from ")).limit(2))
                .as("both come out of the installed jar: %s", output)
                .hasSize(2)
                .allMatch(l -> l.contains("/m2/io/github/dl4jaskew/dl4j-askew/"));
        assertThat(directory.resolve("model.askew")).isNotEmptyFile();
    }

    @Test
    void theLibraryBringsDl4jTheLoggingApiAndAnnotationsAlone() {
        assertThat(tree.lines()
                        .dropWhile(l -> !l.contains(":dl4j-askew:"))
                        .skip(1)
                        .takeWhile(l -> l.startsWith("|"))
                        .filter(l -> l.startsWith("|  +- ") || l.startsWith("|  \\- "))
                        .filter(l -> !l.contains("io.github.dl4jaskew:"))
                        .map(l -> l.split(":")[1]))
                .as(tree)
                .containsExactly("deeplearning4j-nn", "slf4j-api", "jspecify");
        assertThat(classpath).noneMatch(entry -> OPTIONAL.stream().anyMatch(entry::contains));
    }

    @Test
    void nothingOfThisProjectComesFromElsewhere() throws IOException {
        Path group = directory.resolve("m2/io/github/dl4jaskew");
        try (Stream<Path> artifacts = Files.list(group)) {
            assertThat(artifacts.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "dl4j-askew", "dl4j-askew-bom", "dl4j-askew-parent", "dl4j-margin", "dl4j-pages");
        }
        assertThat(classpath.stream().filter(e -> e.contains("dl4jaskew")))
                .as("the artifacts on the class path")
                .isNotEmpty()
                .allMatch(e -> Path.of(e).startsWith(group));
    }

    private static String resource(String name) throws IOException, URISyntaxException {
        URL url = Objects.requireNonNull(OutsideProjectTest.class.getResource("/outside/" + name));
        return Files.readString(Path.of(url.toURI()));
    }

    private static String versions(String pom) {
        return Pattern.compile("@(\\S+)@").matcher(pom).replaceAll(match -> Parent.property(match.group(1)));
    }

    /** Surefire tells it; elsewhere it is Maven's default. */
    static String repositoryOfThisBuild() {
        return System.getProperty(
                "localRepository",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString());
    }
}
