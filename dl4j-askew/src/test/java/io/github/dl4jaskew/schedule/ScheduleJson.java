package io.github.dl4jaskew.schedule;

import java.io.IOException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.schedule.ISchedule;

/** A round trip through DL4J's mapper, which knows only that the property is a schedule. */
final class ScheduleJson {

    private ScheduleJson() {}

    /** What a configuration does: it declares the interface. */
    static final class Holder {
        public ISchedule schedule;
    }

    static ISchedule roundTrip(ISchedule schedule) throws IOException {
        Holder holder = new Holder();
        holder.schedule = schedule;
        String json = NeuralNetConfiguration.mapper().writeValueAsString(holder);
        return NeuralNetConfiguration.mapper().readValue(json, Holder.class).schedule;
    }
}
