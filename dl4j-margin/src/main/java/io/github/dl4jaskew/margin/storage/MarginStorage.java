package io.github.dl4jaskew.margin.storage;

import io.github.dl4jaskew.margin.MarginSnapshot;
import java.util.function.Consumer;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StatsStorageRouter;

/**
 * Posts snapshots to a {@code StatsStorage}, or to a router to a remote one: {@code new
 * MarginListener(tracker).to(new MarginStorage(storage, session))}. Thread safe if the router is.
 */
public final class MarginStorage implements Consumer<MarginSnapshot> {

    private final StatsStorageRouter router;
    private final String session;
    private final String worker;
    private long last;
    private boolean announced;

    /**
     * Posts as the worker "0".
     *
     * @param router to post to
     * @param session identifies the training, as that of a {@code StatsListener}
     */
    public MarginStorage(StatsStorageRouter router, String session) {
        this(router, session, "0");
    }

    /**
     * Posts as one worker of several.
     *
     * @param router to post to
     * @param session identifies the training
     * @param worker identifies the network in it
     */
    public MarginStorage(StatsStorageRouter router, String session, String worker) {
        this.router = router;
        this.session = session;
        this.worker = worker;
    }

    /**
     * Posts a snapshot. Storages tell a worker's records apart by their time, so two of the same millisecond are posted
     * with different ones.
     *
     * @param snapshot to post
     */
    @Override
    public synchronized void accept(MarginSnapshot snapshot) {
        boolean first = !announced;
        if (first) {
            last = Math.max(last, newestTime());
        }
        last = Math.max(last + 1, System.currentTimeMillis());
        if (first) {
            router.putStorageMetaData(new MarginMetaData(session, worker, last));
            // Storages list only sessions with static information.
            router.putStaticInfo(new MarginRecord(session, worker, last, snapshot));
            announced = true;
        }
        router.putUpdate(new MarginRecord(session, worker, last, snapshot));
    }

    /** Of the session, if it goes on where another training ended: records stay in order though the clock was set back. */
    private long newestTime() {
        Persistable newest = router instanceof StatsStorage storage
                ? storage.getLatestUpdate(name(session), MarginRecord.TYPE, name(worker))
                : null;
        return newest == null ? 0 : newest.getTimeStamp();
    }

    /** J7FileStatsStorage writes names into its SQL as they are. */
    private String name(String stored) {
        return router.getClass().getSimpleName().equals("J7FileStatsStorage") ? stored.replace("'", "''") : stored;
    }
}
