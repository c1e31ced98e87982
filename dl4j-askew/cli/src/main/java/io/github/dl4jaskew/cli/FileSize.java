package io.github.dl4jaskew.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Says how large a packed file is, next to what the parameters take as floats. */
final class FileSize {

    private FileSize() {}

    static String text(Path file, long floatBytes) throws IOException {
        long size = Files.size(file);
        boolean isSmaller = size <= floatBytes;
        double ratio = isSmaller ? (double) floatBytes / size : (double) size / floatBytes;
        return String.format(
                Locale.ROOT,
                "%s: %d bytes with its configuration, %.1f times %s than the %d bytes of the parameters as floats",
                file,
                size,
                ratio,
                isSmaller ? "smaller" : "larger",
                floatBytes);
    }
}
