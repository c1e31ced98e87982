package io.github.dl4jaskew.checkpoint;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Tells a whole checkpoint from half a one, and from one that was damaged. {@code ModelSerializer} reads the file as a
 * stream, by the headers in front of the entries: one that was cut between two entries, or has a bit wrong in the name of an
 * entry, is silently restored without its updater state. The directory at the file's end is written last, so a
 * file that has it was finished; it must say what the headers say, and the checksums show whether the content reached the
 * disk. What is not compared (versions, attributes, comments) is of no consequence to the network.
 */
final class CompleteZip {

    private static final String CONFIGURATION = "configuration.json";
    private static final String COEFFICIENTS = "coefficients.bin";
    private static final String UPDATER = "updaterState.bin";
    private static final int BUFFER = 1 << 16;

    private CompleteZip() {}

    /** What directory and header both say of an entry. */
    private record Entry(String name, int method, long time, long compressed, long size, long crc) {

        static Entry of(ZipEntry e) {
            return new Entry(e.getName(), e.getMethod(), e.getTime(), e.getCompressedSize(), e.getSize(), e.getCrc());
        }
    }

    /** What is wrong with a checkpoint, or null if nothing is. */
    static @Nullable String fault(Path file) {
        try {
            ByteArrayOutputStream configuration = new ByteArrayOutputStream();
            List<Entry> listed = listed(file);
            List<Entry> held = held(file, configuration);
            if (!listed.equals(held)) {
                return "its directory lists " + listed + ", but it holds " + held;
            }
            List<String> names = held.stream().map(Entry::name).toList();
            if (!names.contains(CONFIGURATION) || !names.contains(COEFFICIENTS)) {
                return "it holds no network";
            }
            if (!names.contains(UPDATER) && UpdaterNeed.hasState(configuration.toString(StandardCharsets.UTF_8))) {
                return "it holds no " + UPDATER + ", without which the updaters' state, such as Adam's, would be lost";
            }
            return null;
        } catch (IOException | IllegalArgumentException e) {
            return e.toString();
        }
    }

    private static List<Entry> listed(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.stream().map(Entry::of).toList();
        }
    }

    /** Reads every entry to its end, where the stream compares checksums and sizes. */
    private static List<Entry> held(Path file, OutputStream configuration) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                zip.transferTo(CONFIGURATION.equals(entry.getName()) ? configuration : OutputStream.nullOutputStream());
                entries.add(Entry.of(entry));
            }
        }
        return entries;
    }
}
