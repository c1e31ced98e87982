package io.github.dl4jaskew.examples.study.robustness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/** {@code robustness.json}: written after each training, so that a run that is stopped goes on where it was. Thread safe. */
final class FigureFile {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path file;
    private final List<Figure> figures;

    /**
     * Reads what is there.
     *
     * @param file may be missing
     * @throws IOException if it is no file of this program; it is left as it is
     */
    FigureFile(Path file) throws IOException {
        this.file = file;
        try {
            figures = Files.exists(file)
                    ? new ArrayList<>(List.of(MAPPER.readValue(file.toFile(), Figure[].class)))
                    : new ArrayList<>();
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + " is no results file of this program; move it away or name another directory (--results): "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    synchronized Optional<Figure> find(Figure wanted) {
        return figures.stream().filter(wanted::isOfTrainingOf).findFirst();
    }

    synchronized void add(Figure figure) throws IOException {
        figures.add(figure);
        Path target = file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        MAPPER.writeValue(fresh.toFile(), figures);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
