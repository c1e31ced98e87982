package io.github.dl4jaskew.baseline;

import org.nd4j.linalg.schedule.ISchedule;

/** What schedules of methods have in common. */
final class Steps {

    private Steps() {}

    /** What was counted of a schedule, and what to do if it is not over. */
    static String planned(ISchedule schedule, int iteration, int epoch) {
        return " after " + iteration + " iterations and " + epoch + " epochs (planned: " + schedule + "). "
                + (epoch == 0 && iteration > 0
                        ? "Epochs are not counted by fit(DataSet): call net.incrementEpochCount() after each, use"
                                + " fit(iterator), or a schedule by iteration"
                        : "Train longer, or plan a shorter schedule");
    }
}
