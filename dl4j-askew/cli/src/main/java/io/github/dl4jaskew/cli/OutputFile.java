package io.github.dl4jaskew.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The file that a command writes. */
final class OutputFile {

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "The file to write.")
    private @Nullable Path file;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    /** Filled by picocli. */
    OutputFile() {}

    OutputFile(Path file, boolean force) {
        this.file = file;
        this.force = force;
    }

    /** Writes to a path that it is given. */
    @FunctionalInterface
    interface Content {
        void writeTo(Path path) throws IOException;
    }

    Path path() {
        return Objects.requireNonNull(file);
    }

    /** Fails before any work is done if the file could not be written after it. */
    void check() throws IOException {
        Path path = path();
        if (Files.isDirectory(path)) {
            throw new FileAlreadyExistsException(path.toString(), null, "this is a directory");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new FileSystemException(path.toString(), null, "this is not a regular file");
        }
        if (Files.exists(path) && !force) {
            throw new FileAlreadyExistsException(path.toString(), null, "the file exists; --force replaces it");
        }
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new NoSuchFileException(path.toString(), null, "there is no such directory");
        }
    }

    /** Writes beside the place first, so that the file is never half a file. */
    void write(Content content) throws IOException {
        check();
        // A link stays one, as where the library saves by itself.
        Path target = Files.exists(path()) ? path().toRealPath() : path();
        Path beside = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            content.writeTo(beside);
            if (Files.exists(target) && Files.getFileStore(target).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(target));
            }
            if (force) {
                Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(beside, target);
            }
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
