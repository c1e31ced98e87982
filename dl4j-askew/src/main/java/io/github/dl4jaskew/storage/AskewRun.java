package io.github.dl4jaskew.storage;

import io.github.dl4jaskew.pages.record.JsonRecord;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.List;

/**
 * What a run is: the plan of its network, which a storage holds once as static information. Immutable but for {@code
 * decode}, which storages call on a new one; not thread safe while that runs.
 *
 * @serial exclude
 */
public final class AskewRun extends JsonRecord<AskewRun.Plan> {

    private static final long serialVersionUID = 1;

    /**
     * What is stored.
     *
     * @param parameters the plan, row by row, in network order
     * @param settings the numbers that training uses, in one line each
     */
    public record Plan(List<PlannedParameter> parameters, List<String> settings) {

        /** Copies the lists. */
        public Plan {
            parameters = List.copyOf(parameters);
            settings = List.copyOf(settings);
        }
    }

    /** For storages, which decode into it. */
    public AskewRun() {
        super(AskewRecord.TYPE, "", "", 0, Plan.class, new Plan(List.of(), List.of()));
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
        super(
                AskewRecord.TYPE,
                session,
                worker,
                time,
                Plan.class,
                new Plan(plan.entries().stream().map(PlannedParameter::of).toList(), plan.settings()));
    }

    /** {@return the plan, row by row, in network order} */
    public List<PlannedParameter> parameters() {
        return content().parameters();
    }

    /** {@return the numbers that training uses, in one line each} */
    public List<String> settings() {
        return content().settings();
    }
}
