package io.github.dl4jaskew.storage;

import io.github.dl4jaskew.plan.AskewPlan;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run is: the plan of its network, which a storage holds once as static information. Immutable but for {@code
 * decode}, which storages call on a new one; not thread safe while that runs.
 *
 * @serial exclude
 */
public final class AskewRun extends EncodedRecord {

    private static final long serialVersionUID = 1;

    private List<PlannedParameter> parameters = List.of();
    private List<String> settings = List.of();

    /** For storages, which decode into it. */
    public AskewRun() {
        super(Kind.RUN, "", "", 0);
    }

    /**
     * Takes what is installed on a network.
     *
     * @param session identifies the training
     * @param worker identifies the network in it
     * @param time in milliseconds since 1970
     * @param plan what is installed
     */
    public AskewRun(String session, String worker, long time, AskewPlan plan) {
        super(Kind.RUN, session, worker, time);
        parameters = plan.entries().stream().map(PlannedParameter::of).toList();
        settings = plan.settings();
    }

    /**
     * The plan, row by row.
     *
     * @return in network order
     */
    public List<PlannedParameter> parameters() {
        return parameters;
    }

    /**
     * The recipe: the numbers that training uses.
     *
     * @return in one line each
     */
    public List<String> settings() {
        return settings;
    }

    @Override
    void writeRest(DataOutputStream out) throws IOException {
        RecordInput.writeWhole(out, parameters.size());
        for (PlannedParameter parameter : parameters) {
            parameter.write(out);
        }
        RecordInput.writeWhole(out, settings.size());
        for (String line : settings) {
            RecordInput.writeText(out, line);
        }
    }

    @Override
    void readRest(RecordInput in) throws IOException {
        List<PlannedParameter> rows = new ArrayList<>();
        for (int i = in.count("number of parameters"); i > 0; i--) {
            rows.add(PlannedParameter.read(in));
        }
        List<String> lines = new ArrayList<>();
        for (int i = in.count("number of settings"); i > 0; i--) {
            lines.add(in.text());
        }
        parameters = List.copyOf(rows);
        settings = List.copyOf(lines);
    }
}
