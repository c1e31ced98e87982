package io.github.dl4jaskew.margin.storage;

import io.github.dl4jaskew.margin.MarginJson;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.pages.record.JsonRecord;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.NullNode;

/**
 * A snapshot as a record of a {@code StatsStorage}, in the JSON of {@link MarginJson}. Immutable but for {@code decode}, which
 * storages call on a new one; not thread safe while that runs.
 *
 * @serial exclude
 */
public final class MarginRecord extends JsonRecord<JsonNode> {

    /** The type of all these records. */
    public static final String TYPE = "DL4JMargin";

    private static final long serialVersionUID = 1;

    /** For storages, which decode into it. */
    public MarginRecord() {
        super(TYPE, "", "", 0, JsonNode.class, NullNode.getInstance());
    }

    /**
     * Wraps a snapshot.
     *
     * @param session identifies the training
     * @param worker identifies the network in it
     * @param time in milliseconds since 1970
     * @param snapshot what was measured
     */
    public MarginRecord(String session, String worker, long time, MarginSnapshot snapshot) {
        super(TYPE, session, worker, time, JsonNode.class, MarginJson.tree(snapshot));
    }

    /**
     * Reads the snapshot.
     *
     * @return equal to the one that was wrapped
     * @throws IllegalArgumentException if nothing was decoded yet, or what was decoded is no snapshot
     */
    public MarginSnapshot snapshot() {
        return MarginJson.read(content());
    }
}
