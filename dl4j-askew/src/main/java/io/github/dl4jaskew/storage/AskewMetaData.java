package io.github.dl4jaskew.storage;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import org.deeplearning4j.core.storage.StorageMetaData;
import org.jspecify.annotations.Nullable;

/**
 * Tells a {@code StatsStorage} the classes of a session's records of one type. Immutable but for {@code decode}, which
 * storages call on a new one; not thread safe while that runs.
 *
 * @serial exclude
 */
public final class AskewMetaData extends EncodedRecord implements StorageMetaData {

    private static final long serialVersionUID = 1;

    private String type = AskewRecord.TYPE;

    /** For storages, which decode into it. */
    public AskewMetaData() {
        super(Kind.META_DATA, "", "", 0);
    }

    /**
     * Announces a session.
     *
     * @param session identifies the training
     * @param worker identifies the network in it
     * @param time in milliseconds since 1970
     * @param type {@link AskewRecord#TYPE} or {@link WeightsRecord#TYPE}
     * @throws IllegalArgumentException if the type is another
     */
    public AskewMetaData(String session, String worker, long time, String type) {
        super(Kind.META_DATA, session, worker, time);
        this.type = checked(type);
    }

    private static String checked(String type) {
        if (!type.equals(AskewRecord.TYPE) && !type.equals(WeightsRecord.TYPE)) {
            throw new IllegalArgumentException(
                    "type is " + type + "; allowed are " + AskewRecord.TYPE + " and " + WeightsRecord.TYPE);
        }
        return type;
    }

    @Override
    public String getTypeID() {
        return type;
    }

    @Override
    public String getInitTypeClass() {
        return type.equals(AskewRecord.TYPE) ? AskewRun.class.getName() : WeightsRecord.class.getName();
    }

    @Override
    public String getUpdateTypeClass() {
        return type.equals(AskewRecord.TYPE) ? AskewRecord.class.getName() : WeightsRecord.class.getName();
    }

    @Override
    public @Nullable Serializable getExtraMetaData() {
        return null;
    }

    @Override
    void writeRest(DataOutputStream out) throws IOException {
        RecordInput.writeText(out, type);
    }

    @Override
    void readRest(RecordInput in) throws IOException {
        type = checked(in.text());
    }
}
