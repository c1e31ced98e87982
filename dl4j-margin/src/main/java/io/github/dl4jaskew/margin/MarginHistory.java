package io.github.dl4jaskew.margin;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The snapshots of one training, in order. Thread safe: what a method returned does not change afterwards. */
public final class MarginHistory {

    private final CopyOnWriteArrayList<MarginSnapshot> snapshots = new CopyOnWriteArrayList<>();

    /** Without snapshots. */
    public MarginHistory() {}

    /**
     * With snapshots that were written to a file, for instance.
     *
     * @param snapshots in order
     */
    public MarginHistory(List<MarginSnapshot> snapshots) {
        this.snapshots.addAll(snapshots);
    }

    void add(MarginSnapshot snapshot) {
        snapshots.add(snapshot);
    }

    /** {@return all snapshots in order, an immutable list} */
    public List<MarginSnapshot> snapshots() {
        return List.copyOf(snapshots);
    }

    /** {@return how many there are, 0 or more} */
    public int size() {
        return snapshots.size();
    }

    /** {@return whether nothing was measured yet} */
    public boolean isEmpty() {
        return snapshots.isEmpty();
    }

    /**
     * The latest snapshot.
     *
     * @return the last one
     * @throws IllegalStateException if nothing was measured yet
     */
    public MarginSnapshot last() {
        // It only grows.
        int size = snapshots.size();
        if (size == 0) {
            throw new IllegalStateException("nothing was measured yet; every(n) may be longer than training");
        }
        return snapshots.get(size - 1);
    }

    /**
     * The snapshots of some iterations.
     *
     * @param from first iteration
     * @param to last iteration, included
     * @return an immutable list, in order
     */
    public List<MarginSnapshot> betweenIterations(int from, int to) {
        return snapshots.stream()
                .filter(s -> s.iteration() >= from && s.iteration() <= to)
                .toList();
    }

    /**
     * The snapshots of an epoch.
     *
     * @param epoch counted from 0
     * @return an immutable list, in order
     */
    public List<MarginSnapshot> ofEpoch(int epoch) {
        return snapshots.stream().filter(s -> s.epoch() == epoch).toList();
    }

    /**
     * {@return the snapshot with the largest normalized margin, the first of them; empty if no snapshot has a
     * normalized margin}
     */
    public Optional<MarginSnapshot> best() {
        return snapshots.stream()
                .filter(s -> s.normalizedMargin().isPresent())
                .reduce((a, b) -> b.normalizedMargin().getAsDouble()
                                > a.normalizedMargin().getAsDouble()
                        ? b
                        : a);
    }

    /**
     * One quantity over time.
     *
     * @param quantity such as {@code MarginSnapshot::normalizedMargin}
     * @return points of iteration and value, without those that are empty
     */
    public List<Point> series(Function<MarginSnapshot, OptionalDouble> quantity) {
        return snapshots.stream()
                .filter(s -> quantity.apply(s).isPresent())
                .map(s -> new Point(s.iteration(), quantity.apply(s).getAsDouble()))
                .sorted(Comparator.comparingInt(Point::iteration))
                .toList();
    }

    /**
     * A value at an iteration.
     *
     * @param iteration training steps done
     * @param value finite
     */
    public record Point(int iteration, double value) {}
}
