package io.github.dl4jaskew.outside;

import java.util.List;

/** What the build was told that it must test: words in the environment variable {@code ASKEW_REQUIRE}, set by the CI. */
final class Required {

    private Required() {}

    /**
     * Fails where a test that must run would be skipped.
     *
     * @param word what the test is of
     * @param reason why it would be skipped
     */
    static void refuseToSkip(String word, String reason) {
        refuseToSkip(System.getenv().getOrDefault("ASKEW_REQUIRE", ""), word, reason);
    }

    static void refuseToSkip(String required, String word, String reason) {
        if (List.of(required.split("\\s+")).contains(word)) {
            throw new IllegalStateException("ASKEW_REQUIRE asks for " + word + "; " + reason);
        }
    }
}
