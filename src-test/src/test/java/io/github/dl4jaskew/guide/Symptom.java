package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** What provokes a symptom of a guide. */
@FunctionalInterface
interface Symptom {

    /**
     * Provokes it, and asserts what is not said in words.
     *
     * @return what the guide must quote
     */
    List<String> provoke() throws Exception;

    /** One test for each symptom, whether the guide names it, or the code knows it, or both. */
    static Stream<DynamicTest> tests(Path guide, Map<String, Symptom> known) {
        Map<String, String> sections = Pages.sections(guide, "###");
        Set<String> all = new LinkedHashSet<>(sections.keySet());
        all.addAll(known.keySet());
        return all.stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    assertThat(sections).as("sections of %s", guide).containsKey(name);
                    assertThat(known).as("symptoms that are provoked").containsKey(name);
                    String text = Pages.squeezed(sections.get(name).replaceAll("(?m)^> ?", ""));
                    assertThat(known.get(name).provoke())
                            .as("messages that the guide does not quote below %s", name)
                            .filteredOn(message -> !text.contains(Pages.squeezed(message)))
                            .isEmpty();
                }));
    }
}
