package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What pages point to is there. */
class LinksTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    @TestFactory
    Stream<DynamicTest> everyLinkWithinTheRepositoryLeadsSomewhere() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : Pages.all()) {
            tests.add(DynamicTest.dynamicTest(Pages.ROOT.relativize(page).toString(), () -> {
                Matcher link = LINK.matcher(String.join("\n", Pages.lines(page)));
                while (link.find()) {
                    if (!link.group(1).matches("[a-z]+://.*")) {
                        requireTarget(page, link.group(1));
                    }
                }
            }));
        }
        return tests.stream();
    }

    private static void requireTarget(Path page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        assertThat(target).as(link).exists();
        if (parts.length == 2) {
            Path file = target.toFile().isDirectory() ? target.resolve("README.md") : target;
            assertThat(Pages.lines(file).stream()
                            .filter(line -> line.startsWith("#"))
                            .map(line -> anchor(line.replaceFirst("#+ ", ""))))
                    .as(link)
                    .contains(parts[1]);
        }
    }

    /** As GitHub makes one of a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }
}
