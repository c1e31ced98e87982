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
        Path path = Files.writeString(directory.resolve("file"), "header\nwhole\nha");
        LineFile file = new LineFile(path, "rows", "header");
        file.append(List.of("next"));
        file.append(List.of("last"));
        assertThat(Files.readString(path).lines()).containsExactly("header", "whole", "ha", "next", "last");
    }

    @Test
    void rowsOfOtherColumnsAreNotMixed() throws IOException {
        Path path = Files.writeString(directory.resolve("file.csv"), "a,b\n1,2\n");
        assertThatThrownBy(() -> new LineFile(path, "rows", "a,c,b").append(List.of("1,3,2")))
                .isInstanceOf(UncheckedIOException.class)
                .cause()
                .hasMessageContaining("its first line is not \"a,c,b\"; write to another file");
        assertThat(path).hasContent("a,b\n1,2\n");
        Files.writeString(path, "a,");
        new LineFile(path, "rows", "a,b").append(List.of("1,2"));
        assertThat(Files.readString(path).lines()).containsExactly("a,", "1,2");
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
