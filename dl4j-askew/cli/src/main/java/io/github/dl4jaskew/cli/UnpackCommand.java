package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Turns a packed file back into what DL4J saves. */
@Command(
        name = "unpack",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Turns a packed file into a zip file for DL4J's ModelSerializer, with its normalizer.",
        footerHeading = "%nExamples:%n",
        footer = {"  askew unpack model.askew -o model.zip"})
final class UnpackCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "A packed file.")
    private @Nullable Path file;

    @Mixin
    private OutputFile output = new OutputFile();

    @Override
    public Integer call() throws IOException {
        output.check();
        try (Steps steps = new Steps("unpacking", 2)) {
            QuantizedModel model = steps.run("reading", () -> QuantizedModel.load(Objects.requireNonNull(file)));
            steps.run("writing", () -> {
                output.write(SavedNetwork.of(model)::write);
                return output;
            });
        }
        System.out.println(output.path() + ": " + Files.size(output.path()) + " bytes");
        return 0;
    }
}
