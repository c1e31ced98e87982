package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.examples.MnistFiles;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.storage.AskewStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Every command on a page is run as it stands there, by its program in this JVM, with a budget behind its arguments. A
 * command that nobody knows fails. What Maven itself makes of a command is read in its poms.
 */
@Tag("slow")
class CommandsTest {

    /** What makes a program short. A program without a line here fails; give it one. */
    private static final Map<String, List<String>> BUDGETS = Map.ofEntries(
            Map.entry("examples.QuickStart", List.of("--epochs", "1", "--seeds", "1", "--grid", "binary")),
            Map.entry("examples.TwoMoonsStudy", List.of("--seeds", "1", "--epochs", "1")),
            Map.entry("examples.LogisticStudy", List.of("--seeds", "1", "--epochs", "1")),
            Map.entry("examples.PackedModels", List.of("--train", "60", "--test", "20", "--epochs", "1")),
            Map.entry("examples.KerasToEdge", List.of("--train", "60", "--test", "20", "--epochs", "1")),
            Map.entry("examples.PackedSizes", List.of("--network", "lenet")),
            Map.entry("examples.FineTuneZoo", List.of("--train", "60", "--test", "40", "--epochs", "1", "--bits", "1")),
            Map.entry("examples.ForecastStudy", List.of("--train", "200", "--test", "30", "--epochs", "1")),
            Map.entry("examples.CharacterModel", List.of("--seeds", "1", "--epochs", "1", "--units", "4")),
            Map.entry("examples.LateStage", List.of("--steps", "500", "--epochs", "1")),
            Map.entry("examples.figure.Figures", List.of()),
            Map.entry("examples.LiveUi", List.of("--epochs", "1", "--seconds", "0", "--port", "0")),
            Map.entry("examples.study.Study", List.of("--list")));

    /** Programs that other tests run: SparkCommandsTest; BenchmarksTest, each benchmark; KillAndResumeTest; none, as its files are not here. */
    private static final Set<String> ELSEWHERE =
            Set.of("examples.spark.SparkTraining", "bench.BenchmarkSuite", "resume.KillAndResume", "keras.KerasFiles");

    /** Commands that are not Maven's, and who runs them: a test, or the build of the CI. */
    private static final Map<String, String> OTHERS = Map.of(
            "(cd examples/notebooks && )?jupyter .*", "NotebooksTest.java",
            "examples/notebooks/install\\.sh.*", "run");

    private static final Set<String> PHASES = Set.of("test", "package", "verify", "install", "spotless:apply");
    private static final Set<String> PROPERTIES = Set.of(
            "skipTests", "test", "surefire.failIfNoSpecifiedTests", "jacoco.skip", "natives", "test.threads", "jvm");
    private static final Pattern PATH = Pattern.compile("[a-z]+\\.(zip|askew|csv|npz|onnx|bin|html)");
    private static final String PACKAGE = "io.github.dl4jaskew.";
    private static final String CLI = "cli.AskewCli";
    private static final String CLI_MODULE = "dl4j-askew/cli";

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> everyCommandRuns() throws IOException {
        MnistFiles.write(directory, 60, 30);
        Set<String> seen = new HashSet<>();
        List<Command> commands = Command.all().stream()
                .filter(command -> !command.text().startsWith("askew "))
                .filter(command -> seen.add(command.text()))
                .toList();
        for (String page : List.of(
                "README.md",
                "CONTRIBUTING.md",
                "examples/README.md",
                "examples/study/RESULTS.md",
                "examples/notebooks/README.md")) {
            assertThat(commands)
                    .as("commands of %s", page)
                    .anyMatch(command -> command.page().equals(Pages.ROOT.resolve(page)));
        }
        return commands.stream().map(command -> DynamicTest.dynamicTest(command.toString(), () -> require(command)));
    }

    private void require(Command command) throws IOException {
        if (command.text().startsWith("alias askew=")) {
            Path script = Pages.ROOT.resolve(command.text().substring("alias askew=".length()));
            assertThat(script)
                    .isExecutable()
                    .content()
                    .contains(PACKAGE + CLI + " \"$@\"", "-Pquickstart,cli -pl " + CLI_MODULE);
            assertThat(Poms.modules()).contains(CLI_MODULE);
            assertThat(Pages.ROOT.resolve(CLI_MODULE).resolve("pom.xml"))
                    .content()
                    .contains("<id>cli</id>");
        } else if (command.isMaven() && command.profile().isEmpty()) {
            requirePlain(command);
        } else if (command.isMaven()) {
            requireProfile(command);
            run(command);
        } else {
            requireElsewhere(command);
        }
    }

