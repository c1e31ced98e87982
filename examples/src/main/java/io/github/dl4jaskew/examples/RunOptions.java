package io.github.dl4jaskew.examples;

import java.nio.file.Path;
import java.util.stream.LongStream;
import picocli.CommandLine.Option;

/** What every example asks for: a seed, and where its results go. */
public final class RunOptions {

    private static final String RESULTS = "examples/target/results";

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Draws data, first weights and the order of examples; where several are averaged, the first"
                    + " seed. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            defaultValue = RESULTS,
            description = "Where results and charts go. Default: ${DEFAULT-VALUE}.")
    private Path results = Path.of(RESULTS);

    /** Everything at its default. */
    public RunOptions() {}

    /**
     * The seed.
     *
     * @return any number
     */
    public long seed() {
        return seed;
    }

    /**
     * Consecutive seeds, from the one that was asked for on.
     *
     * @param count at least 1
     * @return the seeds
     * @throws IllegalArgumentException if the count is below 1
     */
    public LongStream seeds(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("--seeds is " + count + "; allowed is at least 1");
        }
        return LongStream.range(seed, seed + count);
    }

    /**
     * The directory of results and charts.
     *
     * @return need not be there yet
     */
    public Path results() {
        return results;
    }

    /**
     * A file among the results.
     *
     * @param name its name
     * @return its path
     */
    public Path file(String name) {
        return results.resolve(name);
    }
}
