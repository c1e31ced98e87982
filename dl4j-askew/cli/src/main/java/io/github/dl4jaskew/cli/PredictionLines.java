package io.github.dl4jaskew.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Outputs as lines of a .csv file: every output, and behind several ones the label of the largest. */
final class PredictionLines {

    private final float[][] outputs;
    private final List<String> labels;

    /**
     * The lines of a minibatch.
     *
     * @param outputs one example a row
     * @param names of the outputs; if there are none, they are numbered; of two for a single output, the second is its name
     * @throws IllegalArgumentException if an output is no vector, or the names are too few or too many
     */
    PredictionLines(INDArray outputs, List<String> names) {
        this(matrix(outputs), Math.toIntExact(outputs.size(outputs.rank() - 1)), names);
    }

    /** The lines of some examples, each of so many outputs. */
    PredictionLines(float[][] outputs, int width, List<String> names) {
        boolean binary = width == 1 && names.size() == 2;
        if (!names.isEmpty() && names.size() != width && !binary) {
            throw new IllegalArgumentException(
                    "the file has " + names.size() + " labels, but the network has " + width + " outputs");
        }
        this.outputs = outputs;
        this.labels = !names.isEmpty()
                ? names.subList(binary ? 1 : 0, names.size()).stream()
                        .map(Program::printableName)
                        .toList()
                : IntStream.range(0, width).mapToObj(String::valueOf).toList();
    }

    private static float[][] matrix(INDArray outputs) {
        if (outputs.rank() != 2) {
            throw new IllegalArgumentException(
                    "the network's output has rank " + outputs.rank() + "; only vectors can be written as lines");
        }
        return outputs.toFloatMatrix();
    }

    String header() {
        String columns = labels.stream().map(PredictionLines::quoted).collect(Collectors.joining(","));
        return labels.size() > 1 ? columns + ",label" : columns;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (float[] row : outputs) {
            StringBuilder line = new StringBuilder();
            int best = 0;
            for (int i = 0; i < row.length; i++) {
                line.append(i == 0 ? "" : ",").append(row[i]);
                best = row[i] > row[best] ? i : best;
            }
            lines.add(
                    row.length > 1
                            ? line.append(',').append(quoted(labels.get(best))).toString()
                            : line.toString());
        }
        return lines;
    }

    private static String quoted(String text) {
        boolean isPlain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
