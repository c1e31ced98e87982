package io.github.dl4jaskew.ui;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Where Chromium and its driver are. As an extension, skips tests loudly where they are not. */
public final class Chromium implements ExecutionCondition {

    private static final String ADVICE =
            "SKIPPED, NOT TESTED: the pages in a browser. Chromium and its driver were not found;"
                    + " install them (Debian and Ubuntu: apt-get install chromium chromium-driver) or name them in the environment"
                    + " variables CHROMIUM and CHROMEDRIVER";

    static Path binary() {
        return find("CHROMIUM", "chromium", "chromium-browser", "google-chrome").orElseThrow();
    }

    static Path driver() {
        return find("CHROMEDRIVER", "chromedriver").orElseThrow();
    }

    private static Optional<Path> find(String variable, String... names) {
        String named = System.getenv(variable);
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        List<String> directories =
                List.of(System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator));
        for (String name : names) {
            for (String directory : directories) {
                Path file = Path.of(directory, name);
                if (Files.isExecutable(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean there = find("CHROMIUM", "chromium", "chromium-browser", "google-chrome")
                        .isPresent()
                && find("CHROMEDRIVER", "chromedriver").isPresent();
        if (there) {
            return ConditionEvaluationResult.enabled("a Chromium is there");
        }
        LoggerFactory.getLogger(Chromium.class).error(ADVICE);
        return ConditionEvaluationResult.disabled(ADVICE);
    }
}
