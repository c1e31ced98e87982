package io.github.dl4jaskew.margin.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many margins there are between which values, in bins of one width. 0 is an edge, so that no bin holds examples that are predicted
 * rightly and wrongly: bin i holds margins of {@code edge(i) < q <= edge(i + 1)}, and a margin of 0 is an error.
 *
 * @param width of each bin: 1, 2 or 5 times a power of 10, above 0
 * @param first the number of widths from 0 to the lower edge of the first bin
 * @param counts margins in each bin, from the smallest margin's to the largest one's; 1 to {@value #MOST} bins
 */
public record MarginHistogram(double width, long first, List<Integer> counts) {

    /** So many bins are still seen on a phone. */
    public static final int MOST = 60;

    /** Relative to the largest margin, nothing finer is told apart in bins. */
    private static final double FINEST = 1e-9;

    /** Copies the list. */
    public MarginHistogram {
        counts = List.copyOf(counts);
    }

    /**
     * The histogram of some margins, with as many bins as a round width gives, half of the most or so.
     *
     * @param margins at least one, finite; not changed
     * @return the histogram; its counts sum up to the number of margins
     * @throws IllegalArgumentException if there is no margin, or one is not finite
     */
    public static MarginHistogram of(double[] margins) {
        Checks.atLeast(1, "number of margins", margins.length);
        double smallest = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (double margin : margins) {
            Checks.finite("margin", margin);
            smallest = Math.min(smallest, margin);
            largest = Math.max(largest, margin);
        }
        // the outermost bins need not be full; halves, as the whole span may be beyond double
        double size = Math.max(Math.abs(smallest), Math.abs(largest));
        double span = largest / 2 - smallest / 2;
        double atLeast = span == 0 ? size / 10 : Math.max(span / (MOST / 2 - 1), FINEST * size);
        double width = size == 0 ? 1 : roundUp(Math.max(atLeast, Double.MIN_NORMAL));
        long first = bin(smallest, width);
        int[] counts = new int[(int) (bin(largest, width) - first) + 1];
        for (double margin : margins) {
            counts[(int) (bin(margin, width) - first)]++;
        }
        List<Integer> all = new ArrayList<>();
        Arrays.stream(counts).forEach(all::add);
        return new MarginHistogram(width, first, all);
    }

    /**
     * The lower edge of a bin, which is the upper one of the bin before.
     *
     * @param bin 0 to the number of bins, with which it is the upper edge of the last one
     * @return the margin there
     */
    public double edge(int bin) {
        return edge(first + bin, width);
    }

    private static double edge(long number, double width) {
        return number * width;
    }

    /** Rounding in the division may lead to a neighbour. */
    private static long bin(double margin, double width) {
        long bin = (long) Math.ceil(margin / width) - 1;
        while (margin <= edge(bin, width)) {
            bin--;
        }
        while (margin > edge(bin + 1, width)) {
            bin++;
        }
        return bin;
    }

    /** 1, 2 or 5 times a power of 10. */
    private static double roundUp(double value) {
        int exponent = (int) Math.floor(Math.log10(value)) - 1;
        while (true) {
            for (int factor : new int[] {1, 2, 5}) {
                double round = Double.parseDouble(factor + "e" + exponent);
                if (round >= value) {
                    return round;
                }
            }
            exponent++;
        }
    }
}
