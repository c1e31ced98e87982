package io.github.dl4jaskew.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Compares two trainings that start alike and see the same data, over five seeds. Accuracies of one seed differ by some
 * percent between processors, numbers of threads and builds of BLAS, as the rounding of sums does; which of two methods is
 * better, in four of five pairs, does not.
 *
 * @param better what should be larger
 * @param worse what should be smaller
 */
public record Paired(double better, double worse) {

    private static final int SEEDS = 5;
    private static final int WINS = 4;

    /** Runs all seeds, 1 to 5. */
    public static List<Paired> seeds(IntFunction<Paired> training) {
        return IntStream.rangeClosed(1, SEEDS).mapToObj(training).toList();
    }

    /** Fails unless the better one is larger for four of the five seeds. */
    public static void requireWins(String what, List<Paired> pairs) {
        assertThat(pairs).hasSize(SEEDS);
        assertThat(pairs.stream().filter(p -> p.better > p.worse).count())
                .as("%s: %s", what, pairs)
                .isGreaterThanOrEqualTo(WINS);
    }

    /** Fails unless the better one is larger by the median: for seeds some of which make no difference. */
    public static void requireMedianGain(String what, List<Paired> pairs) {
        assertThat(pairs).hasSize(SEEDS);
        assertThat(pairs.stream()
                        .mapToDouble(p -> p.better - p.worse)
                        .sorted()
                        .skip(SEEDS / 2)
                        .findFirst()
                        .orElseThrow())
                .as("%s: %s", what, pairs)
                .isPositive();
    }
}
