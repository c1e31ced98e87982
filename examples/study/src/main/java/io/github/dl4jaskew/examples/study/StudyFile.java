package io.github.dl4jaskew.examples.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/**
 * The results of all runs so far. Each new one is written at once, and the file is replaced in one move, so that a run that
 * is killed loses nothing but the trainings under way. Thread safe within a process; two processes must not share a file.
 */
final class StudyFile {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** What the file holds. */
    private record Content(
            @JsonProperty("cells") List<CellResult> cells,
            @JsonProperty("tuning") List<Trial> tuning) {}

    private final Path file;
    private final List<CellResult> cells;
    private final List<Trial> trials;

    private StudyFile(Path file, Content content) {
        this.file = file;
        this.cells = new ArrayList<>(content.cells());
        this.trials = new ArrayList<>(content.tuning());
    }

    /**
     * Reads what is there.
     *
     * @param file may be missing
     * @throws IOException if the file is damaged; it is left as it is
     */
    static StudyFile open(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new StudyFile(file, new Content(List.of(), List.of()));
        }
        try {
            return new StudyFile(file, MAPPER.readValue(file.toFile(), Content.class));
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + " is no results file of this program; move it away or name another directory (--results): "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    Path path() {
        return file;
    }

    synchronized List<Trial> trials() {
        return List.copyOf(trials);
    }

    /** The finished cell of these very settings. */
    synchronized Optional<CellResult> find(Cell cell, Settings settings) {
        return cells.stream()
                .filter(r -> cell.isOf(r) && r.settings().equals(settings))
                .findFirst();
    }

    /** Adds a finished cell. */
    synchronized void add(CellResult result) throws IOException {
        cells.add(result);
        write();
    }

    /** Adds a tried learning rate. */
    synchronized void add(Trial trial) throws IOException {
        trials.add(trial);
        write();
    }

    private void write() throws IOException {
        Path target = file.toAbsolutePath().normalize();
        Path directory = target.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        MAPPER.writeValue(fresh.toFile(), new Content(cells, trials));
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
