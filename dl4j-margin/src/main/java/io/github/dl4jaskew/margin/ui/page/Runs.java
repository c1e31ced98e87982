package io.github.dl4jaskew.margin.ui.page;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final Once once;
    private final List<Attached> storages = new ArrayList<>();
    private final Map<String, Entry> known = new LinkedHashMap<>();
    private final Map<String, Run> open = new LinkedHashMap<>(16, 0.75f, true);
    private int attached;

    Runs(RunReader reader, Once once) {
        this.reader = reader;
        this.once = once;
    }

    private record Attached(int number, StatsStorage storage, Records records) {}

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
        for (Attached a : storages) {
            try {
                look(a);
            } catch (RuntimeException e) {
                once.warn("a storage cannot be read: " + a.storage.getClass().getName(), e);
            }
        }
        // Of what is closed, there is what was read before.
        return known.values().stream()
                .filter(entry -> !entry.records.isClosed() || open.containsKey(entry.id))
                .sorted(Comparator.comparingLong(Entry::begin).reversed())
                .limit(MAX_LISTED)
                .toList();
    }

    synchronized boolean isTruncated() {
        return known.size() > MAX_LISTED;
    }

    private void look(Attached a) {
        if (a.storage.isClosed()) {
            return;
        }
        for (String session : a.records.sessions()) {
            for (String worker : a.records.workers(session)) {
                String id = id(a.number, session, worker);
                if (!known.containsKey(id)) {
                    known.put(id, new Entry(id, a.storage, a.records, session, worker, begin(a, session, worker)));
                }
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
