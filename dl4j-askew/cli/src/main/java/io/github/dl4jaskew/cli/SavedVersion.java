package io.github.dl4jaskew.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;

/** What stands in the way of a saved network: a class, and which of DL4J's versions wrote it. The file does not say either. */
final class SavedVersion {

    private static final Pattern CLASS = Pattern.compile("\"@class\"\\s*:\\s*\"([^\"]+)\"");
    /** Of a type id that Jackson does not know. */
    private static final Pattern TYPE = Pattern.compile("type id '([^']+)'");

    private SavedVersion() {}

    /** One line about an exception of DL4J's. */
    static String explain(Path path, Throwable exception) throws IOException {
        String json = json(path);
        String unknown = unknownClass(json, exception);
        String reason = unknown == null
                ? lastMessage(exception)
                : unknown
                        + " is a class that is not there: one of another version, or of your own, which must be on the"
                        + " class path";
        return reason + " (the file was written by DL4J " + version(json) + ")";
    }

    private static String json(Path path) throws IOException {
        try (ZipFile zip = new ZipFile(path.toFile());
                InputStream in =
                        zip.getInputStream(Objects.requireNonNull(zip.getEntry(ModelSerializer.CONFIGURATION_JSON)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** By the way in which layers and updaters are written. */
    private static String version(String json) {
        if (json.contains("\"activationFunction\"")) {
            return "0.5 to 0.7";
        }
        if (!CLASS.matcher(json).find()) {
            return "0.8 to 1.0.0-alpha";
        }
        return json.contains("\"iUpdater\"") || json.contains("\"iupdater\"")
                ? "1.0.0-alpha or later"
                : "0.8 to 1.0.0-alpha";
    }

    private static @Nullable String unknownClass(String json, Throwable exception) {
        for (Throwable e = exception; e != null; e = e.getCause()) {
            Matcher type = TYPE.matcher(String.valueOf(e.getMessage()));
            if (type.find()) {
                return type.group(1);
            }
        }
        Matcher matcher = CLASS.matcher(json);
        while (matcher.find()) {
            try {
                Class.forName(matcher.group(1), false, SavedVersion.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                return matcher.group(1);
            }
        }
        return null;
    }

    private static String lastMessage(Throwable exception) {
        Throwable last = exception;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return String.valueOf(last.getMessage()).lines().findFirst().orElse(last.toString());
    }
}
