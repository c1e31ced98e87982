package io.github.dl4jaskew.examples.figure;

import io.github.dl4jaskew.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws the figures of the guide again, such as after a change of the formulas. */
@Command(
        name = "Figures",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        description = "Draws the figures of the guide, concept.svg and methods.svg.")
public final class Figures implements Callable<Integer> {

    @Option(
            names = "--results",
            paramLabel = "DIR",
            defaultValue = "dl4j-askew/images",
            description = "Where the figures go. Default: ${DEFAULT-VALUE}.")
    private Path results = Path.of("dl4j-askew/images");

    /**
     * Runs the program and ends the JVM.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(Program.run(new Figures(), args));
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(results);
        for (Map.Entry<String, String> figure : drawn().entrySet()) {
            Files.writeString(results.resolve(figure.getKey()), figure.getValue());
        }
        return 0;
    }

    /**
     * The figures.
     *
     * @return SVG by the names of the files
     */
    public static Map<String, String> drawn() {
        return new TreeMap<>(Map.of("concept.svg", ConceptFigure.draw(), "methods.svg", MethodsFigure.draw()));
    }
}
