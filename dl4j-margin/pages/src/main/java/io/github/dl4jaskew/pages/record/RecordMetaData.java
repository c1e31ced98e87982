package io.github.dl4jaskew.pages.record;

import java.io.Serializable;
import org.deeplearning4j.core.storage.StorageMetaData;
import org.jspecify.annotations.Nullable;

/**
 * Announces the classes of a session's records of one type to a {@code StatsStorage}. Immutable but for {@code decode}, which
 * storages call on a new one; not thread safe while that runs.
 *
 * @serial exclude
 */
public final class RecordMetaData extends JsonRecord<RecordMetaData.Classes> implements StorageMetaData {

    private static final long serialVersionUID = 1;

    /**
     * The classes of the records of a type.
     *
     * @param type of the records
     * @param staticInfo class of what is stored once
     * @param update class of what is stored again and again
     */
    public record Classes(String type, String staticInfo, String update) {}

    /** For storages, which decode into it. */
    public RecordMetaData() {
        super("", "", "", 0, Classes.class, new Classes("", "", ""));
    }

    /**
     * Announces a session.
     *
     * @param session identifies the training
     * @param worker identifies the network in it
     * @param time in milliseconds since 1970
     * @param type of the records
     * @param staticInfo class of what is stored once
     * @param update class of what is stored again and again
     */
    public RecordMetaData(
            String session,
            String worker,
            long time,
            String type,
            Class<? extends JsonRecord<?>> staticInfo,
            Class<? extends JsonRecord<?>> update) {
        super(type, session, worker, time, Classes.class, new Classes(type, staticInfo.getName(), update.getName()));
    }

    @Override
    public String getTypeID() {
        return content().type();
    }

    @Override
    public String getInitTypeClass() {
        return content().staticInfo();
    }

    @Override
    public String getUpdateTypeClass() {
        return content().update();
    }

    @Override
    public @Nullable Serializable getExtraMetaData() {
        return null;
    }
}
