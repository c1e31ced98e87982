package io.github.dl4jaskew.examples.study;

import java.util.Locale;

/**
 * One training of the study, or one rounding of a trained network.
 *
 * @param problem data and network
 * @param grid the levels by name; "none" for the float network
 * @param method what trains the network
 * @param seed of first weights, order of examples, and the data if it is drawn
 */
record Cell(Problem problem, String grid, Method method, long seed) {

    /** What the command line's pattern is compared with. */
    String id() {
        return String.format(
                Locale.ROOT, "%s/%s/%s/%s/%d", problem.dataset(), problem.network(), grid, method.label(), seed);
    }

    /** What is known of a cell's training from its place in the plan alone. */
    boolean isOf(CellResult result) {
        return result.dataset().equals(problem.dataset())
                && result.network().equals(problem.network())
                && result.grid().equals(grid)
                && result.method().equals(method.label())
                && result.seed() == seed;
    }
}
