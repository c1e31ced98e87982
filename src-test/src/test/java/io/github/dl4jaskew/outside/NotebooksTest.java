package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.outside.Notebook.Cell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The notebooks, run from top to bottom as a user runs them, with the artifacts of this build. Needs the network at first. */
@ExtendWith(Jupyter.class)
@Tag("slow")
class NotebooksTest {

    private static final Path DIRECTORY = Path.of("target/notebooks");

    private static NotebookRun run;

    @BeforeAll
    static void prepare() throws IOException {
        LocalRepository.assumeFilled();
        run = new NotebookRun(DIRECTORY);
    }

    static List<Path> notebooks() throws IOException {
        return Notebook.all();
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void everyCellRunsAndPutsOutWhatTheCommittedNotebookShows(Path file) throws IOException, InterruptedException {
        List<Cell> committed = Notebook.read(file).code();

        List<Cell> cells = run.execute(file).code();

        assertThat(cells)
                .extracting(Cell::source)
                .isEqualTo(committed.stream().map(Cell::source).toList());
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            assertThat(cell.count()).as("the place of%n%s", cell.source()).isEqualTo(i + 1);
            assertThat(cell.kinds())
                    .as("outputs of%n%s%n%s", cell.source(), cell.texts())
                    .doesNotContain("error", "stderr");
            if (!cell.setup()) {
                assertThat(cell.kinds())
                        .as("outputs of%n%s", cell.source())
                        .isEqualTo(committed.get(i).kinds());
            }
        }
        assertThat(cells.get(0).texts()).as("the class path").contains("/target/notebooks/m2/io/github/dl4jaskew/");
    }
}
