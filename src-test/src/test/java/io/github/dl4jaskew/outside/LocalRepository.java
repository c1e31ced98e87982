package io.github.dl4jaskew.outside;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** The repository of the reactor's artifacts that the build leaves before these tests. */
final class LocalRepository {

    static final Path ROOT =
            Path.of(System.getProperty("askew.repository", "target/repository")).toAbsolutePath();

    private static final Path GROUP = ROOT.resolve("io/github/dl4jaskew");

    private LocalRepository() {}

    /** Skips a test, loudly, where the build ended before there were jars. */
    static void assumeFilled() throws IOException {
        boolean filled = Files.isDirectory(GROUP)
                && !files("dl4j-askew", ".jar").isEmpty()
                && !files("dl4j-askew-bom", ".pom").isEmpty();
        if (!filled) {
            Required.refuseToSkip("artifacts", "there are no jars in " + ROOT);
            LoggerFactory.getLogger(LocalRepository.class)
                    .error(
                            "SKIPPED, NOT TESTED: use from another project; there are no jars in {}, ./mvnw verify leaves them",
                            ROOT);
        }
        assumeTrue(filled, "no jars in " + ROOT);
    }

    /** Returns the files of an artifact whose names end so. */
    static List<Path> files(String artifact, String end) throws IOException {
        Path directory = GROUP.resolve(artifact);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(f -> f.getFileName().toString().endsWith(end)).toList();
        }
    }

    /** Returns the version of the artifacts. */
    static String version() throws IOException {
        return files("dl4j-askew", ".pom").get(0).getParent().getFileName().toString();
    }

    static Path jar(String artifact, String classifier) throws IOException {
        String version = version();
        return GROUP.resolve(artifact).resolve(version).resolve(artifact + "-" + version + classifier + ".jar");
    }

    /** Copies all files into a user's local repository, as {@code install} would. */
    static void copyTo(Path local) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(f -> !f.toString().endsWith(".sha1"))
                    .toList()) {
                Path target = local.resolve(ROOT.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
