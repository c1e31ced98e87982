package io.github.dl4jaskew.examples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {

    @Test
    void readsWhatWasWrittenLast(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("new").resolve("numbers.json");
        assertThat(ResultsFile.read(file, int[].class, new int[] {7})).containsExactly(7);

        ResultsFile.write(file, List.of(1, 2, 3));
        ResultsFile.write(file, List.of(4));

        assertThat(ResultsFile.read(file, int[].class, new int[] {7})).containsExactly(4);
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void leavesAnotherProgramsFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("numbers.json"), "{\"cut");

        assertThatThrownBy(() -> ResultsFile.read(file, int[].class, new int[0]))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        file + " is no results file of this program; move it away or name another directory");
        assertThat(file).hasContent("{\"cut");
    }

    @Test
    void keepsTheOldResultsIfNewOnesCannotBeWritten(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("numbers.json");
        ResultsFile.write(file, List.of(1));

        assertThatThrownBy(() -> ResultsFile.write(file, List.of(new Object() {
                    public int getValue() {
                        throw new IllegalStateException("as a test");
                    }
                })))
                .hasMessageContaining("as a test");
        assertThat(ResultsFile.read(file, int[].class, new int[0])).containsExactly(1);
    }
}
