package io.github.dl4jaskew.checkpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a whole checkpoint from half a one. {@code ModelSerializer} reads the file as a stream: one that was cut between two
 * entries is restored without its updater state, and nobody hears of it. The directory at the file's end is written last,
 * so a file that has it was finished; the checksums show whether it reached the disk.
 */
final class CompleteZip {

    private static final Logger LOG = LoggerFactory.getLogger(CompleteZip.class);

    private static final int BUFFER = 1 << 16;

    private CompleteZip() {}

    static boolean isComplete(Path file) {
        try {
            int listed;
            try (ZipFile zip = new ZipFile(file.toFile())) {
                listed = zip.size();
                if (zip.getEntry("configuration.json") == null || zip.getEntry("coefficients.bin") == null) {
                    return passOver(file, "it holds no network");
                }
            }
            int read = readAll(file);
            return read == listed || passOver(file, "it lists " + listed + " entries, but holds " + read);
        } catch (IOException | IllegalArgumentException e) {
            return passOver(file, e.toString());
        }
    }

    /** Reads every entry to its end, where the stream compares checksums. */
    private static int readAll(Path file) throws IOException {
        int entries = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                while (zip.read(buffer) >= 0) {
                    // Only the checksum is of interest.
                }
                entries++;
            }
        }
        return entries;
    }

    private static boolean passOver(Path file, String reason) {
        LOG.warn("checkpoint {} is passed over: {}", file, reason);
        return false;
    }
}
