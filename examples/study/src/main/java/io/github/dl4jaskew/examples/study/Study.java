package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.examples.SmallNetworks;
import io.github.dl4jaskew.examples.study.robustness.Robustness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Float, rounding, BinaryConnect, ProxQuant, AdaSTE, ReSTE and AskewSGD on equal grids, scales, lengths and seeds, each with a learning
 * rate that was chosen on a held-out part of the training set. Every finished training is written to {@code study.json} at
 * once and is not run again, so the program can be stopped at any time and started with other cells in between.
 */
@Command(
        name = "study",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = "Compares methods of quantized training. Takes up a run that was stopped.")
public final class Study implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of the four MNIST files, gzipped or not. Required, but for cells of robustness, to"
                    + " which it adds two networks on these images.")
    private @Nullable Path data;

    @Option(names = "--full", description = "All problems, grids and seeds. Default: a part, in some minutes.")
    private boolean full;

    @Option(
            names = "--cells",
            paramLabel = "REGEX",
            description =
                    "Only cells whose name (dataset/network/grid/method/seed) contains this pattern, or each of several, such as"
                            + " 'mnist-10000/mlp-bn.*/binary/askew'. One that begins with robustness is of another study: the"
                            + " recipes with their defaults on networks of many kinds, which needs no data. There a name is"
                            + " robustness/NETWORK/GRID; for parentheses in it write dots, such as 'robustness/sin.x./ternary'.")
    private List<Pattern> patterns = List.of();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Seeds of the study of robustness. Default: 1, or 5 with --full.")
    private @Nullable Integer seeds;

    @Option(names = "--list", description = "Only prints the names of all cells, and which are done.")
    private boolean list;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "2",
            description = "Trainings at a time, each in one thread. Default: ${DEFAULT-VALUE}.")
    private int parallel = 2;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            defaultValue = "examples/target/results",
            description = "Where study.json and study.md go. Default: ${DEFAULT-VALUE}.")
    private Path results = Path.of("examples/target/results");

    /**
     * Runs the program and ends the JVM.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs the program.
     *
     * @param args see {@code --help}
     * @return 0 if all went well, 2 for bad arguments, 1 for any other error
     */
    public static int run(String... args) {
        return Program.run(new Study(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (parallel < 1) {
            throw new IllegalArgumentException("--parallel is " + parallel + "; allowed is at least 1");
        }
        if (seeds != null && seeds < 1) {
            throw new IllegalArgumentException("--seeds is " + seeds + "; allowed is at least 1");
        }
        Path images = data == null || data.toString().isEmpty() ? null : data;
        Predicate<String> wanted =
                cell -> patterns.stream().allMatch(p -> p.matcher(cell).find());
        if (patterns.stream().anyMatch(p -> p.pattern().startsWith(Robustness.NAME))) {
            Robustness robustness = new Robustness(images, full, wanted, seeds, results, parallel);
            requireCells(!robustness.isEmpty());
            if (list) {
                robustness.list();
            } else {
                SmallNetworks.useOneThread();
                robustness.run();
            }
            return 0;
        }
        if (images == null) {
            throw new ParameterException(
                    spec.commandLine(), "Missing required option: '--data=DIR', the directory of the four MNIST files");
        }
        List<Problem> problems = full ? Problems.full(images) : Problems.quick(images);
        List<Cell> cells = StudyPlan.cells(problems).stream()
                .filter(cell -> wanted.test(cell.id()))
                .toList();
        requireCells(!cells.isEmpty());
        StudyFile file = StudyFile.open(results.resolve("study.json"));
        StudyRun run = new StudyRun(file, parallel);
        List<Cell> missing = run.missing(cells);
        if (list) {
            cells.forEach(cell -> System.out.println(cell.id() + (missing.contains(cell) ? "" : "  done")));
            System.out.println(cells.size() - missing.size() + " of " + cells.size() + " cells are done");
            return 0;
        }
        SmallNetworks.useOneThread();
        run.run(missing);
        report(file, cells);
        return 0;
    }

    private void requireCells(boolean found) {
        if (!found) {
            throw new IllegalArgumentException(
                    "--cells " + patterns + " fits no cell; --list prints their names, --cells robustness"
                            + " --list those of that study" + (full ? "" : ", with --full all of them"));
        }
    }

    private void report(StudyFile file, List<Cell> cells) throws IOException {
        List<CellResult> figures = new ArrayList<>();
        for (Cell cell : cells) {
            file.find(cell, cell.problem().settings(cell.method())).ifPresent(figures::add);
        }
        String table = StudyTable.of(figures);
        Files.writeString(results.resolve("study.md"), table);
        System.out.println();
        System.out.print(table);
        System.out.println("Results: " + file.path() + ", " + results.resolve("study.md"));
    }
}
