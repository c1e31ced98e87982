package io.github.dl4jaskew.internal.network;

import java.io.IOException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Refuses what a network's configuration would lose: DL4J saves, clones and distributes configurations as JSON, and
 * drops the fields that its mapper cannot see without a word.
 */
public final class JsonRoundTrip {

    private static final int[] PROBES = {0, 1, 3, 10, 100, 10_000};

    private JsonRoundTrip() {}

    public static void require(String name, ISchedule schedule) {
        require(name, schedule, ISchedule.class, (s, k) -> s.valueAt(k, k));
    }

    public static void require(IUpdater updater) {
        Probe<IUpdater> rate = (u, k) -> u.hasLearningRate() ? u.getLearningRate(k, k) : 0;
        require("updater", updater, IUpdater.class, rate);
        // DL4J clones updaters too; its AdaGrad loses the schedule.
        requireSame(
                updater,
                updater.clone(),
                rate,
                "updater: the clone() of " + updater.getClass().getName() + " forgets its schedule");
    }

    /** What the object does at a point of training. */
    private interface Probe<T> {
        double at(T object, int iterationAndEpoch);
    }

    private static <T> void require(String name, T object, Class<T> type, Probe<T> probe) {
        T copy;
        try {
            ObjectMapper mapper = NeuralNetConfiguration.mapper();
            copy = mapper.readValue(mapper.writeValueAsString(object), type);
        } catch (IOException e) {
            throw new IllegalArgumentException(explain(name, object) + ": " + e.getMessage(), e);
        }
        requireSame(object, copy, probe, explain(name, object));
    }

    private static <T> void requireSame(T object, T copy, Probe<T> probe, String explanation) {
        for (int k : PROBES) {
            double before = probe.at(object, k);
            double after = probe.at(copy, k);
            if (Double.compare(before, after) != 0) {
                throw new IllegalArgumentException(
                        explanation + ": at " + k + " it gives " + before + " before and " + after + " after");
            }
        }
    }

    private static String explain(String name, Object object) {
        return name + ": " + object.getClass().getName()
                + " does not survive JSON, in which DL4J saves networks; give it @JsonProperty on getters and on the"
                + " arguments of a @JsonCreator constructor";
    }
}
