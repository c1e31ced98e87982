package io.github.dl4jaskew.resume;

import io.github.dl4jaskew.checkpoint.CheckpointDirectory;
import io.github.dl4jaskew.checkpoint.SavedCheckpoint;
import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.examples.report.ResultsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Kills trainings with SIGKILL at random moments, every other time while they write a checkpoint, starts them again, and
 * compares what they end with to the same trainings left alone.
 */
@Command(
        name = "KillAndResume",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Kills trainings at random moments, resumes them, and compares the weights with uninterrupted ones.")
public final class KillAndResume implements Callable<Integer> {

    private static final int PAUSE_MILLIS = 30;

    /** About as long as a checkpoint takes. */
    private static final int WRITING_MILLIS = 15;

    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final int MOST_KILLS = 2;
    private static final List<Training> TRAININGS = List.of(Training.values());

    @Option(names = "--trials", description = "trainings to kill (default: ${DEFAULT-VALUE})")
    private int trials = 20;

    @Option(names = "--seed", description = "seed of the moments (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--results", description = "directory of kill.json (default: ${DEFAULT-VALUE})")
    private Path results = Path.of("src-test", "target", "results");

    /** Made by {@link #main}. */
    private KillAndResume() {}

    /**
     * Runs the program.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(Program.run(new KillAndResume(), args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        KillReport report = run(trials, seed, results.resolve("kill"));
        ResultsFile.write(results.resolve("kill.json"), report);
        System.out.println(report);
        return report.exact() == report.trials() ? 0 : 1;
    }

    /**
     * Kills and resumes.
     *
     * @param trials trainings to kill
     * @param seed seed of the moments
     * @param directory where they work; what is there is deleted
     * @return what came of it
     * @throws IOException if a training fails
     * @throws InterruptedException if this thread is interrupted
     */
    public static KillReport run(int trials, long seed, Path directory) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Map<Training, Path> uninterrupted = new EnumMap<>(Training.class);
        Random random = new Random(seed);
        List<KillReport.Trial> done = new ArrayList<>();
        for (int i = 0; i < trials; i++) {
            Training training = TRAININGS.get(i % TRAININGS.size());
            if (!uninterrupted.containsKey(training)) {
                uninterrupted.put(training, letAlone(training, fresh(directory.resolve("uninterrupted-" + training))));
            }
            Path own = fresh(directory.resolve("killed-" + i));
            KillReport.Trial trial = trial(training, own, uninterrupted.get(training), random);
            System.out.println((i + 1) + ": " + trial);
            done.add(trial);
        }
        return KillReport.of(done, (System.nanoTime() - start) / 1e9);
    }

    private static Path letAlone(Training training, Path directory) throws IOException, InterruptedException {
        try (Victim victim = Victim.start(training, directory)) {
            victim.finish();
        }
        return directory;
    }

    private static KillReport.Trial trial(Training training, Path directory, Path uninterrupted, Random random)
            throws IOException, InterruptedException {
        List<KillReport.Kill> kills = new ArrayList<>();
        int wanted = 1 + random.nextInt(MOST_KILLS);
        for (int i = 0; i < wanted; i++) {
            KillReport.Kill kill = kill(training, directory, random);
            if (kill != null) {
                kills.add(kill);
            }
        }
        letAlone(training, directory);
        return new KillReport.Trial(
                training.name(),
                List.copyOf(kills),
                Files.mismatch(Trainee.result(directory), Trainee.result(uninterrupted)) < 0,
                ReportLines.agree(Trainee.reports(directory), Trainee.reports(uninterrupted)));
    }

    /** Null if the training was over before its moment came. */
    private static KillReport.@Nullable Kill kill(Training training, Path directory, Random random)
            throws IOException, InterruptedException {
        boolean whileWriting = random.nextBoolean();
        double share = random.nextDouble();
        int pause = random.nextInt(whileWriting ? WRITING_MILLIS : PAUSE_MILLIS);
        try (Victim victim = Victim.start(training, directory)) {
            Integer started = victim.next(Trainee.START);
            if (started == null) {
                throw new IOException("the training did not start; see the log in " + directory);
            }
            int moment = started + (int) (share * (Training.ITERATIONS - started));
            if (whileWriting) {
                moment += Math.floorMod(-moment, Trainee.ITERATIONS_BETWEEN_CHECKPOINTS);
            }
            for (Integer done = victim.next(Trainee.ITERATION); done != null; done = victim.next(Trainee.ITERATION)) {
                if (done >= moment) {
                    if (whileWriting) {
                        awaitAnotherCheckpoint(directory);
                    }
                    Thread.sleep(pause);
                    victim.kill();
                    return new KillReport.Kill(started, done, pause, leftHalfACheckpoint(directory));
                }
            }
            return null;
        }
    }

    /** Returns as soon as a file is there that was not; the iteration's checkpoint follows its announcement. */
    private static void awaitAnotherCheckpoint(Path directory) throws IOException {
        Set<Path> before = Set.copyOf(checkpoints(directory));
        long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE_NANOS) {
            if (!before.containsAll(checkpoints(directory))) {
                return;
            }
        }
    }

    private static List<Path> checkpoints(Path directory) throws IOException {
        try (Stream<Path> runs = Files.list(directory.resolve("checkpoints"))) {
            List<Path> found = new ArrayList<>();
            for (Path run : runs.filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.list(run)) {
                    files.filter(file -> file.toString().endsWith(".zip")).forEach(found::add);
                }
            }
            return found;
        }
    }

    private static boolean leftHalfACheckpoint(Path directory) throws IOException {
        Path newest = new CheckpointDirectory(directory.resolve("checkpoints"))
                .newest()
                .map(SavedCheckpoint::file)
                .orElse(null);
        return checkpoints(directory).stream().anyMatch(file -> newest == null || isLaterThan(file, newest));
    }

    private static boolean isLaterThan(Path file, Path newest) {
        int runs = file.resolveSibling("").compareTo(newest.resolveSibling(""));
        return runs > 0 || (runs == 0 && number(file) > number(newest));
    }

    private static int number(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().split("_", -1)[1]);
    }

    private static Path fresh(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> old = Files.walk(directory)) {
                for (Path path : old.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(directory);
    }
}
