package io.github.dl4jaskew.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the class path of the command line into a file, with which the script {@code examples/askew} starts Java itself. */
public final class ClassPath {

    private ClassPath() {}

    /**
     * Writes the file.
     *
     * @param args its name
     * @throws IOException if it cannot be written
     */
    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[0]), System.getProperty("java.class.path"));
    }
}
