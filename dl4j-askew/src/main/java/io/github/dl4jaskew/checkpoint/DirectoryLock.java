package io.github.dl4jaskew.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One training at a time in a directory: a lock on the file {@value #NAME} in it, which the operating system releases when the
 * process ends, killed or not. The file's text says who holds it.
 *
 * <p>Within a process, locks are the process's, so the thread counts: it may begin another training when its last one is
 * over, and so may every thread once it has ended.
 */
final class DirectoryLock {

    static final String NAME = "lock";

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);

    /** Behind the text, which must stay readable on systems where a lock keeps readers out. */
    private static final long LOCKED_BYTE = 1L << 40;

    /** By real path; all access is synchronized on it. */
    private static final Map<Path, DirectoryLock> HELD = new HashMap<>();

    private final Path root;
    private final FileChannel channel;
    private final Thread owner;

    private DirectoryLock(Path root, FileChannel channel, Thread owner) {
        this.root = root;
        this.channel = channel;
        this.owner = owner;
    }

    /**
     * Locks a directory for the current thread, for good or until {@link #release}.
     *
     * @param directory is there
     * @return the lock
     * @throws IllegalStateException if another process or a living thread of this one has it
     * @throws UncheckedIOException if the lock's file cannot be made
     */
    static DirectoryLock acquire(Path directory) {
        synchronized (HELD) {
            try {
                Path root = directory.toRealPath();
                DirectoryLock held = HELD.get(root);
                Thread thread = Thread.currentThread();
                if (held != null && !held.owner.equals(thread) && held.owner.isAlive()) {
                    throw inUse(root, "thread '" + held.owner.getName() + "' of this process");
                }
                DirectoryLock lock = new DirectoryLock(root, held == null ? lock(root) : held.channel, thread);
                HELD.put(root, lock);
                return lock;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot lock " + directory, e);
            }
        }
    }

    /** Gives the directory back, unless a later training of the same thread has taken it over. */
    void release() {
        synchronized (HELD) {
            if (!HELD.remove(root, this)) {
                return;
            }
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unlock " + root, e);
            }
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        Path file = root.resolve(NAME);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is no regular file");
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean kept = false;
        try {
            if (isFree(channel, root)) {
                String text = ManagementFactory.getRuntimeMXBean().getName() + ", since "
                        + Instant.now().truncatedTo(ChronoUnit.SECONDS);
                channel.truncate(0).write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                kept = true;
                return channel;
            }
        } finally {
            if (!kept) {
                channel.close();
            }
        }
        throw inUse(root, "process " + Files.readString(file));
    }

    /** Whether no other process has it; some network file systems have no locks. */
    private static boolean isFree(FileChannel channel, Path root) {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false) != null;
        } catch (IOException e) {
            LOG.warn("{} cannot be locked; make sure that only one training at a time uses it", root, e);
            return true;
        }
    }

    private static IllegalStateException inUse(Path root, String owner) {
        return new IllegalStateException("checkpoint directory " + root + " is in use by " + owner
                + "; wait until that training is over, stop it, or give this one another directory");
    }
}
