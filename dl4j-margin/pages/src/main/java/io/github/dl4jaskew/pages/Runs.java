package io.github.dl4jaskew.pages;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;

/**
 * The runs of all attached storages. Names of sessions come from strangers and never stand in addresses: a run goes by a
 * hash of them. Thread safe.
 */
final class Runs {

    private static final int MAX_LISTED = 200;
    /** Beyond that, the numbers of the run that was looked at longest ago are forgotten, and read again if need be. */
    private static final int MAX_KEPT = 64;

    private final RunReader reader;
    private final LogOnce once;
    private final List<Attached> storages = new ArrayList<>();
    private final Map<String, Entry> known = new LinkedHashMap<>();
    private final Map<String, Run> open = new LinkedHashMap<>(16, 0.75f, true);
    private final Predicate<String> wanted;
    private int attached;
    private boolean truncated;

    /** Runs of the sessions that are wanted. */
    Runs(RunReader reader, LogOnce once, Predicate<String> wanted) {
        this.reader = reader;
        this.once = once;
        this.wanted = wanted;
    }

    private record Attached(int number, StatsStorage storage, Records records) {}

    /** A session with runs, and when it was announced. */
    private record Begun(String session, long time) {}

    /** Where a run is, and when it began. */
    record Entry(String id, StatsStorage storage, Records records, String session, String worker, long begin) {}

    synchronized void attach(StatsStorage storage) {
        if (storages.stream().noneMatch(a -> a.storage == storage)) {
            storages.add(new Attached(attached++, storage, new Records(storage, reader.typeId())));
        }
    }

    synchronized void detach(StatsStorage storage) {
        storages.removeIf(a -> a.storage == storage);
        known.values().removeIf(entry -> entry.storage == storage);
        open.keySet().retainAll(known.keySet());
    }

    /** The runs that began last, the last one first. */
    synchronized List<Entry> list() {
        truncated = false;
        for (Attached a : storages) {
            try {
                look(a);
            } catch (RuntimeException e) {
                once.warn("a storage cannot be read: " + a.storage.getClass().getName(), e);
            }
        }
        // Of what is closed, there is what was read before.
        truncated |= known.size() > MAX_LISTED;
        return known.values().stream()
                .filter(entry -> !entry.records.isClosed() || open.containsKey(entry.id))
                .sorted(Comparator.comparingLong(Entry::begin).reversed())
                .limit(MAX_LISTED)
                .toList();
    }

    synchronized boolean isTruncated() {
        return truncated;
    }

    private void look(Attached a) {
        if (a.storage.isClosed()) {
            return;
        }
        List<Begun> begun = new ArrayList<>();
        for (String session : a.records.sessions()) {
            if (wanted.test(session)) {
                begun(a, session).ifPresent(begun::add);
            }
        }
        truncated |= begun.size() > MAX_LISTED;
        begun.stream()
                .sorted(Comparator.comparingLong(Begun::time).reversed())
                .limit(MAX_LISTED)
                .forEach(session -> look(a, session.session));
    }

    private Optional<Begun> begun(Attached a, String session) {
        try {
            Persistable announcement = a.records.announcement(session);
            return Optional.ofNullable(announcement).map(found -> new Begun(session, found.getTimeStamp()));
        } catch (RuntimeException e) {
            once.warn("what announced the run \"" + session + "\" cannot be read", e);
            return Optional.of(new Begun(session, 0));
        }
    }

    private void look(Attached a, String session) {
        for (String worker : a.records.workers(session)) {
            String id = id(a.number, session, worker);
            if (!known.containsKey(id)) {
                known.put(id, new Entry(id, a.storage, a.records, session, worker, begin(a, session, worker)));
            }
        }
    }

    private long begin(Attached a, String session, String worker) {
        try {
            Persistable info = a.records.staticInfo(session, worker);
            return info == null ? 0 : info.getTimeStamp();
        } catch (RuntimeException e) {
            once.warn("what the run \"" + session + "\" was stored with cannot be read", e);
            return 0;
        }
    }

    /** The run of an identification. */
    synchronized Run find(String id) {
        Entry entry = known.get(id);
        if (entry == null) {
            list();
            entry = known.get(id);
        }
        if (entry == null) {
            throw new BadQueryException(404, "there is no such run; it may have been detached");
        }
        if (!open.containsKey(id) && open.size() == MAX_KEPT) {
            open.remove(open.keySet().iterator().next());
        }
        Entry found = entry;
        return open.computeIfAbsent(id, key -> new Run(key, found.records, found.session, found.worker, reader, once));
    }

    private static String id(int storage, String session, String worker) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String text = storage + " " + session.length() + " " + session + worker;
            // Not as UTF-8, in which halves of characters are all the same.
            ByteBuffer bytes = ByteBuffer.allocate(Character.BYTES * text.length());
            bytes.asCharBuffer().put(text);
            return HexFormat.of().formatHex(digest.digest(bytes.array()), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
