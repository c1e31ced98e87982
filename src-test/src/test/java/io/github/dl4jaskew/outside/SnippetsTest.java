package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The snippets for Maven and Gradle ask for the same things; what Maven gets is built by {@link OutsideProjectTest}. */
class SnippetsTest {

    private static String maven = "";
    private static List<String> gradle = List.of();

    @BeforeAll
    static void read() throws IOException {
        LocalRepository.assumeFilled();
        Readme readme = Readme.read();
        maven = readme.block("xml");
        gradle = Pattern.compile("\"([^\"]+)\"")
                .matcher(Readme.read(Path.of("../dl4j-askew/docs/how-to.md"), "Set up a project")
                        .block("kotlin"))
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    @Test
    void bothNameTheVersionThatIsBuilt() throws IOException {
        String version = LocalRepository.version();
        assertThat(maven).containsOnlyOnce("<artifactId>dl4j-askew-bom</artifactId><version>" + version + "</version>");
        assertThat(gradle).contains("io.github.dl4jaskew:dl4j-askew-bom:" + version);
    }

    @Test
    void bothAskForTheLibraryAndABackendOfTheVersionItIsBuiltWith() {
        String dl4j = Parent.property("dl4j.version");
        assertThat(maven)
                .contains("<artifactId>dl4j-askew</artifactId></dependency>")
                .contains("<artifactId>nd4j-native</artifactId><version>" + dl4j + "</version><scope>runtime</scope>");
        assertThat(gradle)
                .hasSize(3)
                .contains("io.github.dl4jaskew:dl4j-askew", "org.nd4j:nd4j-native-platform:" + dl4j);
    }
}
