package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.guide.Pages.Block;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every block of Java on a page stands, white space aside, between {@code // tag::NAME} and {@code // end::NAME} in one of
 * the {@code ...SnippetsTest} classes beside this one, which run it.
 */
class SnippetsTest {

    private static final Pattern REGION = Pattern.compile("// tag::(\\S+)\\n(.*?)// end::\\1\\n", Pattern.DOTALL);
    private static final List<Class<?>> SOURCES =
            List.of(ReadmeSnippetsTest.class, AskewSnippetsTest.class, MarginSnippetsTest.class);

    @TestFactory
    Stream<DynamicTest> everySnippetOfAPageIsCompiledAndRun() {
        Map<String, String> regions = regions();
        return snippets().stream()
                .map(block -> DynamicTest.dynamicTest(
                        block.place(),
                        () -> assertThat(regions.values())
                                .as("%s%nis in no region of %s", block.text(), SOURCES)
                                .contains(Pages.squeezed(block.text()))));
    }

    @Test
    void everyRegionIsOnAPage() {
        List<String> shown =
                snippets().stream().map(block -> Pages.squeezed(block.text())).toList();
        regions().forEach((name, code) -> assertThat(shown).as(name).contains(code));
    }

    private static List<Block> snippets() {
        return Pages.all().stream()
                .flatMap(page -> Pages.blocks(page).stream())
                .filter(block -> block.language().equals("java"))
                .toList();
    }

    private static Map<String, String> regions() {
        Map<String, String> regions = new LinkedHashMap<>();
        for (Class<?> type : SOURCES) {
            Path source = Path.of("src/test/java", type.getName().replace('.', '/') + ".java");
            List<String> names = new ArrayList<>();
            Matcher matcher = REGION.matcher(String.join("\n", Pages.lines(source)));
            while (matcher.find()) {
                names.add(matcher.group(1));
                regions.put(type.getSimpleName() + "/" + matcher.group(1), Pages.squeezed(matcher.group(2)));
            }
            assertThat(names).as("%s", type).isNotEmpty().doesNotHaveDuplicates();
        }
        return regions;
    }
}
