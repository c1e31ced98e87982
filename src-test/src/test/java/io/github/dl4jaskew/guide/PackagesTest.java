package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every package of the libraries introduces itself. */
class PackagesTest {

    private static final List<String> LIBRARIES =
            List.of("dl4j-askew", "dl4j-askew/edge", "dl4j-margin", "dl4j-margin/pages");
    private static final int SHORTEST = 150;

    @TestFactory
    Stream<DynamicTest> everyPackageOpensWithAnIntroduction() throws IOException {
        return LIBRARIES.stream()
                .flatMap(module -> packages(Pages.ROOT.resolve(module).resolve("src/main/java")).stream())
                .map(folder -> DynamicTest.dynamicTest(
                        Pages.ROOT.relativize(folder).toString(),
                        () -> assertThat(folder.resolve("package-info.java"))
                                .content()
                                .contains("@NullMarked")
                                .satisfies(text -> assertThat(text.substring(0, text.indexOf("*/")))
                                        .hasSizeGreaterThan(SHORTEST)
                                        .contains("{@link"))));
    }

    @Test
    void theOverviewOfTheJavadocLeadsToEveryPackage() {
        String overview =
                String.join(" ", Pages.lines(Pages.ROOT.resolve("dl4j-askew/src/main/javadoc/all/overview.html")));
        for (String module : LIBRARIES) {
            Path root = Pages.ROOT.resolve(module).resolve("src/main/java");
            assertThat(packages(root))
                    .filteredOn(folder -> !folder.toString().contains("internal"))
                    .isNotEmpty()
                    .allSatisfy(folder -> assertThat(overview)
                            .contains("{@link "
                                    + root.relativize(folder).toString().replace(File.separatorChar, '.') + "}"));
        }
    }

    private static List<Path> packages(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .filter(Objects::nonNull)
                    .distinct()
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
