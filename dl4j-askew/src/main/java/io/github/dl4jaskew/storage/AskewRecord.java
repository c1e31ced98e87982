package io.github.dl4jaskew.storage;

import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.listener.AskewSnapshot;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one report: eps, tau, shares, distances, flips and scores. Immutable but for {@code decode}, which
 * storages call on a new one; not thread safe while that runs.
 *
 * @serial exclude
 */
public final class AskewRecord extends EncodedRecord {

    /** The type of these records, of the {@link AskewRun} before them and of their meta data. */
    public static final String TYPE = "DL4JAskew";

    private static final long serialVersionUID = 1;

    private AskewReport report =
            new AskewReport(0, 0, 1, 0, new AskewReport.Row("total", "", 0, 0, 0, 0, 0), List.of());
    private double score;
    private AskewSnapshot.@Nullable Scores scores;

    /** For storages, which decode into it. */
    public AskewRecord() {
        super(Kind.REPORT, "", "", 0);
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
        super(Kind.REPORT, session, worker, time);
        report = snapshot.report();
        score = snapshot.score();
        scores = snapshot.scores();
    }

    /**
     * The figures of the constraint.
     *
     * @return the report, equal to the one that was wrapped
     */
    public AskewReport report() {
        return report;
    }

    /**
     * The network's score of its last minibatch.
     *
     * @return as DL4J had it
     */
    public double score() {
        return score;
    }

    /**
     * The scores on the listener's data.
     *
     * @return null if it was given none
     */
    public AskewSnapshot.@Nullable Scores scores() {
        return scores;
    }

    @Override
    void writeRest(DataOutputStream out) throws IOException {
        out.writeInt(report.iteration());
        out.writeInt(report.epoch());
        out.writeDouble(report.epsilon());
        out.writeDouble(report.tau());
        out.writeDouble(score);
        AskewSnapshot.Scores own = scores;
        out.writeBoolean(own != null);
        if (own != null) {
            out.writeDouble(own.full());
            out.writeDouble(own.quantized());
        }
        write(out, report.total());
        RecordInput.writeWhole(out, report.parameters().size());
        for (AskewReport.Row row : report.parameters()) {
            write(out, row);
        }
    }

    private static void write(DataOutputStream out, AskewReport.Row row) throws IOException {
        RecordInput.writeText(out, row.layer());
        RecordInput.writeText(out, row.parameter());
        RecordInput.writeWhole(out, row.weights());
        out.writeDouble(row.infeasibleShare());
        out.writeDouble(row.meanDistance());
        out.writeDouble(row.maxDistance());
        RecordInput.writeWhole(out, row.flips() + 1);
    }

    @Override
    void readRest(RecordInput in) throws IOException {
        DataInputStream data = in.data();
        int iteration = data.readInt();
        int epoch = data.readInt();
        double epsilon = data.readDouble();
        double tau = data.readDouble();
        score = data.readDouble();
        scores = data.readBoolean() ? new AskewSnapshot.Scores(data.readDouble(), data.readDouble()) : null;
        AskewReport.Row total = row(in);
        int count = in.count("number of parameters");
        List<AskewReport.Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(in));
        }
        report = new AskewReport(iteration, epoch, epsilon, tau, total, rows);
    }

    private static AskewReport.Row row(RecordInput in) throws IOException {
        String layer = in.text();
        String parameter = in.text();
        long weights = in.whole();
        double infeasible = in.data().readDouble();
        double mean = in.data().readDouble();
        double largest = in.data().readDouble();
        return new AskewReport.Row(layer, parameter, weights, infeasible, mean, largest, in.whole() - 1);
    }
}
