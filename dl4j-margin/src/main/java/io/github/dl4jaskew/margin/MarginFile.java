package io.github.dl4jaskew.margin;

import io.github.dl4jaskew.margin.metrics.ExampleDistance;
import io.github.dl4jaskew.margin.metrics.ExampleMargin;
import io.github.dl4jaskew.pages.sink.LineFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file to which snapshots are appended, one a line, as JSON lines or as comma-separated values below a header. A file
 * that is there already is continued. A snapshot is complete on disk when {@link #append} returns. Thread safe.
 *
 * <p>JSON lines hold all of a snapshot and can be {@link #read}; CSV holds its numbers but the lists, with nothing
 * between commas for what is empty.
 */
public final class MarginFile {

    private static final Logger LOG = LoggerFactory.getLogger(MarginFile.class);

    private final LineFile file;
    private final Function<MarginSnapshot, String> line;

    private MarginFile(LineFile file, Function<MarginSnapshot, String> line) {
        this.file = file;
        this.line = line;
    }

    /**
     * A file of JSON lines.
     *
     * @param path created with its directory at the first snapshot
     * @return the file
     */
    public static MarginFile jsonLines(Path path) {
        return new MarginFile(new LineFile(path, "snapshots", null), MarginJson::write);
    }

    /**
     * A file of comma-separated values.
     *
     * @param path created with its directory at the first snapshot
     * @return the file
     */
    public static MarginFile csv(Path path) {
        return new MarginFile(new LineFile(path, "snapshots", header()), MarginFile::row);
    }

    /**
     * Appends a snapshot.
     *
     * @param snapshot to append
     * @throws UncheckedIOException if the file cannot be written
     */
    public void append(MarginSnapshot snapshot) {
        append(List.of(snapshot));
    }

    /**
     * Appends all snapshots of a history.
     *
     * @param history to append
     * @throws UncheckedIOException if the file cannot be written
     */
    public void append(MarginHistory history) {
        append(history.snapshots());
    }

    private void append(List<MarginSnapshot> snapshots) {
        file.append(snapshots.stream().map(line).toList());
    }

    /**
     * Reads the snapshots of a file of JSON lines. A line that was cut, as by a kill or a full disk, is passed over, which
     * is logged as a warning.
     *
     * @param path written by {@link #jsonLines}
     * @return the history
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a line is no snapshot
     */
    public static MarginHistory read(Path path) throws IOException {
        List<MarginSnapshot> snapshots = new ArrayList<>();
        // A line may be cut inside of a character, so bytes come first.
        List<String> lines = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1)
                .lines()
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            byte[] line = lines.get(i).getBytes(StandardCharsets.ISO_8859_1);
            if (MarginJson.isCut(new String(line, StandardCharsets.UTF_8))) {
                LOG.warn("{}, line {} is truncated and skipped; a snapshot is missing", path, i + 1);
                continue;
            }
            try {
                snapshots.add(MarginJson.read(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(line))
                        .toString()));
            } catch (CharacterCodingException | IllegalArgumentException e) {
                throw new IllegalArgumentException(path + ", line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return new MarginHistory(snapshots);
    }

    /**
     * Writes margins of single examples as comma-separated values: example, position, output, label, runnerUp, margin.
     *
     * @param path created with its directory, or replaced
     * @param margins in the order of the rows, for instance {@link MarginTracker#margins}
     * @throws IOException if the file cannot be written
     */
    public static void writeMargins(Path path, List<ExampleMargin> margins) throws IOException {
        List<String> lines = new ArrayList<>(List.of("example,position,output,label,runnerUp,margin"));
        for (ExampleMargin m : margins) {
            lines.add(m.example() + "," + m.position() + "," + m.output() + "," + m.label() + "," + m.runnerUp() + ","
                    + m.margin());
        }
        write(path, lines);
    }

    /**
     * Writes distances of single examples from the decision boundary as comma-separated values: example, label, other, margin,
     * gradientNorm, distance.
     *
     * @param path created with its directory, or replaced
     * @param distances in the order of the rows, for instance {@link MarginTracker#distances}
     * @throws IOException if the file cannot be written
     */
    public static void writeDistances(Path path, List<ExampleDistance> distances) throws IOException {
        List<String> lines = new ArrayList<>(List.of("example,label,other,margin,gradientNorm,distance"));
        for (ExampleDistance d : distances) {
            lines.add(d.example() + "," + d.label() + "," + d.other() + "," + d.margin() + "," + d.gradientNorm() + ","
                    + d.distance());
        }
        write(path, lines);
    }

    private static void write(Path path, List<String> lines) throws IOException {
        if (path.toAbsolutePath().getParent() != null) {
            Files.createDirectories(path.toAbsolutePath().getParent());
        }
        Files.write(path, lines);
    }

    private static String header() {
        List<String> names = new ArrayList<>(SnapshotColumns.WHOLE.keySet());
        names.addAll(List.of("upperBound", "lateStage"));
        names.addAll(SnapshotColumns.NUMBERS.keySet());
        names.addAll(SnapshotColumns.GRADIENT.keySet());
        names.addAll(SnapshotColumns.COLLAPSE.keySet());
        names.addAll(SnapshotColumns.STATIONARITY.keySet());
        names.addAll(SnapshotColumns.PROGRESS.keySet());
        names.addAll(SnapshotColumns.NEAR.keySet());
        names.addAll(SnapshotColumns.TEST.keySet());
        names.addAll(SnapshotColumns.ROBUSTNESS.keySet());
        return String.join(",", names);
    }

    private static String row(MarginSnapshot s) {
        List<String> cells = new ArrayList<>();
        SnapshotColumns.WHOLE.values().forEach(value -> cells.add(String.valueOf(value.applyAsLong(s))));
        cells.add(String.valueOf(s.upperBound()));
        cells.add(String.valueOf(s.stage().entered()));
        SnapshotColumns.NUMBERS.values().forEach(value -> cells.add(text(value.apply(s))));
        SnapshotColumns.GRADIENT
                .values()
                .forEach(value -> cells.add(text(s.gradient().map(value).orElse(OptionalDouble.empty()))));
        SnapshotColumns.COLLAPSE
                .values()
                .forEach(value -> cells.add(text(s.collapse().map(value).orElse(OptionalDouble.empty()))));
        SnapshotColumns.STATIONARITY
                .values()
                .forEach(value ->
                        cells.add(text(s.marginStationarity().map(value).orElse(OptionalDouble.empty()))));
        SnapshotColumns.PROGRESS
                .values()
                .forEach(value -> cells.add(text(s.progress().map(value).orElse(OptionalDouble.empty()))));
        SnapshotColumns.NEAR
                .values()
                .forEach(value -> cells.add(text(s.nearMargin().map(value).orElse(OptionalDouble.empty()))));
        SnapshotColumns.TEST
                .values()
                .forEach(value -> cells.add(text(s.test().map(value).orElse(OptionalDouble.empty()))));
        SnapshotColumns.ROBUSTNESS
                .values()
                .forEach(value -> cells.add(text(s.robustness().map(value).orElse(OptionalDouble.empty()))));
        return String.join(",", cells);
    }

    private static String text(OptionalDouble value) {
        return value.isPresent() ? String.valueOf(value.getAsDouble()) : "";
    }
}
