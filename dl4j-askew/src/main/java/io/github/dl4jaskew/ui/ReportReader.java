package io.github.dl4jaskew.ui;

import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.listener.AskewSnapshot;
import io.github.dl4jaskew.pages.Row;
import io.github.dl4jaskew.pages.RunReader;
import io.github.dl4jaskew.storage.AskewRecord;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;

/** The numbers of reports. */
final class ReportReader implements RunReader {

    /** Three columns each; a table of numbers has a bound. */
    private static final int MOST_PARAMETERS = 75;

    @Override
    public String typeId() {
        return AskewRecord.TYPE;
    }

    @Override
    public void read(Persistable update, Row row) {
        if (!(update instanceof AskewRecord record)) {
            throw new IllegalArgumentException(
                    "a record is a " + update.getClass().getName());
        }
        AskewReport report = record.report();
        AskewReport.Row total = report.total();
        row.x(report.iteration())
                .put("epoch", report.epoch())
                .put("epsilon", report.epsilon())
                .put("tau", report.tau())
                .put("infeasible", total.infeasibleShare())
                .put("meanDistance", total.meanDistance())
                .put("maxDistance", total.maxDistance())
                .put("score", record.score());
        putFlips(row, "flips", total);
        AskewSnapshot.Scores scores = record.scores();
        if (scores != null) {
            row.put("full", scores.full())
                    .put("quantized", scores.quantized())
                    .put("fullAccuracy", scores.fullAccuracy())
                    .put("quantizedAccuracy", scores.quantizedAccuracy());
        }
        List<AskewReport.Row> parameters = report.parameters();
        if (parameters.size() > MOST_PARAMETERS) {
            row.cut();
        }
        for (AskewReport.Row p : parameters.subList(0, Math.min(MOST_PARAMETERS, parameters.size()))) {
            String name = p.layer() + " " + p.parameter();
            row.put("distance:" + name, p.meanDistance()).put("infeasible:" + name, p.infeasibleShare());
            putFlips(row, "flips:" + name, p);
        }
    }

    /** The first report knows of none. */
    private static void putFlips(Row row, String column, AskewReport.Row figures) {
        if (figures.flips() >= 0) {
            row.put(column, (double) figures.flips());
        }
    }
}