    private static void requireElsewhere(Command command) throws IOException {
        String test = OTHERS.entrySet().stream()
                .filter(other -> command.text().matches(other.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody runs " + command));
        try (Stream<Path> files =
                Stream.concat(Files.walk(Path.of("src/test/java")), Stream.of(Pages.ROOT.resolve(".ci/run")))) {
            assertThat(files.map(file -> file.getFileName().toString())).contains(test);
        }
        if (test.equals("run")) {
            assertThat(Pages.ROOT.resolve(".ci/run"))
                    .content()
                    .contains(command.words().get(0));
        }
    }

    private static void requirePlain(Command command) throws IOException {
        assertThat(PHASES).containsAll(command.goals());
        assertThat(command.goals()).isNotEmpty();
        assertThat(PROPERTIES).containsAll(command.properties().keySet());
        assertThat(Poms.modules()).containsAll(command.modules());
        String test = command.properties().get("test");
        if (test != null) {
            try (Stream<Path> files =
                    Files.walk(Pages.ROOT.resolve(command.modules().get(0)).resolve("src/test/java"))) {
                assertThat(files.map(file -> file.getFileName().toString())).contains(test + ".java");
            }
        }
    }

    private static void requireProfile(Command command) {
        String profile = command.profile();
        assertThat(Poms.hasProfile(profile)).as("a profile %s", profile).isTrue();
        assertThat(!command.goals().isEmpty() || Poms.hasDefaultGoal(profile)).isTrue();
        assertThat(PHASES).containsAll(command.goals());
        for (String name : command.properties().keySet()) {
            assertThat(Poms.property(profile, name)).as("the property %s", name).isPresent();
        }
    }

    private void run(Command command) {
        String profile = command.profile();
        String main = command.properties()
                .getOrDefault("main", Poms.property(profile, "main").orElse(""));
        Optional<String> mainClass = Poms.mainClass(profile, main);
        if (mainClass.isEmpty()) {
            return;
        }
        String program = mainClass.get().substring(PACKAGE.length());
        if (ELSEWHERE.contains(program)) {
            return;
        }
        assertThat(BUDGETS).as("a budget, to run %s with", command).containsKey(program);
        List<String> args = new ArrayList<>();
        for (String option : List.of("data", "cells")) {
            String value = command.properties().get(option);
            if (value != null) {
                args.addAll(List.of("--" + option, value));
            }
        }
        args.addAll(Command.words(command.properties().getOrDefault("args", "")));
        args.replaceAll(word -> switch (word) {
            case "DIR" -> directory.toString();
            case "REGEX" -> ".";
            case "FILE" -> directory.resolve("file").toString();
            default -> word;
        });
        args.addAll(BUDGETS.getOrDefault(program, List.of()));
        args.addAll(List.of("--results", directory.resolve("results").toString()));
        assertThat(parser(program).setOverwrittenOptionsAllowed(true).execute(args.toArray(String[]::new)))
                .as("exit code of %s %s", program, args)
                .isZero();
    }

    private static CommandLine parser(String program) {
        try {
            return Program.parser(Class.forName(PACKAGE + program));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** One after the other, as each needs what the one before has left. */
    @Test
    void theCommandsOfTheCommandLineRunInTheirOrder() throws IOException {
        prepare();
        List<Command> commands = Command.all().stream()
                .filter(command -> command.text().startsWith("askew "))
                .toList();
        assertThat(commands).hasSizeGreaterThan(4);
        for (Command command : commands) {
            String[] args = command.words().stream()
                    .skip(1)
                    .map(word -> PATH.matcher(word).matches()
                            ? directory.resolve(word).toString()
                            : word)
                    .toArray(String[]::new);
            assertThat(parser(CLI).execute(args)).as("%s", command).isZero();
        }
        for (String left : List.of("model.askew", "model.npz", "model.onnx", "again.zip", "report.html")) {
            assertThat(directory.resolve(left)).isNotEmptyFile();
        }
    }

    private void prepare() throws IOException {
        MultiLayerNetwork net = Given.network();
        ModelSerializer.writeModel(net, directory.resolve("model.zip").toFile(), true);
        Files.writeString(directory.resolve("features.csv"), "1,2,3,4\n4,3,2,1\n");
        Askew.fromScratch(1, Given.ITERATIONS).build().install(net);
        FileStatsStorage storage =
                new FileStatsStorage(directory.resolve("stats.bin").toFile());
        net.setListeners(new AskewListener(1).to(new AskewStorage(storage, "run")));
        net.fit(Given.train());
        storage.close();
    }

    /** Options that the pages name beside a program, in its row of a table. */
    @TestFactory
    Stream<DynamicTest> everyOptionExists() {
        Pattern option = Pattern.compile("`(--[a-z-]+)[^`]*`");
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : Pages.all()) {
            for (String line : Pages.lines(page)) {
                Matcher row = Pattern.compile("^\\| `([A-Za-z.]+)`.*").matcher(line);
                if (row.matches() && line.contains("`--")) {
                    tests.add(DynamicTest.dynamicTest(row.group(1), () -> {
                        CommandLine program = named(row.group(1));
                        option.matcher(line)
                                .results()
                                .map(match -> match.group(1))
                                .forEach(name -> assertThat(
                                                program.getCommandSpec().findOption(name))
                                        .as("%s of %s", name, row.group(1))
                                        .isNotNull());
                    }));
                }
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static CommandLine named(String name) {
        CommandLine command = parser(CLI).getSubcommands().get(name);
        return command != null ? command : parser("examples." + name);
    }
}
