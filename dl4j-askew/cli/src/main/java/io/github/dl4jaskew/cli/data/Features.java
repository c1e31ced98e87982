package io.github.dl4jaskew.cli.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Features of examples without labels, from a file. */
public final class Features {

    private Features() {}

    /**
     * Reads a file by its ending: {@code .npy} as NumPy saves it, the first axis being the examples; anything else as
     * numbers separated by commas, semicolons or tabulators, one example a line, perhaps below a line that names the
     * columns.
     *
     * @param file the file
     * @return one example a row, at least one
     * @throws IOException if it cannot be read or is damaged, or a number is not finite; names the file and the place
     */
    public static INDArray read(Path file) throws IOException {
        return read(file, Header.AUTO, note -> {}).toArray();
    }

    /**
     * Reads a file, as {@link #read(Path)} does.
     *
     * @param file the file
     * @param header whether the first line of a text names the columns
     * @param note is told how a text was understood, in one line
     * @return one example a row, at least one
     * @throws IOException if it cannot be read or is damaged, or a number is not finite; names the file and the place
     */
    public static Numbers read(Path file, Header header, Consumer<String> note) throws IOException {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".npy")
                ? NpyFile.read(file)
                : CsvFile.read(file, header, note);
    }
}
