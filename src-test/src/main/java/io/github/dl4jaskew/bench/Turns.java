package io.github.dl4jaskew.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;

/**
 * Times of works that take turns, so that what slows the machine down slows all of them. Benchmarks extend it by the
 * counters that JMH reads.
 *
 * @param <W> the works
 */
abstract class Turns<W extends Enum<W>> {

    private final Map<W, List<Double>> microseconds;

    Turns(Class<W> works) {
        microseconds = new EnumMap<>(works);
        for (W work : Objects.requireNonNull(works.getEnumConstants())) {
            microseconds.put(work, new ArrayList<>());
        }
    }

    /** Forgets what has been measured. */
    @Setup(Level.Iteration)
    public void forget() {
        microseconds.values().forEach(List::clear);
    }

    void time(W work, Runnable task) {
        long start = System.nanoTime();
        task.run();
        add(work, (System.nanoTime() - start) / 1e3);
    }

    /** A turn that has been timed elsewhere. */
    void add(W work, double microseconds) {
        of(work).add(microseconds);
    }

    int count(W work) {
        return of(work).size();
    }

    /** Microseconds; NaN of a work that has had no turn. */
    double median(W work) {
        return median(of(work));
    }

    /** The median of the ratios of turns that follow one another; NaN if one of the works has had none. */
    double ratio(W numerator, W denominator) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(count(numerator), count(denominator)); i++) {
            ratios.add(of(numerator).get(i) / of(denominator).get(i));
        }
        return median(ratios);
    }

    private List<Double> of(W work) {
        return Objects.requireNonNull(microseconds.get(work));
    }

    private static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        return 0.5 * (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]);
    }
}
