package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How many weights of a parameter are nearest to each level, and whether that leaves levels to waste. One weight that is far
 * larger than the rest can draw the scale so wide that all others round to the level next to 0.
 */
public final class LevelUse {

    /** Below so many weights for each level nothing is said of it, and below so many in a channel nothing of the channel. */
    private static final int ENOUGH = 16;

    /** This share of the weights may be elsewhere, and one weight in any case. */
    private static final double FEW = 0.02;

    private final Grid grid;
    private final long[] counts;
    private final long erasedChannels;
    private final long channels;
    private final double largest;
    private final double mean;
    private final List<Double> levels;

    public LevelUse(ScaledGrid scaled, Weights weights) {
        grid = scaled.grid();
        counts = new long[grid.size()];
        channels = scaled.channels().count();
        long[] inner = new long[scaled.channels().count()];
        double innermost = Arrays.stream(grid.levels()).map(Math::abs).min().orElseThrow();
        double sum = 0;
        double max = 0;
        for (long i = 0; i < weights.size(); i++) {
            int channel = scaled.channels().of(i);
            double w = weights.at(i);
            int code = scaled.code(channel, w);
            counts[code]++;
            inner[channel] += Math.abs(grid.level(code)) <= innermost ? 1 : 0;
            sum += Math.abs(w);
            max = Math.max(max, Math.abs(w));
        }
        long each = weights.size() / channels;
        // where all are on it, the channel is dead rather than drawn wide by one of its weights
        erasedChannels = channels == 1 || grid.size() < 3 || each < ENOUGH
                ? 0
                : Arrays.stream(inner)
                        .filter(n -> n < each && isNearly(n, each))
                        .count();
        largest = max;
        mean = sum / weights.size();
        levels = channels == 1
                ? IntStream.range(0, counts.length)
                        .mapToObj(c -> scaled.level(0, c))
                        .toList()
                : List.of();
    }

    /** Weights nearest to each level, ascending. */
    public List<Long> counts() {
        return Arrays.stream(counts).boxed().toList();
    }

    /** Which levels are wasted, why, and the remedy; empty if none are. */
    public Optional<String> warning(String subject) {
        String fault = fault();
        if (fault == null) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%s: %s, so that most levels are unused (largest weight %.3g, mean magnitude %.3g). If a few large"
                        + " weights set the scale, limit them, or use a scale that they do not determine (Scale.meanAbs(), or a"
                        + " scale perChannel()), or leave the layer out",
                subject,
                fault,
                largest,
                mean));
    }

    private @Nullable String fault() {
        long size = Arrays.stream(counts).sum();
        // a scale of its own fits a channel of a few weights exactly, and leaves levels out
        boolean enough = size >= (long) ENOUGH * grid.size() && size / channels >= ENOUGH;
        int few = grid.isUniform() && grid.size() > 3 ? Math.max(2, grid.size() / 4) : 1;
        if (enough && isNearly(fullest(few), size)) {
            return fullest(few) + " of " + size + " weights are nearest to "
                    + (few == 1 ? name(mostUsed()) : few + " of the " + grid.size() + " levels");
        }
        if (enough && wastes()) {
            return "no weight is nearest to "
                    + (grid.size() > 4
                            ? unused().size() + " of the " + grid.size() + " levels"
                            : String.join(
                                    " or ", unused().stream().map(this::name).toList()));
        }
        return erasedChannels == 0
                ? null
                : "in " + erasedChannels + " of " + channels
                        + " channels nearly all weights are nearest to the level next to 0";
    }

    private boolean wastes() {
        int missing = unused().size();
        return grid.size() <= 4 ? missing > 0 : grid.isUniform() && missing >= grid.size() / 2;
    }

    private List<Integer> unused() {
        return IntStream.range(0, counts.length)
                .filter(c -> counts[c] == 0)
                .boxed()
                .toList();
    }

    private int mostUsed() {
        return IntStream.range(0, counts.length)
                .reduce((a, b) -> counts[b] > counts[a] ? b : a)
                .orElseThrow();
    }

    private String name(int code) {
        return levels.isEmpty()
                ? "level " + (float) grid.level(code) + " times the scale"
                : "level " + levels.get(code).floatValue();
    }

    private long fullest(int many) {
        long[] sorted = counts.clone();
        Arrays.sort(sorted);
        return Arrays.stream(sorted, sorted.length - many, sorted.length).sum();
    }

    private static boolean isNearly(long some, long all) {
        return all - some <= Math.max(1, (long) (FEW * all));
    }
}
