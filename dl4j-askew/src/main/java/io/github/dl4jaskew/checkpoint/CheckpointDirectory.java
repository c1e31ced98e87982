package io.github.dl4jaskew.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the checkpoints of a training lie, over all the times that it was started.
 *
 * <p>DL4J's {@link CheckpointListener} refuses a directory that holds checkpoints, or deletes them before it has written one,
 * and a process that is killed while it writes leaves half a file under the final name. So each start has a directory of its
 * own here ({@code run-000001}, {@code run-000002}, ...), and files are checked before they are trusted.
 *
 * <p>One training at a time: {@link #newRun} locks the directory until {@link #close}, or until the process ends, however
 * that happens. The thread that has locked it may begin another training there, and any thread once that one has ended. On
 * file systems without locks, a warning takes the lock's place. Not thread safe.
 */
public final class CheckpointDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointDirectory.class);

    private static final Pattern RUN = Pattern.compile("run-(\\d{6})");
    private static final Pattern CHECKPOINT =
            Pattern.compile("checkpoint_(\\d{1,9})_(MultiLayerNetwork|ComputationGraph)\\.zip");
    private static final String RECORD = "checkpointInfo.txt";

    private final Path root;
    private @Nullable DirectoryLock lock;

    /**
     * Opens a directory.
     *
     * @param root is created when the first run starts; should hold nothing else
     */
    public CheckpointDirectory(Path root) {
        this.root = root;
    }

    /**
     * The newest checkpoint that is complete. Half-written and damaged files are passed over, which is logged.
     *
     * @return empty if there is none, so that the training starts from the beginning
     * @throws UncheckedIOException if the directory cannot be read
     */
    public Optional<SavedCheckpoint> newest() {
        return runs().stream()
                .sorted(Comparator.reverseOrder())
                .flatMap(run -> checkpoints(run).stream())
                .filter(CheckpointDirectory::isComplete)
                .findFirst()
                .map(SavedCheckpoint::new);
    }

    private static boolean isComplete(Path file) {
        String fault = CompleteZip.fault(file);
        if (fault != null) {
            LOG.warn("checkpoint {} is skipped: {}", file, fault);
        }
        return fault == null;
    }

    /**
     * Locks the directory and makes that of a new run. Runs before the one with the newest complete
     * checkpoint are deleted, as they are no longer needed.
     *
     * @return a builder of the listener to train with: say how often it saves and how many it keeps
     * @throws IllegalStateException if another training has the directory locked; the message names its process
     * @throws UncheckedIOException if a directory cannot be made, locked or deleted
     */
    public CheckpointListener.Builder newRun() {
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + root, e);
        }
        lock = DirectoryLock.acquire(root);
        List<Path> runs = runs();
        int last = runs.isEmpty() ? 0 : number(RUN, runs.get(runs.size() - 1));
        newest().ifPresent(saved -> runs.stream()
                .filter(run -> run.compareTo(saved.file().getParent()) < 0)
                .forEach(CheckpointDirectory::delete));
        return new CheckpointListener.Builder(create(last + 1).toFile());
    }

    /** Ends the training: another one may have the directory. Nothing if there was none. */
    @Override
    public void close() {
        if (lock != null) {
            lock.release();
            lock = null;
        }
    }

    /** Creates the directory of the next free checkpoint number, also against concurrent processes. */
    private Path create(int number) {
        for (int next = number; ; next++) {
            Path run = root.resolve(String.format(Locale.ROOT, "run-%06d", next));
            try {
                return Files.createDirectory(run);
            } catch (FileAlreadyExistsException e) {
                if (!Files.exists(run)) {
                    throw new UncheckedIOException("cannot create " + run, e);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot create " + run, e);
            }
        }
    }

    /** Oldest first. */
    private List<Path> runs() {
        return Files.isDirectory(root)
                ? list(root, RUN).stream().filter(Files::isDirectory).toList()
                : List.of();
    }

    /** Newest first; by their numbers, as the listener's record is written after the file. */
    private static List<Path> checkpoints(Path run) {
        return list(run, CHECKPOINT).stream()
                .filter(Files::isRegularFile)
                .sorted(Comparator.comparingInt((Path file) -> number(CHECKPOINT, file))
                        .reversed())
                .toList();
    }

    private static List<Path> list(Path directory, Pattern names) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> matcher(names, file).matches()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private static Matcher matcher(Pattern pattern, Path file) {
        return pattern.matcher(file.getFileName().toString());
    }

    private static int number(Pattern pattern, Path file) {
        Matcher matcher = matcher(pattern, file);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(file + " does not match " + pattern);
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** Deletes what the listener has written; a directory that holds more stays. */
    private static void delete(Path run) {
        try {
            for (Path checkpoint : checkpoints(run)) {
                Files.delete(checkpoint);
            }
            Files.deleteIfExists(run.resolve(RECORD));
            try (Stream<Path> rest = Files.list(run)) {
                if (rest.findAny().isPresent()) {
                    return;
                }
            }
            Files.delete(run);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the old checkpoints in " + run, e);
        }
    }

    @Override
    public String toString() {
        return "CheckpointDirectory(" + root + ")";
    }
}
