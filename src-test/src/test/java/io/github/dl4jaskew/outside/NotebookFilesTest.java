package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.outside.Notebook.Cell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The notebooks as they lie in the repository, with the outputs of their last run. */
class NotebookFilesTest {

    private static final int LARGEST_IMAGE_BYTES = 60_000;
    private static final int MOST_LINES = 25;
    private static final Pattern ARTIFACT = Pattern.compile("io\\.github\\.dl4jaskew:[a-z0-9-]+:(\\S+)");
    /** Such as 0.1 %, 10^-89, 8.5 points, 14 times smaller, or 9 of the 300. 100 % is where the late stage begins. */
    private static final Pattern MEASURED = Pattern.compile(
            "(?!100 %)\\b\\d[\\d.,]*( ?%|\\^)|\\d\\.\\d+ points|\\d times smaller|\\b\\d+ of the \\d+ ");

    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)[^)]*\\)");

    static List<Path> notebooks() throws IOException {
        return Notebook.all();
    }

    @Test
    void thereAreFour() throws IOException {
        assertThat(Notebook.all()).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void hasCellsThatFitOnAScreen(Path file) throws IOException {
        assertThat(Notebook.read(file).code())
                .allSatisfy(cell -> assertThat(cell.source().lines()).hasSizeLessThan(MOST_LINES));
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void hasTheOutputsOfOneRunFromTopToBottom(Path file) throws IOException {
        Notebook notebook = Notebook.read(file);
        List<Cell> cells = notebook.code();

        assertThat(notebook.kernel()).isEqualTo("rapaio-jupyter-kernel");
        // nbconvert takes the number of a cell with its outputs
        for (int i = 1; i < cells.size(); i++) {
            assertThat(cells.get(i).count())
                    .as("the place of%n%s", cells.get(i).source())
                    .isEqualTo(i + 1);
            assertThat(cells.get(i).kinds()).doesNotContain("error", "stderr");
        }
        assertThat(cells.get(0).setup()).isTrue();
        assertThat(cells.get(0).kinds()).as("paths of a machine").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void showsImagesOfModestSize(Path file) throws IOException {
        List<byte[]> images = Notebook.read(file).code().stream()
                .flatMap(c -> c.images().stream())
                .toList();

        assertThat(images).hasSizeGreaterThanOrEqualTo(3);
        for (byte[] image : images) {
            assertThat(image).hasSizeLessThan(LARGEST_IMAGE_BYTES);
            assertThat(Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(image)))
                            .getWidth())
                    .isBetween(300, 1000);
        }
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void namesNoMachineAndNoDirectoryOfIt(Path file) throws IOException {
        String text = Files.readString(file);

        assertThat(text).doesNotContain("/home/", "/root/", "/Users/", "/tmp/", "file:/", "\\u001b", "\"execution\"");
        assertThat(text.lines().filter(l -> l.contains("://"))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void asksForTheVersionThatIsBuilt(Path file) throws IOException {
        String version = Files.readString(Path.of("../pom.xml")).split("</?version>")[1];
        assertThat(ARTIFACT.matcher(Notebook.read(file).code().get(0).source())
                        .results()
                        .map((MatchResult m) -> m.group(1)))
                .isNotEmpty()
                .containsOnly(version);
    }

    /** They stand in outputs, which a rerun renews; between the cells they would contradict it. */
    @ParameterizedTest
    @MethodSource("notebooks")
    void statesNoResultBetweenTheCells(Path file) throws IOException {
        assertThat(MEASURED.matcher(Notebook.read(file).prose()).results().map(MatchResult::group))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void linksToFilesThatAreThere(Path file) throws IOException {
        List<String> links = LINK.matcher(Notebook.read(file).prose())
                .results()
                .map((MatchResult m) -> m.group(1))
                .toList();

        assertThat(links).isNotEmpty();
        assertThat(links).allMatch(link -> Files.exists(Notebook.DIRECTORY.resolve(link)));
    }
}
