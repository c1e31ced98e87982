package io.github.dl4jaskew.pages;

import io.github.dl4jaskew.pages.record.RecordTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;
import org.jspecify.annotations.Nullable;

/** The records of one type in a storage. Thread safe if the storage is. */
final class Records {

    private static final int TRIES = 20;

    private final StatsStorage storage;
    private final String type;

    Records(StatsStorage storage, String type) {
        this.storage = storage;
        this.type = type;
    }

    StatsStorage storage() {
        return storage;
    }

    /** What is closed cannot be asked; only what was read before is there. */
    boolean isClosed() {
        return storage.isClosed();
    }

    List<String> sessions() {
        return storage.listSessionIDs();
    }

    /**
     * What announced the records of this type in a session, or null if it has none. One look-up, whereas DL4J's collections
     * go through all records of all sessions to list the types or the workers of one.
     */
    @Nullable
    Persistable announcement(String session) {
        return storage.getStorageMetaData(name(session), type);
    }

    List<String> workers(String session) {
        return storage.listWorkerIDsForSessionAndType(name(session), type);
    }

    int count(String session, String worker) {
        return storage.getNumUpdateRecordsFor(name(session), type, name(worker));
    }

    @Nullable
    Persistable staticInfo(String session, String worker) {
        return storage.getStaticInfo(name(session), type, name(worker));
    }

    /**
     * All times, in ascending order, which SQLite does not promise. DL4J's collections may leave out any time, old ones
     * too, while others come in; so they are read until nothing came in meanwhile, or else from the records themselves.
     */
    long[] times(String session, String worker) {
        for (int i = 0; i < TRIES; i++) {
            int before = count(session, worker);
            long[] times = storage.getAllUpdateTimes(name(session), type, name(worker));
            if (times.length == before && count(session, worker) == before) {
                Arrays.sort(times);
                return times;
            }
        }
        // What is not newer than this one was there before, and iterators show all that was there before.
        Persistable newest = storage.getLatestUpdate(name(session), type, name(worker));
        return storage.getAllUpdatesAfter(name(session), type, name(worker), Long.MIN_VALUE).stream()
                .mapToLong(Persistable::getTimeStamp)
                .filter(time -> time <= newest.getTimeStamp())
                .sorted()
                .toArray();
    }

    List<Persistable> updates(String session, String worker, long... times) {
        if (times.length == 0) {
            return List.of();
        }
        List<Persistable> updates = new ArrayList<>(storage.getUpdates(name(session), type, name(worker), times));
        updates.sort(Comparator.comparingLong(Persistable::getTimeStamp));
        return updates;
    }

    private String name(String stored) {
        return RecordTimes.quoted(storage, stored);
    }
}
