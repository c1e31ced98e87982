package io.github.dl4jaskew.pages.record;

import java.time.Instant;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The times of what is posted to a session: storages tell a worker's records apart by their time, so no two are equal, and
 * records stay in order though the clock was set back. Not thread safe.
 */
public final class RecordTimes {

    private static final Logger LOG = LoggerFactory.getLogger(RecordTimes.class);

    private final StatsStorageRouter router;
    private long last;

    /**
     * Begins at the present time.
     *
     * @param router that is posted to
     */
    public RecordTimes(StatsStorageRouter router) {
        this.router = router;
    }

    /**
     * Continues after the newest record of a worker, in a session that another training began, and warns that it does: on a page
     * both are one run. Does nothing for a router to a remote storage, which cannot be read.
     *
     * @param session identifies the training
     * @param type of the records
     * @param worker identifies the network
     */
    public void continueAfter(String session, String type, String worker) {
        if (router instanceof StatsStorage storage) {
            Persistable newest = storage.getLatestUpdate(quoted(storage, session), type, quoted(storage, worker));
            if (newest != null) {
                LOG.warn(
                        "the storage already has a run \"{}\", worker {}, with records up to {}: this training is appended"
                                + " to it. Right for a resumed training; otherwise give the new one another name",
                        session,
                        worker,
                        Instant.ofEpochMilli(newest.getTimeStamp()));
                last = Math.max(last, newest.getTimeStamp());
            }
        }
    }

    /** {@return the present time in milliseconds since 1970, or the next that is later than all before} */
    public long next() {
        last = Math.max(last + 1, System.currentTimeMillis());
        return last;
    }

    /**
     * A name as a storage must be asked for it: J7FileStatsStorage writes names into its SQL as they are, so that a quote
     * must be doubled to be found.
     *
     * @param storage to ask
     * @param name as it was stored
     * @return the name to ask for
     */
    public static String quoted(StatsStorage storage, String name) {
        return storage.getClass().getSimpleName().equals("J7FileStatsStorage") ? name.replace("'", "''") : name;
    }
}
