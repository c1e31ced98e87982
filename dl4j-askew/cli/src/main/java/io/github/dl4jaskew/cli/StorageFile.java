package io.github.dl4jaskew.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.deeplearning4j.ui.model.storage.sqlite.J7FileStatsStorage;

/**
 * The file of a FileStatsStorage (MapDB) or a J7FileStatsStorage (SQLite). A copy of it is opened: DL4J would write into the
 * file itself, and would not open one that a training has open.
 */
final class StorageFile implements AutoCloseable {

    private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private final Path directory;
    private final StatsStorage storage;

    private StorageFile(Path directory, StatsStorage storage) {
        this.directory = directory;
        this.storage = storage;
    }

    static StorageFile open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        Path directory = Files.createTempDirectory("askew-report");
        try {
            Path copy = copy(file, directory);
            return new StorageFile(
                    directory,
                    isSqlite(copy) ? new J7FileStatsStorage(copy.toFile()) : new FileStatsStorage(copy.toFile()));
        } catch (IOException | RuntimeException e) {
            delete(directory);
            throw new IOException(
                    file + " is not a file of a FileStatsStorage or J7FileStatsStorage, or is being written", e);
        }
    }

    /** With the logs beside it, in which both keep what is not in the file yet. */
    private static Path copy(Path file, Path directory) throws IOException {
        String name = String.valueOf(file.getFileName());
        Path parent = file.toAbsolutePath().getParent();
        try (Stream<Path> beside = Files.list(parent == null ? file : parent)) {
            for (Path path : beside.filter(Files::isRegularFile).toList()) {
                String found = String.valueOf(path.getFileName());
                if (found.equals(name) || found.startsWith(name + ".wal") || found.startsWith(name + "-wal")) {
                    Files.copy(path, directory.resolve(found));
                }
            }
        }
        return directory.resolve(name);
    }

    private static boolean isSqlite(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(SQLITE.length), SQLITE);
        }
    }

    StatsStorage storage() {
        return storage;
    }

    @Override
    public void close() throws IOException {
        storage.close();
        delete(directory);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
