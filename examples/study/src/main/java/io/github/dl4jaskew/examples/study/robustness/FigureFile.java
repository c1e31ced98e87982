package io.github.dl4jaskew.examples.study.robustness;

import io.github.dl4jaskew.examples.report.ResultsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code robustness.json}: written after each training, so that a run that is stopped goes on where it was. Thread safe. */
final class FigureFile {

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
        figures = new ArrayList<>(List.of(ResultsFile.read(file, Figure[].class, new Figure[0])));
    }

    synchronized Optional<Figure> find(Figure wanted) {
        return figures.stream().filter(wanted::isOfTrainingOf).findFirst();
    }

    /** Figures of former versions do not count. */
    synchronized long count(String network, String grid) {
        return figures.stream()
                .filter(f -> f.network().equals(network) && f.grid().equals(grid) && f.isOfToday())
                .count();
    }

    synchronized void add(Figure figure) throws IOException {
        figures.add(figure);
        ResultsFile.write(file, figures);
    }
}
