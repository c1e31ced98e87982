package io.github.dl4jaskew.storage;

import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.listener.AskewSnapshot;
import io.github.dl4jaskew.pages.record.JsonRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one report: eps, tau, shares, distances, flips and scores. Immutable but for {@code decode}, which
 * storages call on a new one; not thread safe while that runs.
 *
 * @serial exclude
 */
public final class AskewRecord extends JsonRecord<AskewRecord.Figures> {

    /** The type of these records, of the {@link AskewRun} before them and of their meta data. */
    public static final String TYPE = "DL4JAskew";

    private static final long serialVersionUID = 1;

    private static final Figures NONE = new Figures(
            new AskewReport(0, 0, 1, 0, new AskewReport.Row("total", "", 0, 0, 0, 0, 0), List.of()), 0, null);

    /**
     * What is stored.
     *
     * @param report the figures of the constraint
     * @param score the network's score of its last minibatch
     * @param scores loss and accuracy on the listener's data, or null if it was given none
     */
    public record Figures(AskewReport report, double score, AskewSnapshot.@Nullable Scores scores) {}

    /** For storages, which decode into it. */
    public AskewRecord() {
        super(TYPE, "", "", 0, Figures.class, NONE);
    }

    /**
     * Takes the figures of a snapshot.
     *
     * @param session identifies the training
     * @param worker identifies the network in it
     * @param time in milliseconds since 1970
     * @param snapshot what was measured
     */
    public AskewRecord(String session, String worker, long time, AskewSnapshot snapshot) {
        super(
                TYPE,
                session,
                worker,
                time,
                Figures.class,
                new Figures(snapshot.report(), snapshot.score(), snapshot.scores()));
    }

    /** {@return the figures of the constraint, equal to those that were wrapped} */
    public AskewReport report() {
        return content().report();
    }

    /** {@return the network's score of its last minibatch, as DL4J had it} */
    public double score() {
        return content().score();
    }

    /** {@return the scores on the listener's data, or null if it was given none} */
    public AskewSnapshot.@Nullable Scores scores() {
        return content().scores();
    }
}
