package io.github.dl4jaskew.examples.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/** Results as a JSON file. */
public final class ResultsFile {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ResultsFile() {}

    /**
     * Writes a file, replacing what was there.
     *
     * @param file its directory is created if need be
     * @param results anything that Jackson can write
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Object results) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        MAPPER.writeValue(file.toFile(), results);
    }
}
