package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.ConstrainedParameter;
import org.nd4j.linalg.schedule.ISchedule;

/** What steps have in common. */
final class Steps {

    private Steps() {}

    /** What was counted of a schedule, and what to do if it is not over. */
    static String planned(ISchedule schedule, int iteration, int epoch) {
        return " after " + iteration + " iterations and " + epoch + " epochs (planned: " + schedule + "). "
                + (epoch == 0 && iteration > 0
                        ? "Epochs are not counted by fit(DataSet): call net.incrementEpochCount() after each, use"
                                + " fit(iterator), or a schedule by iteration"
                        : "Train on, or plan a shorter schedule");
    }

    /** An error of the maths, with the place where it happened. */
    static IllegalArgumentException named(
            ConstrainedLayer layer, ConstrainedParameter parameter, int iteration, IllegalArgumentException e) {
        return new IllegalArgumentException(
                "layer '" + layer.name() + "', parameter '" + parameter.name() + "', iteration " + iteration + ": "
                        + e.getMessage(),
                e);
    }
}
