package io.github.dl4jaskew.margin.storage;

import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.pages.record.RecordMetaData;
import io.github.dl4jaskew.pages.record.RecordTimes;
import java.util.function.Consumer;
import org.deeplearning4j.core.storage.StatsStorageRouter;

/**
 * Posts snapshots to a {@code StatsStorage}, or to a router to a remote one: {@code new
 * MarginListener(tracker).to(new MarginStorage(storage, session))}. Thread safe if the router is.
 */
public final class MarginStorage implements Consumer<MarginSnapshot> {

    private final StatsStorageRouter router;
    private final RecordTimes times;
    private final String session;
    private final String worker;
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
        this.times = new RecordTimes(router);
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
            times.continueAfter(session, MarginRecord.TYPE, worker);
        }
        long time = times.next();
        if (first) {
            router.putStorageMetaData(new RecordMetaData(
                    session, worker, time, MarginRecord.TYPE, MarginRecord.class, MarginRecord.class));
            // Storages list only sessions with static information.
            router.putStaticInfo(new MarginRecord(session, worker, time, snapshot));
            announced = true;
        }
        router.putUpdate(new MarginRecord(session, worker, time, snapshot));
    }
}
