package io.github.dl4jaskew.margin.ui.page;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.deeplearning4j.core.storage.Persistable;
import org.jspecify.annotations.Nullable;

/** The records of one worker of one session in one storage, read once and kept as numbers. Thread safe. */
public final class Run {

    /** Records that one request reads; the next one goes on. */
    private static final int MAX_RECORDS_AT_ONCE = 5_000;

    private final String id;
    private final Records records;
    private final String session;
    private final String worker;
    private final RunReader reader;
    private final Once once;
    private final RunTable table = new RunTable();
    private long lastTime = Long.MIN_VALUE;
    private int recordsSeen;

    Run(String id, Records records, String session, String worker, RunReader reader, Once once) {
        this.id = id;
        this.records = records;
        this.session = session;
        this.worker = worker;
        this.reader = reader;
        this.once = once;
    }

    /**
     * Names the run in addresses.
     *
     * @return 16 hexadecimal digits
     */
    public String id() {
        return id;
    }

    /**
     * The session, as whoever trained named it.
     *
     * @return any text
     */
    public String session() {
        return session;
    }

    /**
     * The worker in the session.
     *
     * @return any text
     */
    public String worker() {
        return worker;
    }

    /**
     * What was stored once for the run.
     *
     * @return the static information of the page's type, if there is any
     */
    public Optional<Persistable> staticInfo() {
        return Optional.ofNullable(records.staticInfo(session, worker));
    }

    /**
     * The times of all records.
     *
     * @return in milliseconds since 1970, ascending
     */
    public List<Long> times() {
        return LongStream.of(records.times(session, worker)).boxed().toList();
    }

    /**
     * A record.
     *
     * @param time one of {@link #times}
     * @return the record, if it is there
     */
    public Optional<Persistable> update(long time) {
        return records.updates(session, worker, time).stream().findFirst();
    }

    /**
     * A record of another type that was posted along with one of the page's.
     *
     * @param typeId the other type
     * @param time one of {@link #times}
     * @return the record, if it is there
     */
    public Optional<Persistable> update(String typeId, long time) {
        return new Records(records.storage(), typeId)
                .updates(session, worker, time).stream().findFirst();
    }

    int records() {
        return records.count(session, worker);
    }

    /** Reads what is new, or some of it, and hands out the table. */
    synchronized <T> T read(Function<RunTable, T> use) {
        int count = records();
        if (count != recordsSeen) {
            long[] times = records.times(session, worker);
            int from = firstAfter(times, lastTime);
            int to = Math.min(times.length, from + MAX_RECORDS_AT_ONCE);
            records.updates(session, worker, Arrays.copyOfRange(times, from, to))
                    .forEach(this::append);
            if (to > from) {
                lastTime = times[to - 1];
            }
            recordsSeen = to;
        }
        return use.apply(table);
    }

    /** Whether a further request would find more at once. */
    synchronized boolean hasMore() {
        return records() > recordsSeen;
    }

    private void append(Persistable update) {
        Row row = new Row();
        try {
            reader.read(update, row);
        } catch (RuntimeException e) {
            once.warn("a record of the type " + reader.typeId() + " cannot be read and is left out", e);
            return;
        }
        table.append(row);
    }

    private static int firstAfter(long[] times, long time) {
        int found = Arrays.binarySearch(times, time);
        return found >= 0 ? found + 1 : -found - 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Run run && run.id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
