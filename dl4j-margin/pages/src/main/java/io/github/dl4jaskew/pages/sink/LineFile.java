package io.github.dl4jaskew.pages.sink;

import java.io.BufferedReader;
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
import org.jspecify.annotations.Nullable;

/**
 * A text file to which whole lines are appended, in UTF-8. A file that is there already is continued: if its last line was
 * cut, as by a kill or a full disk, it stays a line of its own, to which nothing is glued; one with another header is
 * refused. Thread safe.
 */
public final class LineFile {

    private final Path path;
    private final String what;
    private final @Nullable String header;
    private boolean endsWithLine;

    /**
     * Names a file; nothing is written yet.
     *
     * @param path created with its directory when lines are appended
     * @param what is written, for messages: "snapshots"
     * @param header first line of a new file, or null for none
     */
    public LineFile(Path path, String what, @Nullable String header) {
        this.path = path;
        this.what = what;
        this.header = header;
    }

    /**
     * Appends lines, which are complete on disk when this returns.
     *
     * @param lines without line ends
     * @throws UncheckedIOException if the file cannot be written
     */
    public synchronized void append(List<String> lines) {
        boolean checked = endsWithLine;
        // A write that fails, as on a full disk, may leave half a line too.
        endsWithLine = false;
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new FileSystemException(path.toString(), null, "this is not a regular file");
            }
            Path directory = path.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            boolean isNew = !Files.exists(path) || Files.size(path) == 0;
            List<String> all = new ArrayList<>();
            if (isNew && header != null) {
                all.add(header);
            } else if (!isNew && !checked) {
                requireHeader();
                if (isCut()) {
                    all.add("");
                }
            }
            all.addAll(lines);
            Files.write(path, all, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            endsWithLine = true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + what + " to " + path, e);
        }
    }

    /** Lines of other columns would be read as what they are not. A header that was cut is not another one. */
    private void requireHeader() throws IOException {
        if (header == null) {
            return;
        }
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            String first = reader.readLine();
            if (first == null || !header.startsWith(first)) {
                throw new FileSystemException(
                        path.toString(), null, "its first line is not \"" + header + "\"; write to another file");
            }
        }
    }

    private boolean isCut() throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.position(channel.size() - 1).read(last);
            return last.get(0) != '\n';
        }
    }

    /** {@return the path} */
    @Override
    public String toString() {
        return path.toString();
    }
}
