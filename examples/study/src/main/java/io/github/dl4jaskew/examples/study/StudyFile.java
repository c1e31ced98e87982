package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.examples.report.ResultsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The results of all runs so far. Each new one is written at once, and the file is replaced in one move, so that a run that
 * is killed loses nothing but the trainings under way. Thread safe within a process; two processes must not share a file.
 */
final class StudyFile {

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
        return new StudyFile(file, ResultsFile.read(file, Content.class, new Content(List.of(), List.of())));
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
        ResultsFile.write(file, new Content(cells, trials));
    }
}
