package io.github.dl4jaskew.packed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole packed file in plain Java: for readers without Deeplearning4j. Immutable and thread safe.
 *
 * @param head configuration, table, labels and so on
 * @param parameters every parameter, in the head's order
 */
public record PackedModel(PackedHead head, List<PackedParameter> parameters) {

    /** Copies the list. */
    public PackedModel {
        parameters = List.copyOf(parameters);
    }

    /**
     * Reads a file.
     *
     * @param file a packed file, and nothing else behind it
     * @return the model
     * @throws PackedFormatException if it is no complete packed file
     * @throws IOException if it cannot be read
     */
    public static PackedModel read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            PackedModel model = read(in);
            PackedReader.requireNothingLeft(in);
            return model;
        }
    }

    /**
     * Reads a file from a stream, and not a byte more.
     *
     * @param in is left behind the file, and not closed
     * @return the model
     * @throws PackedFormatException if it is no complete packed file
     * @throws IOException if the stream fails
     */
    public static PackedModel read(InputStream in) throws IOException {
        PackedReader reader = new PackedReader(in);
        List<PackedParameter> parameters = new ArrayList<>();
        for (int i = 0; i < reader.head().parameters().size(); i++) {
            parameters.add(reader.readParameter());
        }
        reader.end();
        return new PackedModel(reader.head(), parameters);
    }

    /**
     * One parameter.
     *
     * @param layer its layer's name
     * @param key its key in the layer
     * @return the parameter
     * @throws IllegalArgumentException if there is none of that name
     */
    public PackedParameter parameter(String layer, String key) {
        ParameterId id = new ParameterId(layer, key);
        return parameters.stream()
                .filter(p -> p.info().id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("there is no parameter '" + key + "' of a layer '" + layer + "'"));
    }
}
