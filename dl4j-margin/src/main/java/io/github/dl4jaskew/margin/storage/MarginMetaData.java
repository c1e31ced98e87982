package io.github.dl4jaskew.margin.storage;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.Serializable;
import org.deeplearning4j.core.storage.StorageMetaData;
import org.jspecify.annotations.Nullable;

/**
 * Tells a {@code StatsStorage} the classes of a session's records.
 *
 * @serial exclude
 */
public final class MarginMetaData extends EncodedRecord implements StorageMetaData {

    private static final long serialVersionUID = 1;

    /** For storages, which decode into it. */
    public MarginMetaData() {
        super("", "", 0);
    }

    /**
     * Announces a session.
     *
     * @param session identifies the training
     * @param worker identifies the network in it
     * @param time in milliseconds since 1970
     */
    public MarginMetaData(String session, String worker, long time) {
        super(session, worker, time);
    }

    @Override
    public String getInitTypeClass() {
        return MarginRecord.class.getName();
    }

    @Override
    public String getUpdateTypeClass() {
        return MarginRecord.class.getName();
    }

    @Override
    public @Nullable Serializable getExtraMetaData() {
        return null;
    }

    @Override
    void writeRest(DataOutputStream out) {}

    @Override
    void readRest(DataInputStream in) {}
}
