package io.github.dl4jaskew.examples;

import java.nio.file.Path;
import java.util.stream.LongStream;
import picocli.CommandLine.Option;

/** What both studies ask for. */
final class StudyOptions {

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "The first seed; each draws its own data and first weights. Default: ${DEFAULT-VALUE}.")
    private long first = 1;

    @Option(names = "--epochs", paramLabel = "N", description = "Length of each training. Default: the paper's.")
    private int epochs;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            defaultValue = "examples/target/results",
            description = "Where the results go. Default: ${DEFAULT-VALUE}.")
    private Path results = Path.of("examples/target/results");

    /** Consecutive seeds. */
    LongStream seeds(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("--seeds is " + count + "; allowed is at least 1");
        }
        return LongStream.range(first, first + count);
    }

    /** The length that the user wants, or else the usual one. */
    int epochs(int usual) {
        if (epochs < 0) {
            throw new IllegalArgumentException("--epochs is " + epochs + "; allowed is at least 1");
        }
        return epochs == 0 ? usual : epochs;
    }

    Path file(String name) {
        return results.resolve(name);
    }
}
