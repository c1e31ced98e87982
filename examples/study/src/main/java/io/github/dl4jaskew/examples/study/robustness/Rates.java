package io.github.dl4jaskew.examples.study.robustness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The choice of a learning rate. */
final class Rates {

    /** How often a list of rates is continued where its end is the best. */
    private static final int FURTHER = 3;

    private Rates() {}

    /** What a learning rate comes to. */
    @FunctionalInterface
    interface Trained {
        double value(double rate) throws IOException;
    }

    /**
     * The rate with the best value. While that is an end of the list, the list is continued there, up to three times.
     *
     * @param listed at least two, ascending; the ratio of the first two is that of those to come
     * @param metric of the values
     * @param trained called again for rates that it was called for
     * @return one of them, or one further
     */
    static double best(List<Double> listed, Metric metric, Trained trained) throws IOException {
        List<Double> rates = new ArrayList<>(listed);
        double factor = rates.get(1) / rates.get(0);
        for (int further = 0; ; further++) {
            int best = 0;
            double bestValue = metric.worst();
            for (int i = 0; i < rates.size(); i++) {
                double value = trained.value(rates.get(i));
                if (metric.isBetter(value, bestValue)) {
                    best = i;
                    bestValue = value;
                }
            }
            boolean inside = best > 0 && best < rates.size() - 1;
            if (inside || further == FURTHER) {
                return rates.get(best);
            }
            if (best == 0) {
                rates.add(0, rates.get(0) / factor);
            } else {
                rates.add(rates.get(best) * factor);
            }
        }
    }
}
