package io.github.dl4jaskew.examples;

import java.nio.file.Path;
import java.util.stream.LongStream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What every example that trains asks for: the length of a training, beside seed and results. */
public final class TrainingOptions {

    /** A number of epochs; 0 is that of the problem. Prints as help says it. */
    private record Length(int epochs) {
        @Override
        public String toString() {
            return epochs == 0 ? "the problem's own" : String.valueOf(epochs);
        }
    }

    /** Reads a length. */
    private static final class LengthOption implements ITypeConverter<Length> {
        @Override
        public Length convert(String value) {
            if (!value.matches("\\d{1,9}") || Integer.parseInt(value) == 0) {
                throw new TypeConversionException("it is " + value + "; allowed is at least 1");
            }
            return new Length(Integer.parseInt(value));
        }
    }

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = LengthOption.class,
            description = "Epochs of each training. Default: ${DEFAULT-VALUE}.")
    private Length length;

    @Mixin
    private RunOptions run = new RunOptions();

    /** The length is that of the problem, which {@link #epochs(int)} is told. */
    public TrainingOptions() {
        length = new Length(0);
    }

    /**
     * The length has a default.
     *
     * @param epochs at least 1
     */
    public TrainingOptions(int epochs) {
        if (epochs < 1) {
            throw new IllegalArgumentException("epochs is " + epochs + "; allowed is at least 1");
        }
        length = new Length(epochs);
    }

    /**
     * The length of a training.
     *
     * @return at least 1
     * @throws IllegalStateException if only the problem knows it
     */
    public int epochs() {
        if (length.epochs == 0) {
            throw new IllegalStateException("the length is the problem's own; call epochs(int)");
        }
        return length.epochs;
    }

    /**
     * The length of a training on one of several problems.
     *
     * @param own the problem's
     * @return what the user wants, or else the problem's own
     */
    public int epochs(int own) {
        return length.epochs == 0 ? own : length.epochs;
    }

    /**
     * The seed.
     *
     * @return any number
     */
    public long seed() {
        return run.seed();
    }

    /**
     * Consecutive seeds, from the one that was asked for on.
     *
     * @param count at least 1
     * @return the seeds
     * @throws IllegalArgumentException if the count is below 1
     */
    public LongStream seeds(int count) {
        return run.seeds(count);
    }

    /**
     * The directory of results and charts.
     *
     * @return need not be there yet
     */
    public Path results() {
        return run.results();
    }

    /**
     * A file among the results.
     *
     * @param name its name
     * @return its path
     */
    public Path file(String name) {
        return run.file(name);
    }
}
