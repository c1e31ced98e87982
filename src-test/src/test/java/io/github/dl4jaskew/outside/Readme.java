package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The snippets of a section, usually the README's "Use". */
final class Readme {

    private final String use;

    private Readme(String use) {
        this.use = use;
    }

    static Readme read() throws IOException {
        return read(Path.of("../README.md"), "Use");
    }

    /** A section of another page. */
    static Readme read(Path page, String section) throws IOException {
        String text = Files.readString(page);
        int start = text.indexOf("\n## " + section + "\n");
        assertThat(start).as("section %s of %s", section, page).isNotNegative();
        int end = text.indexOf("\n## ", start + 1);
        return new Readme(text.substring(start, end < 0 ? text.length() : end));
    }

    /** Returns the first block of a language. */
    String block(String language) {
        String opening = "\n```" + language + "\n";
        int start = use.indexOf(opening);
        assertThat(start).as("a block of %s in this section", language).isNotNegative();
        return use.substring(start + opening.length(), use.indexOf("\n```", start + 1) + 1);
    }
}
