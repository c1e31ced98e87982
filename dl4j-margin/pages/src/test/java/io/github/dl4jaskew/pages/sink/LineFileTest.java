package io.github.dl4jaskew.pages.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFileTest {

    @TempDir
    private Path directory;

    @Test
    void aNewFileHasItsHeaderOnce() throws IOException {
        Path path = directory.resolve("new/file.csv");
        LineFile file = new LineFile(path, "rows", "a,b");
        file.append(List.of("1,2"));
        file.append(List.of("3,4", "5,6"));
        new LineFile(path, "rows", "a,b").append(List.of("7,8"));
        assertThat(Files.readString(path).lines()).containsExactly("a,b", "1,2", "3,4", "5,6", "7,8");
    }

    @Test
    void nothingIsGluedToALineThatWasCut() throws IOException {
        Path path = Files.writeString(directory.resolve("file"), "whole\nha");
        LineFile file = new LineFile(path, "rows", "header");
        file.append(List.of("next"));
        file.append(List.of("last"));
        assertThat(Files.readString(path).lines()).containsExactly("whole", "ha", "next", "last");
    }

    @Test
    void afterAWriteThatFailedTheEndIsCheckedAgain() throws IOException {
        Path path = directory.resolve("file");
        LineFile file = new LineFile(path, "rows", null);
        file.append(List.of("one"));
        Files.delete(path);
        Files.createDirectory(path);
        assertThatThrownBy(() -> file.append(List.of("two")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot write rows to " + path);
        Files.delete(path);
        Files.writeString(path, "on");
        file.append(List.of("three"));
        assertThat(Files.readString(path).lines()).containsExactly("on", "three");
    }
}
