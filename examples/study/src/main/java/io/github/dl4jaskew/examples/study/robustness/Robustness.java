package io.github.dl4jaskew.examples.study.robustness;

import io.github.dl4jaskew.examples.report.Average;
import io.github.dl4jaskew.grid.Grid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.regex.Pattern;
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

    /** What the names of all cells begin with. */
    public static final String NAME = "robustness";

    private static final int SEEDS = 5;
    private static final int QUICK_SEEDS = 1;

    /** A rate that is good in one training can diverge in another. */
    private static final int TUNING_SEEDS = 2;

    private static final long FIRST_TUNING_SEED = 101;
    private static final String NO_GRID = "none";

    private static final Pattern QUICK = Pattern.compile("dense( with batch norm)?, .*");

    private static final Set<Contender> QUICK_CONTENDERS = EnumSet.of(
            Contender.FLOAT,
            Contender.ROUNDED,
            Contender.BINARYCONNECT,
            Contender.FROM_SCRATCH,
            Contender.BINARYCONNECT_TRAINED,
            Contender.FROM_TRAINED);

    private final FigureFile file;
    private final Path table;
    private final List<Part> parts;
    private final Set<Contender> contenders;
    private final int seeds;
    private final int parallel;
    private final Map<List<Object>, MultiLayerNetwork> floats = new ConcurrentHashMap<>();

    /** A network and the grids that it is trained on. */
    private record Part(Subject subject, List<Grid> grids) {

        static Part of(Subject subject, List<Grid> grids, Predicate<String> wanted) {
            return new Part(
                    subject,
                    grids.stream()
                            .filter(grid -> wanted.test(cell(subject, grid)))
                            .toList());
        }

        static String cell(Subject subject, Grid grid) {
            return NAME + "/" + subject.name() + "/" + grid;
        }
    }

    /**
     * A study to run.
     *
     * @param images directory of MNIST's or Fashion-MNIST's four files for two more networks, or null
     * @param full all networks, grids and contenders; otherwise a part
     * @param wanted selects cells by their names, robustness/NETWORK/GRID
     * @param seeds how many; null for 5 if full, otherwise 1
     * @param results directory of robustness.json and robustness.md
     * @param parallel trainings at a time
     * @throws IOException if images or former results cannot be read
     */
    public Robustness(
            @Nullable Path images,
            boolean full,
            Predicate<String> wanted,
            @Nullable Integer seeds,
            Path results,
            int parallel)
            throws IOException {
        this(
                Subjects.all(images).stream()
                        .filter(s -> full || QUICK.matcher(s.name()).matches())
                        .toList(),
                full
                        ? List.of(Grid.binary(), Grid.ternary(), Grid.uniform(2), Grid.uniform(4), Grid.uniform(8))
                        : List.of(Grid.binary(), Grid.uniform(4)),
                wanted,
                full ? EnumSet.allOf(Contender.class) : QUICK_CONTENDERS,
                seeds != null ? seeds : full ? SEEDS : QUICK_SEEDS,
                results,
                parallel);
    }

    Robustness(
            List<Subject> subjects,
            List<Grid> grids,
            Predicate<String> wanted,
            Set<Contender> contenders,
            int seeds,
            Path results,
            int parallel)
            throws IOException {
        this.file = new FigureFile(results.resolve("robustness.json"));
        this.table = results.resolve("robustness.md");
        this.parts = subjects.stream()
                .map(subject -> Part.of(subject, grids, wanted))
                .filter(part -> !part.grids().isEmpty())
                .toList();
        this.contenders = contenders;
        this.seeds = seeds;
        this.parallel = parallel;
    }

    /** Whether no cell is wanted. */
    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Prints the name of each cell, and how many of its trainings the file holds. */
    public void list() {
        for (Part part : parts) {
            for (Grid grid : part.grids()) {
                System.out.println(Part.cell(part.subject(), grid) + ": "
                        + file.count(part.subject().name(), grid.toString()) + " trainings done");
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
        List<Future<List<Map<Contender, Average>>>> averages = new ArrayList<>();
        try (ProgressBar bar = new ProgressBar(
                "cells", parts.stream().mapToInt(part -> part.grids().size()).sum())) {
            for (Part part : parts) {
                averages.add(pool.submit(() -> averages(part, bar)));
            }
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < parts.size(); i++) {
                Part part = parts.get(i);
                text.append(RobustnessTable.of(
                        part.subject(),
                        part.grids(),
                        contenders,
                        averages.get(i).get()));
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

    private List<Map<Contender, Average>> averages(Part part, ProgressBar bar) throws IOException {
        Subject subject = part.subject();
        double floatRate = tuned(subject, NO_GRID, Grid.binary(), Contender.FLOAT, 0);
        List<Map<Contender, Average>> averages = new ArrayList<>();
        for (Grid grid : part.grids()) {
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
            averages.add(row);
            bar.step();
        }
        floats.keySet().removeIf(key -> key.contains(subject.name()));
        return averages;
    }

    /** The best rate on held-out training data, 0 for what has no choice. */
    private double tuned(Subject subject, String name, Grid grid, Contender contender, double floatRate)
            throws IOException {
        List<Double> rates = contender.rates();
        if (rates.isEmpty()) {
            return 0;
        }
        Subject heldOut = subject.heldOut();
        int trials = contender.isFloat() ? 1 : TUNING_SEEDS;
        return Rates.best(rates, subject.metric(), rate -> {
            double networkRate = contender.isFloat() ? rate : floatRate;
            double sum = 0;
            for (int i = 0; i < trials; i++) {
                sum += value(heldOut, name, grid, contender, -i, rate, networkRate);
            }
            return sum / trials;
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
        long own = seed > 0 ? seed : FIRST_TUNING_SEED - seed;
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
