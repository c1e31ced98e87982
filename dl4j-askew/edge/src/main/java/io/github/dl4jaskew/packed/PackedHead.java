package io.github.dl4jaskew.packed;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All of a file but the numbers of its parameters.
 *
 * @param kind what the configuration describes
 * @param configuration Deeplearning4j's JSON; it names classes, so check it before anything is made of it. For the kind
 *     SameDiff, its graph without parameters
 * @param parameters what there is of each parameter, in the order of their numbers in the file
 * @param normalization how features were normalized, or null if the file does not say
 * @param labels names of the network's outputs, or null if the file does not say
 * @param layers the list of simple layers, uninterpreted, or null if the file has none
 */
public record PackedHead(
        NetworkKind kind,
        String configuration,
        List<ParameterInfo> parameters,
        @Nullable Normalization normalization,
        @Nullable List<String> labels,
        @Nullable ByteBuffer layers) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if two parameters have the same layer and key
     */
    public PackedHead {
        parameters = List.copyOf(parameters);
        labels = labels == null ? null : List.copyOf(labels);
        layers = layers == null ? null : layers.asReadOnlyBuffer();
        // Strings, which a HashSet can order: a file of names with equal hash codes would take hours otherwise.
        Set<String> names = new HashSet<>();
        for (ParameterInfo p : parameters) {
            if (!names.add(p.layer().length() + " " + p.layer() + p.key())) {
                throw new IllegalArgumentException(p + " is there twice");
            }
        }
    }

    /** {@return the list of simple layers, uninterpreted, as a new read-only view, or null if the file has none} */
    @Override
    public @Nullable ByteBuffer layers() {
        return layers == null ? null : layers.duplicate();
    }
}
