package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.metrics.ClassMargins;
import io.github.dl4jaskew.margin.metrics.ExampleMargin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/** Keeps the smallest margins of a pass over the data, with their places, and the sums of each class. Not thread safe. */
final class PlacedMargins {

    private static final Comparator<ExampleMargin> SMALLEST_FIRST = Comparator.comparingDouble(ExampleMargin::margin)
            .thenComparingInt(ExampleMargin::example)
            .thenComparingInt(ExampleMargin::position)
            .thenComparingInt(ExampleMargin::output);

    private record Label(int output, int label) {}

    private static final class Sums {
        private int margins;
        private int right;
        private double smallest = Double.POSITIVE_INFINITY;
        private double sum;

        ClassMargins of(Label key) {
            return new ClassMargins(
                    key.output(), key.label(), margins, smallest, sum / margins, (double) right / margins);
        }
    }

    private final int most;
    private final boolean byClass;
    private final PriorityQueue<ExampleMargin> hardest = new PriorityQueue<>(SMALLEST_FIRST.reversed());
    private final Map<Label, Sums> classes =
            new TreeMap<>(Comparator.comparingInt(Label::output).thenComparingInt(Label::label));

    PlacedMargins(int most, boolean byClass) {
        this.most = most;
        this.byClass = byClass;
    }

    /** Whether a margin would be kept. */
    boolean isHard(double margin) {
        return hardest.size() < most || margin < hardest.element().margin();
    }

    void keep(ExampleMargin margin) {
        hardest.add(margin);
        if (hardest.size() > most) {
            hardest.remove();
        }
    }

    void count(int output, int label, double margin) {
        if (byClass) {
            Sums sums = classes.computeIfAbsent(new Label(output, label), key -> new Sums());
            sums.margins++;
            sums.right += margin > 0 ? 1 : 0;
            sums.smallest = Math.min(sums.smallest, margin);
            sums.sum += margin;
        }
    }

    List<ExampleMargin> hardest() {
        return hardest.stream().sorted(SMALLEST_FIRST).toList();
    }

    List<ClassMargins> classes() {
        List<ClassMargins> all = new ArrayList<>();
        classes.forEach((key, sums) -> all.add(sums.of(key)));
        return all;
    }
}
