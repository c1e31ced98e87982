package io.github.dl4jaskew.pages;

import java.io.IOException;
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
    private final LogOnce once;
    private final RunTable table = new RunTable();
    private long lastTime = Long.MIN_VALUE;
    private int recordsSeen;
    private long[] times = {};

    Run(String id, Records records, String session, String worker, RunReader reader, LogOnce once) {
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

    /** {@return the session, as the training named it; any text} */
    public String session() {
        return session;
    }

    /** {@return the worker in the session; any text} */
    public String worker() {
        return worker;
    }

    /** {@return what was stored once for the run, the static information of the page's type, if there is any} */
    public Optional<Persistable> staticInfo() {
        requireOpen();
        try {
            return Optional.ofNullable(records.staticInfo(session, worker));
        } catch (RuntimeException e) {
            leaveOut(e);
            return Optional.empty();
        }
    }

    /** {@return the times of all records in milliseconds since 1970, ascending} */
    public synchronized List<Long> times() {
        return LongStream.of(newestTimes()).boxed().toList();
    }

    /** Sorting a hundred thousand of them at each question would be felt. */
    private long[] newestTimes() {
        if (!records.isClosed() && records() != times.length) {
            times = records.times(session, worker);
        }
        return times;
    }

    /**
     * A record.
     *
     * @param time one of {@link #times}
     * @return the record, if it is there
     */
    public Optional<Persistable> update(long time) {
        requireOpen();
        return readable(records, time).stream().findFirst();
    }

    /**
     * A record of another type that was posted along with one of the page's.
     *
     * @param typeId the other type
     * @param time one of {@link #times}
     * @return the record, if it is there
     */
    public Optional<Persistable> update(String typeId, long time) {
        requireOpen();
        return readable(new Records(records.storage(), typeId), time).stream().findFirst();
    }

    private void requireOpen() {
        if (records.isClosed()) {
            throw new BadQueryException(410, "the storage of this run was closed");
        }
    }

    /** Whoever leaves out a record that another version of this library wrote still has the others. */
    private List<Persistable> readable(Records from, long... wanted) {
        try {
            return from.updates(session, worker, wanted);
        } catch (RuntimeException e) {
            if (wanted.length < 2) {
                leaveOut(e);
                return List.of();
            }
            return LongStream.of(wanted)
                    .mapToObj(time -> readable(from, time))
                    .flatMap(List::stream)
                    .toList();
        }
    }

    /** What fails for another reason than its bytes may be there the next time. */
    private void leaveOut(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof ReflectiveOperationException) {
                once.warn("a record of the type " + reader.typeId() + " cannot be read and is left out", e);
                return;
            }
        }
        throw e;
    }

    int records() {
        return records.count(session, worker);
    }

    /** Reads what is new, or some of it, and hands out the table. */
    synchronized <T> T read(Function<RunTable, T> use) {
        if (!records.isClosed() && records() != recordsSeen) {
            long[] all = newestTimes();
            int from = firstAfter(all, lastTime);
            int to = Math.min(all.length, from + MAX_RECORDS_AT_ONCE);
            readable(records, Arrays.copyOfRange(all, from, to)).forEach(this::append);
            if (to > from) {
                lastTime = all[to - 1];
            }
            recordsSeen = to;
        }
        return use.apply(table);
    }

    /** Whether a further request would find more at once. */
    synchronized boolean hasMore() {
        return !records.isClosed() && records() > recordsSeen;
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
