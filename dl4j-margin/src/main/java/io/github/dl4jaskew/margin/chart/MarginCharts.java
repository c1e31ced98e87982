package io.github.dl4jaskew.margin.chart;

import io.github.dl4jaskew.margin.MarginHistory;
import java.io.IOException;
import java.nio.file.Path;

/** Draws a history as PNG files. Thread safe. */
public final class MarginCharts {

    private MarginCharts() {}

    /**
     * Draws {@code NAME-margin.png} (normalized and smoothed margin), {@code NAME-norm.png} (rho), {@code
     * NAME-progress.png} (normalized margin over its predicted limit), {@code NAME-near.png} (margin without biases) and, if
     * gradients were measured, {@code NAME-alignment.png} (alignment and windowed alignment), if robustness was, {@code
     * NAME-robustness.png} (distances to the decision boundary and the certificate), all against the iteration on a
     * logarithmic axis; and {@code NAME-histogram.png}, the margins of all examples at the last snapshot. A quantity that no snapshot has is left out, and a chart without any is not drawn.
     *
     * @param directory created if it is not there
     * @param name begins the files' names
     * @param history at least one snapshot
     * @throws IOException if a file cannot be written
     * @throws IllegalArgumentException if the history is empty
     * @throws IllegalStateException if XChart is not on the class path
     */
    public static void draw(Path directory, String name, MarginHistory history) throws IOException {
        draw(directory, name, history, "org.knowm.xchart.XYChart");
    }

    static void draw(Path directory, String name, MarginHistory history, String library) throws IOException {
        if (history.isEmpty()) {
            throw new IllegalArgumentException("there are no snapshots to draw");
        }
        try {
            Class.forName(library, false, MarginCharts.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "charts need XChart: add org.knowm.xchart:xchart to the dependencies of your project", e);
        }
        XyCharts.draw(directory, name, history);
    }
}
