package io.github.dl4jaskew.examples.study.robustness;

import io.github.dl4jaskew.examples.report.Average;
import io.github.dl4jaskew.grid.Grid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import me.tongfei.progressbar.ProgressBar;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;

/**
 * The recipes with their defaults beside float, rounding and a tuned BinaryConnect, on networks of many kinds. Each cell of the
 * table names the mean over the seeds and its standard error; a figure of a recipe that is not as good as the best of the others
 * (0.3 points, or 1.3 times the error) is marked.
 */
public final class Robustness {

    private static final int SEEDS = 5;
    private static final int QUICK_SEEDS = 1;
    private static final long TUNING_SEED = 101;
    private static final String NO_GRID = "none";

    private final FigureFile file;
    private final Path table;
    private final List<Subject> subjects;
    private final List<Grid> grids;
    private final List<Contender> contenders;
    private final int seeds;
    private final int parallel;
    private final Map<List<Object>, MultiLayerNetwork> floats = new ConcurrentHashMap<>();

    /**
     * A study to run.
     *
     * @param images directory of MNIST's or Fashion-MNIST's four files for two more networks, or null
     * @param full all networks and grids; otherwise the small networks and two grids
     * @param seeds how many; null for 5 if full, otherwise 1
     * @param results directory of robustness.json and robustness.md
     * @param parallel trainings at a time
     * @throws IOException if images or former results cannot be read
     */
    public Robustness(@Nullable Path images, boolean full, @Nullable Integer seeds, Path results, int parallel)
            throws IOException {
        this(
                Subjects.all(images).stream()
                        .filter(s -> full || !s.name().startsWith("LeNet"))
                        .toList(),
                full
                        ? List.of(Grid.binary(), Grid.ternary(), Grid.uniform(2), Grid.uniform(4), Grid.uniform(8))
                        : List.of(Grid.binary(), Grid.uniform(4)),
                seeds != null ? seeds : full ? SEEDS : QUICK_SEEDS,
                results,
                parallel);
    }

    Robustness(List<Subject> subjects, List<Grid> grids, int seeds, Path results, int parallel) throws IOException {
        this.file = new FigureFile(results.resolve("robustness.json"));
        this.table = results.resolve("robustness.md");
        this.subjects = subjects;
        this.grids = grids;
        this.contenders = List.of(Contender.values());
        this.seeds = seeds;
        this.parallel = parallel;
    }

    /** Prints each network and grid, and how many of its trainings the file holds. */
    public void list() {
        for (Subject subject : subjects) {
            for (Grid grid : grids) {
                System.out.println(subject.name() + ", " + grid + ": " + file.count(subject.name(), grid.toString())
                        + " trainings done");
            }
        }
    }

    /**
     * Runs what the file does not hold yet, then writes and prints the table.
     *
     * @throws IOException if results cannot be written
     * @throws InterruptedException if the run is interrupted
     */
    public void run() throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(parallel);
        List<Future<List<Map<Contender, Average>>>> rows = new ArrayList<>();
        try (ProgressBar bar = new ProgressBar("cells", (long) subjects.size() * grids.size())) {
            for (Subject subject : subjects) {
                rows.add(pool.submit(() -> rows(subject, bar)));
            }
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < subjects.size(); i++) {
                text.append(
                        RobustnessTable.of(subjects.get(i), grids, rows.get(i).get()));
            }
            Files.writeString(table, text);
            bar.refresh();
            System.out.println();
            System.out.print(text);
            System.out.println("Results: " + table);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a training failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private List<Map<Contender, Average>> rows(Subject subject, ProgressBar bar) throws IOException {
        double floatRate = tuned(subject, NO_GRID, Grid.binary(), Contender.FLOAT, 0);
        List<Map<Contender, Average>> rows = new ArrayList<>();
        for (Grid grid : grids) {
            Map<Contender, Average> row = new LinkedHashMap<>();
            for (Contender contender : contenders) {
                String name = contender.isFloat() ? NO_GRID : grid.toString();
                double rate = contender.isFloat() ? floatRate : tuned(subject, name, grid, contender, floatRate);
                List<Double> values = new ArrayList<>();
                for (long seed : LongStream.rangeClosed(1, seeds).toArray()) {
                    values.add(value(subject, name, grid, contender, seed, rate, floatRate));
                }
                row.put(contender, Average.of(values));
            }
            rows.add(row);
            bar.step();
        }
        floats.keySet().removeIf(key -> key.contains(subject.name()));
        return rows;
    }

    /** The best rate on held-out training data, 0 for what has no choice. */
    private double tuned(Subject subject, String name, Grid grid, Contender contender, double floatRate)
            throws IOException {
        List<Double> rates = contender.rates();
        if (rates.isEmpty()) {
            return 0;
        }
        Subject heldOut = subject.heldOut();
        return Rates.best(rates, subject.metric(), rate -> {
            double networkRate = contender.isFloat() ? rate : floatRate;
            double sum = 0;
            for (int i = 0; i < contender.tuningSeeds(); i++) {
                sum += value(heldOut, name, grid, contender, -i, rate, networkRate);
            }
            return sum / contender.tuningSeeds();
        });
    }

    /**
     * The value of a contender.
     *
     * @param seed above 0, or below for those of tuning
     */
    private double value(
            Subject subject, String name, Grid grid, Contender contender, long seed, double rate, double floatRate)
            throws IOException {
        Figure figure = new Figure(
                subject.name(),
                name,
                contender.label(),
                seed,
                0,
                subject.metric().label(),
                rate,
                floatRate,
                contender.version());
        Optional<Figure> known = file.find(figure);
        if (known.isPresent()) {
            return known.get().value();
        }
        long own = seed > 0 ? seed : TUNING_SEED - seed;
        double value = contender.run(subject, grid, own, rate, floatRate, first -> trained(first, own, floatRate));
        file.add(figure.withValue(value));
        return value;
    }

    /** A copy of the float network, which several contenders start from and which is trained once. */
    private MultiLayerNetwork trained(Subject subject, long seed, double rate) {
        List<Object> key =
                List.of(subject.name(), subject.epochs(), subject.train().numExamples(), seed, rate);
        MultiLayerNetwork network = floats.get(key);
        if (network == null) {
            network = Contender.trainFloat(subject, seed, rate);
            floats.put(key, network);
        }
        return network.clone();
    }
}
