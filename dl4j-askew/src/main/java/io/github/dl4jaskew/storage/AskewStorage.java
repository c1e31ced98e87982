package io.github.dl4jaskew.storage;

import io.github.dl4jaskew.listener.AskewSnapshot;
import io.github.dl4jaskew.pages.record.RecordMetaData;
import io.github.dl4jaskew.pages.record.RecordTimes;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.jspecify.annotations.Nullable;

/**
 * Posts what a listener measures to a {@code StatsStorage}, or to a router to a remote one: {@code new
 * AskewListener(10).to(new AskewStorage(storage, session))}. Networks that share the listener are the workers "0", "1",
 * ... of one session. Thread safe if the router is.
 */
public final class AskewStorage implements Consumer<AskewSnapshot> {

    private final StatsStorageRouter router;
    private final RecordTimes times;
    private final String session;
    private final @Nullable String worker;
    private final Map<Integer, AskewPlan> announced = new HashMap<>();

    /**
     * Posts as worker "0", and further networks of the same listener as "1", "2", ...
     *
     * @param router to post to
     * @param session identifies the training, as that of a {@code StatsListener}
     */
    public AskewStorage(StatsStorageRouter router, String session) {
        this.router = router;
        this.times = new RecordTimes(router);
        this.session = session;
        this.worker = null;
    }

    /**
     * Posts as one worker of several that have listeners of their own.
     *
     * @param router to post to
     * @param session identifies the training
     * @param worker identifies the network in it
     */
    public AskewStorage(StatsStorageRouter router, String session, String worker) {
        this.router = router;
        this.times = new RecordTimes(router);
        this.session = session;
        this.worker = worker;
    }

    /**
     * Posts a snapshot, and before the first one of a network what is installed on it. Storages tell a worker's records
     * apart by their time, so two of the same millisecond are posted with different ones.
     *
     * @param snapshot to post
     */
    @Override
    public synchronized void accept(AskewSnapshot snapshot) {
        String name = worker == null ? String.valueOf(snapshot.network()) : worker;
        AskewPlan before = announced.get(snapshot.network());
        if (before == null) {
            times.continueAfter(session, AskewRecord.TYPE, name);
        }
        long time = times.next();
        if (before == null) {
            router.putStorageMetaData(
                    new RecordMetaData(session, name, time, AskewRecord.TYPE, AskewRun.class, AskewRecord.class));
            router.putStorageMetaData(new RecordMetaData(
                    session, name, time, WeightsRecord.TYPE, WeightsRecord.class, WeightsRecord.class));
        }
        if (!snapshot.plan().equals(before)) {
            router.putStaticInfo(new AskewRun(session, name, time, snapshot.plan()));
            announced.put(snapshot.network(), snapshot.plan());
        }
        router.putUpdate(new AskewRecord(session, name, time, snapshot));
        router.putUpdate(new WeightsRecord(session, name, time, snapshot));
    }
}
