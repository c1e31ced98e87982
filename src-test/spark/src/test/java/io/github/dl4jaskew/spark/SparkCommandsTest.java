package io.github.dl4jaskew.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.examples.spark.SparkTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The commands of the page of examples that need Spark; {@link SparkTrainingTest} runs what they name. */
@Tag("slow")
class SparkCommandsTest {

    private static final Pattern COMMAND = Pattern.compile("-Pspark(?: -Dargs=\"([^\"]*)\")?`");

    @TestFactory
    Stream<DynamicTest> theProgramTakesTheArguments() throws IOException {
        String page = Files.readString(Path.of("../../examples/README.md"));
        assertThat(COMMAND.matcher(page).results().count()).isGreaterThan(1);
        return COMMAND.matcher(page)
                .results()
                .map(match -> match.group(1) == null ? "" : match.group(1))
                .map(args -> DynamicTest.dynamicTest(
                        "[" + args + "]",
                        () -> assertThat(Program.parser(new SparkTraining())
                                        .parseArgs(args.isEmpty() ? new String[0] : args.split(" "))
                                        .unmatched())
                                .isEmpty()));
    }
}
