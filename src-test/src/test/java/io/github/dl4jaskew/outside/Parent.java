package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The parent's pom. */
final class Parent {

    private Parent() {}

    /** Returns the value of a property that the parent sets once. */
    static String property(String name) {
        try {
            String[] parts = Files.readString(Path.of("../pom.xml")).split("</?" + Pattern.quote(name) + ">");
            assertThat(parts).as("the property %s of the parent", name).hasSize(3);
            return parts[1];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
