package io.github.dl4jaskew.storage;

import io.github.dl4jaskew.interval.CellHistogram;
import io.github.dl4jaskew.interval.LevelInterval;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.listener.AskewSnapshot;
import io.github.dl4jaskew.pages.record.JsonRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.annotation.JsonValue;

/**
 * Where the weights lay at one report, parameter by parameter, and the eps of that time. It has the time of its {@link
 * AskewRecord}, but a type of its own, so that code that draws curves need not read histograms. Immutable but for {@code
 * decode}, which storages call on a new one; not thread safe while that runs.
 *
 * @serial exclude
 */
public final class WeightsRecord extends JsonRecord<WeightsRecord.Moment> {

    /** The type of these records. */
    public static final String TYPE = "DL4JAskewWeights";

    private static final long serialVersionUID = 1;

    /**
     * What is stored.
     *
     * @param iteration the network's iteration count
     * @param epoch the network's epoch count
     * @param epsilon width of the intervals, in [0, 1]
     * @param parameters all constrained parameters, in network order
     */
    public record Moment(int iteration, int epoch, double epsilon, List<Weights> parameters) {

        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if epsilon is out of range
         */
        public Moment {
            if (!(epsilon >= 0 && epsilon <= 1)) {
                throw new IllegalArgumentException("epsilon is " + epsilon + "; allowed are 0 to 1");
            }
            parameters = List.copyOf(parameters);
        }
    }

    /**
     * The weights of one parameter.
     *
     * @param layer its layer's name
     * @param parameter its key
     * @param histogram where they lie between the levels
     */
    public record Weights(String layer, String parameter, CellHistogram histogram) {

        @JsonCreator
        static Weights read(
                @JsonProperty("layer") String layer,
                @JsonProperty("parameter") String parameter,
                @JsonProperty("binsPerCell") int binsPerCell,
                @JsonProperty("counts") long[] counts) {
            return new Weights(layer, parameter, new CellHistogram(binsPerCell, counts));
        }

        @JsonValue
        Stored stored() {
            return new Stored(layer, parameter, histogram.binsPerCell(), histogram.counts());
        }
    }

    /** The JSON of a parameter. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Stored(String layer, String parameter, int binsPerCell, long[] counts) {}

    /** For storages, which decode into it. */
    public WeightsRecord() {
        super(TYPE, "", "", 0, Moment.class, new Moment(0, 0, 1, List.of()));
    }

    /**
     * Takes the histograms of a snapshot.
     *
     * @param session identifies the training
     * @param worker identifies the network in it
     * @param time in milliseconds since 1970
     * @param snapshot what was measured
     */
    public WeightsRecord(String session, String worker, long time, AskewSnapshot snapshot) {
        super(TYPE, session, worker, time, Moment.class, moment(snapshot));
    }

    private static Moment moment(AskewSnapshot snapshot) {
        AskewReport report = snapshot.report();
        List<Weights> all = new ArrayList<>();
        for (int i = 0; i < snapshot.histograms().size(); i++) {
            AskewReport.Row row = report.parameters().get(i);
            all.add(new Weights(
                    row.layer(), row.parameter(), snapshot.histograms().get(i)));
        }
        return new Moment(report.iteration(), report.epoch(), report.epsilon(), all);
    }

    /** {@return the network's iteration count when they were counted} */
    public int iteration() {
        return content().iteration();
    }

    /** {@return the network's epoch count when they were counted} */
    public int epoch() {
        return content().epoch();
    }

    /** {@return eps at that time, the width of the intervals, in [0, 1]} */
    public double epsilon() {
        return content().epsilon();
    }

    /** {@return all constrained parameters, in network order} */
    public List<Weights> parameters() {
        return content().parameters();
    }

    /**
     * Finds one parameter.
     *
     * @param layer its layer's name
     * @param parameter its key
     * @return empty if it is not among them
     */
    public Optional<Weights> parameter(String layer, String parameter) {
        return parameters().stream()
                .filter(w -> w.layer().equals(layer) && w.parameter().equals(parameter))
                .findFirst();
    }

    /**
     * The annealed intervals of that time, in the positions of the histogram.
     *
     * @param weights one of the parameters
     * @return one interval for each level
     */
    public List<LevelInterval> intervals(Weights weights) {
        return LevelInterval.of(weights.histogram().levels(), epsilon());
    }
}
