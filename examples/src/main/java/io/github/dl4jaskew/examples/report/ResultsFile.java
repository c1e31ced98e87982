package io.github.dl4jaskew.examples.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/** Results as a JSON file. */
public final class ResultsFile {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ResultsFile() {}

    /**
     * Writes a file, replacing what was there in one move: a program that is killed leaves the old results or the new ones.
     *
     * @param file its directory is created if need be
     * @param results anything that Jackson can write
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Object results) throws IOException {
        Path target = file.toAbsolutePath().normalize();
        Path directory = target.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        MAPPER.writeValue(fresh.toFile(), results);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads what an earlier run has written.
     *
     * @param <T> what Jackson makes of it
     * @param file may be missing
     * @param type class of the results
     * @param otherwise the results if there is no file
     * @return the results
     * @throws IOException if the file is damaged or another program's; it is left as it is
     */
    public static <T> T read(Path file, Class<T> type, T otherwise) throws IOException {
        if (!Files.exists(file)) {
            return otherwise;
        }
        try {
            return MAPPER.readValue(file.toFile(), type);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + " is no results file of this program; move it away or name another directory (--results): "
                            + e.getOriginalMessage(),
                    e);
        }
    }
}
