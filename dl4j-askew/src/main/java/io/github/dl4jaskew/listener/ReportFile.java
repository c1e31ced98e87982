package io.github.dl4jaskew.listener;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.json.JsonWriteFeature;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.json.JsonMapper;

/** A file to which reports are appended, each complete when {@link #append} returns. */
abstract class ReportFile {

    private final Path path;
    private boolean continued;

    private ReportFile(Path path) {
        this.path = path;
    }

    /** What a report adds to the file, without line ends. */
    abstract List<String> lines(AskewReport report, boolean isNew);

    void append(AskewReport report) {
        boolean checked = continued;
        // A write that fails, as on a full disk, may leave half a line too.
        continued = false;
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new FileSystemException(path.toString(), null, "this is no regular file");
            }
            if (path.toAbsolutePath().getParent() != null) {
                Files.createDirectories(path.toAbsolutePath().getParent());
            }
            boolean isNew = !Files.exists(path) || Files.size(path) == 0;
            List<String> lines = new ArrayList<>(lines(report, isNew));
            if (!checked && !isNew && isCut()) {
                lines.add(0, "");
            }
            Files.write(path, lines, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            continued = true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write reports to " + path, e);
        }
    }

    /** Whether a process that was killed has left half a line, to which nothing must be glued. */
    private boolean isCut() throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.position(channel.size() - 1).read(last);
            return last.get(0) != '\n';
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    static ReportFile jsonLines(Path path) {
        // In ASCII, with escapes: a layer's name may hold half of a surrogate pair, which UTF-8 has not.
        ObjectMapper mapper =
                JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        return new ReportFile(path) {
            @Override
            List<String> lines(AskewReport report, boolean isNew) {
                try {
                    return List.of(mapper.writeValueAsString(report));
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    static ReportFile csv(Path path) {
        return new ReportFile(path) {
            @Override
            List<String> lines(AskewReport report, boolean isNew) {
                List<String> lines = new ArrayList<>();
                if (isNew) {
                    lines.add("iteration,epoch,epsilon,tau,layer,parameter,weights,infeasible_share,"
                            + "mean_distance,max_distance,flips");
                }
                for (AskewReport.Row row : report.parameters()) {
                    lines.add(line(report, row));
                }
                lines.add(line(report, report.total()));
                return lines;
            }
        };
    }

    private static String line(AskewReport report, AskewReport.Row row) {
        return String.join(
                ",",
                String.valueOf(report.iteration()),
                String.valueOf(report.epoch()),
                String.valueOf(report.epsilon()),
                String.valueOf(report.tau()),
                quoted(row.layer()),
                quoted(row.parameter()),
                String.valueOf(row.weights()),
                String.valueOf(row.infeasibleShare()),
                String.valueOf(row.meanDistance()),
                String.valueOf(row.maxDistance()),
                String.valueOf(row.flips()));
    }

    /** A layer may be called anything, even by half of a surrogate pair, which becomes a question mark. */
    private static String quoted(String name) {
        String text = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return text.matches("[\\w .-]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
