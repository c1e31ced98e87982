package io.github.dl4jaskew.margin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.margin.MarginHistory;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.Snapshots;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.impl.CollectionStatsStorageRouter;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;

class MarginStorageTest {

    @Test
    void aRecordSurvivesEncoding() {
        MarginSnapshot snapshot = Snapshots.history().last();
        MarginRecord record = new MarginRecord("session", "worker", 12, snapshot);
        ByteBuffer buffer = ByteBuffer.allocate(record.encodingLengthBytes());
        record.encode(buffer);
        buffer.flip();
        MarginRecord read = new MarginRecord();
        read.decode(buffer);
        assertThat(read.snapshot()).isEqualTo(snapshot);
        assertThat(List.of(read.getSessionID(), read.getWorkerID(), read.getTypeID(), read.getTimeStamp()))
                .containsExactly("session", "worker", MarginRecord.TYPE, 12L);
        MarginRecord again = new MarginRecord();
        again.decode(read.encode());
        assertThat(again.snapshot()).isEqualTo(snapshot);
    }

    @Test
    void aRouterThatFailedGetsTheRunWhenItWorksAgain() {
        List<Persistable> runs = new ArrayList<>();
        boolean[] fails = {true};
        MarginStorage poster = new MarginStorage(
                new CollectionStatsStorageRouter(new ArrayList<>(), runs, new ArrayList<>()) {
                    @Override
                    public void putStaticInfo(Persistable info) {
                        if (fails[0]) {
                            throw new IllegalStateException("no connection");
                        }
                        super.putStaticInfo(info);
                    }
                },
                "session");
        MarginSnapshot snapshot = Snapshots.bare();
        assertThatThrownBy(() -> poster.accept(snapshot)).hasMessage("no connection");
        fails[0] = false;
        poster.accept(snapshot);
        poster.accept(snapshot);
        assertThat(runs).hasSize(1);
    }

    @Test
    void damagedRecordsAreRefused() {
        byte[] bytes = new MarginRecord("s", "w", 1, Snapshots.bare()).encode();
        assertThatThrownBy(() -> new MarginRecord().decode(Arrays.copyOf(bytes, bytes.length - 3)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("not of the kind MarginRecord: ");
        assertThatThrownBy(() -> new MarginRecord().snapshot()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSessionThatGoesOnStaysInOrderThoughTheClockWasSetBack() {
        StatsStorage storage = new InMemoryStatsStorage();
        long later = System.currentTimeMillis() + 3_600_000;
        storage.putUpdate(new MarginRecord("session", "0", later, Snapshots.bare()));
        MarginStorage poster = new MarginStorage(storage, "session");
        poster.accept(Snapshots.bare());
        poster.accept(Snapshots.bare());
        assertThat(storage.getAllUpdateTimes("session", MarginRecord.TYPE, "0"))
                .containsExactlyInAnyOrder(later, later + 1, later + 2);
    }

    @Test
    void aStorageHoldsTheHistory() {
        StatsStorage storage = new InMemoryStatsStorage();
        MarginStorage poster = new MarginStorage(storage, "session");
        MarginHistory history = Snapshots.history();
        history.snapshots().forEach(poster);
        List<Persistable> all = storage.getAllUpdatesAfter("session", MarginRecord.TYPE, "0", 0);
        assertThat(all.stream().map(p -> ((MarginRecord) p).snapshot())).isEqualTo(history.snapshots());
        assertThat(((MarginRecord) storage.getLatestUpdate("session", MarginRecord.TYPE, "0")).snapshot())
                .isEqualTo(history.last());
        assertThat(storage.listSessionIDs()).containsExactly("session");
        assertThat(storage.listTypeIDsForSession("session")).containsExactly(MarginRecord.TYPE);
    }

    @Test
    void aRouterGetsEachSnapshot() {
        List<Persistable> updates = new ArrayList<>();
        MarginStorage poster = new MarginStorage(
                new CollectionStatsStorageRouter(new ArrayList<>(), new ArrayList<>(), updates), "session", "3");
        poster.accept(Snapshots.bare());
        assertThat(updates)
                .singleElement()
                .satisfies(p -> assertThat(p.getWorkerID()).isEqualTo("3"));
    }
}
