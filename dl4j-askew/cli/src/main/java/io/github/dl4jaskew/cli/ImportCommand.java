package io.github.dl4jaskew.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Turns a network of Keras into what DL4J saves. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Turns a network that Keras saved as .h5 into a zip file for DL4J's ModelSerializer and for pack.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  askew import model.h5 -o model.zip",
            "  askew pack model.zip --grid uniform8 --per-channel -o model.askew"
        })
final class ImportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "A file of Keras, with architecture and weights.")
    private @Nullable Path file;

    @Mixin
    private OutputFile output = new OutputFile();

    @Override
    public Integer call() throws IOException {
        Path path = Objects.requireNonNull(file);
        if (!Files.isRegularFile(path)) {
            throw new NoSuchFileException(path.toString());
        }
        output.check();
        try (Steps steps = new Steps("importing", 2)) {
            Model network = steps.run("reading", () -> KerasFile.read(path));
            steps.run("writing", () -> {
                output.write(new SavedNetwork(network, null)::write);
                return output;
            });
        }
        System.out.println(output.path() + ": " + Files.size(output.path()) + " bytes");
        return 0;
    }
}
