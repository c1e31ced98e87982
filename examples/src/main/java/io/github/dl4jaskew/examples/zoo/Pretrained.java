package io.github.dl4jaskew.examples.zoo;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Adler32;
import java.util.zip.CheckedInputStream;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.common.resources.ResourceType;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;

/**
 * The zoo's pretrained weights, by its own {@code initPretrained}, but with errors that say what to do. The host that the
 * zoo names was shut down in 2024; DL4J deletes a cached file whose checksum is not the zoo's; and it waits for a silent
 * host for weeks.
 */
public final class Pretrained {

    private static final int PATIENCE_MILLIS = 10_000;

    private Pretrained() {}

    /**
     * Loads pretrained weights from DL4J's cache, or else downloads them into it.
     *
     * @param model a model of the zoo
     * @param type what it was trained on
     * @return the network
     * @throws IOException if the weights cannot be had, or are not those that the zoo expects; says where to put them
     * @throws IllegalArgumentException if the zoo has no such weights
     */
    public static Model load(ZooModel<?> model, PretrainedType type) throws IOException {
        if (!model.pretrainedAvailable(type)) {
            throw new IllegalArgumentException(
                    "the zoo has no " + type + " weights of " + model.modelName() + "; train it instead");
        }
        String url = model.pretrainedUrl(type);
        Path cached = cached(model, type);
        if (Files.exists(cached)) {
            requireChecksum(cached, model.pretrainedChecksum(type));
        } else {
            requireHost(url, model, type);
        }
        try {
            return model.initPretrained(type);
        } catch (IOException e) {
            throw unavailable(url, model, type, e);
        } catch (IllegalStateException e) {
            throw new IOException(
                    "what was downloaded from " + url
                            + " has not the checksum that the zoo expects, and DL4J has deleted it",
                    e);
        }
    }

    /** Where DL4J looks before it downloads. */
    static Path cached(ZooModel<?> model, PretrainedType type) {
        String name = new File(model.pretrainedUrl(type)).getName();
        return DL4JResources.getDirectory(ResourceType.ZOO_MODEL, model.modelName())
                .toPath()
                .resolve(name);
    }

    /** DL4J would delete a file that somebody has gone to great lengths to find. */
    private static void requireChecksum(Path file, long expected) throws IOException {
        Adler32 adler = new Adler32();
        try (CheckedInputStream in = new CheckedInputStream(Files.newInputStream(file), adler)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        if (expected != 0 && adler.getValue() != expected) {
            throw new IOException(file + ": the Adler32 checksum is " + adler.getValue() + ", but the zoo expects "
                    + expected
                    + "; the file is another one, or its download broke off. DL4J would delete it, so move it"
                    + " away, or load it with ModelSerializer");
        }
    }

    private static void requireHost(String url, ZooModel<?> model, PretrainedType type) throws IOException {
        try {
            URLConnection connection = new URI(url).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.connect();
        } catch (IOException | URISyntaxException e) {
            throw unavailable(url, model, type, e);
        }
    }

    private static IOException unavailable(String url, ZooModel<?> model, PretrainedType type, Exception cause) {
        return new IOException(
                "the pretrained weights of " + model.modelName() + " cannot be downloaded from " + url + " (" + cause
                        + "). DL4J's host for them was shut down in 2024. Put the file at " + cached(model, type)
                        + " (Adler32 checksum " + model.pretrainedChecksum(type)
                        + ", or DL4J deletes it), or name a mirror by --base-url or the system property "
                        + DL4JSystemProperties.DL4J_RESOURCES_BASE_URL_PROPERTY + "; another cache by --cache or "
                        + DL4JSystemProperties.DL4J_RESOURCES_DIR_PROPERTY,
                cause);
    }
}
