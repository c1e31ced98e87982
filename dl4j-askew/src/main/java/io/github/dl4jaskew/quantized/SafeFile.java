package io.github.dl4jaskew.quantized;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that are complete or not there: written next to their place, forced to disk, then moved. */
final class SafeFile {

    private static final Logger LOG = LoggerFactory.getLogger(SafeFile.class);

    private SafeFile() {}

    /** What writes the content. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Replaces a file. If anything fails, the old one is as it was. The new one has its permissions, and its owner and group
     * where the process may set them. A link stays one; what it points to is replaced.
     *
     * @throws FileSystemException if there is something else than a regular file, such as a directory, a device or a pipe
     */
    static void write(Path file, Content content) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file;
        if (Files.isDirectory(target)) {
            throw new FileAlreadyExistsException(file.toString(), null, "this is a directory");
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    Files.isSymbolicLink(target)
                            ? "this link points to nothing"
                            : "this is not a regular file, but a device, a pipe or the like");
        }
        Path directory = target.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such directory");
        }
        // Not a temporary file of the JDK's, which only its owner may read.
        Attributes old = Attributes.of(target);
        Path temporary = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                            temporary,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            old.atCreation());
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            old.giveTo(temporary);
            move(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Who may read and write a file; null where the file is new, or the file system has no such permissions. */
    private record Attributes(@Nullable PosixFileAttributes posix) {

        static Attributes of(Path target) throws IOException {
            PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
            return new Attributes(view == null || !Files.exists(target) ? null : view.readAttributes());
        }

        /** A file that others may not read must not be readable while it is written. */
        FileAttribute<?>[] atCreation() {
            return posix == null
                    ? new FileAttribute<?>[0]
                    : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(posix.permissions())};
        }

        void giveTo(Path file) throws IOException {
            if (posix == null) {
                return;
            }
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            PosixFileAttributes now = view.readAttributes();
            try {
                if (!now.group().equals(posix.group())) {
                    view.setGroup(posix.group());
                }
                if (!now.owner().equals(posix.owner())) {
                    view.setOwner(posix.owner());
                }
            } catch (IOException e) {
                LOG.debug("{} is not given to {} and {}: {}", file, posix.owner(), posix.group(), e.toString());
            }
            view.setPermissions(posix.permissions());
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
