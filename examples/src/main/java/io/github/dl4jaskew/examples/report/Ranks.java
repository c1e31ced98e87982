package io.github.dl4jaskew.examples.report;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Statistics of ranks; ties share the mean of their ranks. */
public final class Ranks {

    private Ranks() {}

    /**
     * Spearman's rank correlation.
     *
     * @param a values
     * @param b as many
     * @return -1 to 1; NaN if all values of one are equal
     */
    public static double correlation(double[] a, double[] b) {
        double[] x = of(a);
        double[] y = of(b);
        double middle = (x.length + 1) / 2.0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - middle) * (y[i] - middle);
            xx += (x[i] - middle) * (x[i] - middle);
            yy += (y[i] - middle) * (y[i] - middle);
        }
        return xy / Math.sqrt(xx * yy);
    }

    /**
     * The area under the receiver operating characteristic of small values as a sign of an event: the chance that one
     * of those with the event is below one of those without.
     *
     * @param values of all
     * @param event which have it
     * @return 0 to 1; NaN if none has it, or all have
     */
    public static double areaBelow(double[] values, boolean[] event) {
        double[] ranks = of(values);
        double sum = 0;
        long with = 0;
        for (int i = 0; i < ranks.length; i++) {
            if (event[i]) {
                sum += ranks[i];
                with++;
            }
        }
        double pairs = (double) with * (ranks.length - with);
        return pairs == 0 ? Double.NaN : 1 - (sum - with * (with + 1) / 2.0) / pairs;
    }

    private static double[] of(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] ranks = new double[order.length];
        int from = 0;
        while (from < order.length) {
            int to = from;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int k = from; k < to; k++) {
                ranks[order[k]] = (from + 1 + to) / 2.0;
            }
            from = to;
        }
        return ranks;
    }
}
