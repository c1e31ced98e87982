package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.examples.data.DrawnDigits;
import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which digits a program trains on. */
final class DigitsOption {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of the four MNIST files, gzipped or not. Default: digits drawn by the program.")
    private @Nullable Path data;

    /** What results call them. */
    String dataset() {
        return data == null ? "drawn digits" : "mnist";
    }

    /** As many drawn digits, or all of MNIST. */
    Split digits(int train, int test, long seed) throws IOException {
        return data == null ? DrawnDigits.generate(train, test, seed) : Mnist.read(data);
    }
}
