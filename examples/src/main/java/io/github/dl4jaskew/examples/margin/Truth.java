package io.github.dl4jaskew.examples.margin;

import io.github.dl4jaskew.examples.report.MarginResult;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Collects measured values beside their closed forms, which must agree to 5 significant digits unless said otherwise.
 *
 * @param problem which case
 * @param k steps done
 * @param results where they go
 */
record Truth(String problem, long k, List<MarginResult> results) {

    private static final double DIGITS = 1e-5;

    void add(String quantity, OptionalDouble measured, double expected) {
        add(quantity, measured.orElse(Double.NaN), expected);
    }

    void add(String quantity, double measured, double expected) {
        within(quantity, measured, expected, DIGITS * Math.abs(expected));
    }

    void within(String quantity, double measured, double expected, double tolerance) {
        results.add(new MarginResult(problem, quantity, k, measured, expected, tolerance));
    }
}
