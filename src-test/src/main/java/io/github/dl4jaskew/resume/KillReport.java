package io.github.dl4jaskew.resume;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What came of all trials.
 *
 * @param trials trainings that were killed
 * @param exact those among them that ended with the weights and the updater state of the uninterrupted one, to the bit
 * @param kills processes that were killed
 * @param halfWritten kills that left half a checkpoint
 * @param seconds wall time
 * @param details each trial
 */
public record KillReport(
        @JsonProperty("trials") int trials,
        @JsonProperty("exact") long exact,
        @JsonProperty("kills") int kills,
        @JsonProperty("half_written") long halfWritten,
        @JsonProperty("seconds") double seconds,
        @JsonProperty("details") List<Trial> details) {

    /**
     * One training.
     *
     * @param training what was trained
     * @param kills in their order
     * @param sameNumbers whether the result is that of the uninterrupted training
     * @param sameReports whether every report of the listener, before and after the kills, is that of the uninterrupted
     *     training at the same iteration
     */
    public record Trial(
            @JsonProperty("training") String training,
            @JsonProperty("kills") List<Kill> kills,
            @JsonProperty("same_numbers") boolean sameNumbers,
            @JsonProperty("same_reports") boolean sameReports) {}

    /**
     * One kill.
     *
     * @param started iteration at which the process had begun
     * @param iteration last iteration it had announced
     * @param milliseconds between that and the kill
     * @param halfWritten whether it left half a checkpoint
     */
    public record Kill(
            @JsonProperty("started") int started,
            @JsonProperty("iteration") int iteration,
            @JsonProperty("milliseconds") int milliseconds,
            @JsonProperty("half_written") boolean halfWritten) {}

    static KillReport of(List<Trial> trials, double seconds) {
        List<Kill> kills = trials.stream().flatMap(t -> t.kills().stream()).toList();
        return new KillReport(
                trials.size(),
                trials.stream().filter(t -> t.sameNumbers() && t.sameReports()).count(),
                kills.size(),
                kills.stream().filter(Kill::halfWritten).count(),
                seconds,
                List.copyOf(trials));
    }

    @Override
    public String toString() {
        return exact + " of " + trials + " killed trainings ended as the uninterrupted one, to the bit; " + kills
                + " kills, " + halfWritten + " of them left half a checkpoint; " + Math.round(seconds) + " s";
    }
}
