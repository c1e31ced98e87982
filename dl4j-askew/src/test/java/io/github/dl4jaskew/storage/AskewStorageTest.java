package io.github.dl4jaskew.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jaskew.listener.AskewSnapshot;
import io.github.dl4jaskew.pages.record.RecordMetaData;
import io.github.dl4jaskew.pages.record.RecordTimes;
import io.github.dl4jaskew.testkit.CapturedLog;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.impl.CollectionStatsStorageRouter;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.deeplearning4j.ui.model.storage.sqlite.J7FileStatsStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AskewStorageTest {

    private static final String HOSTILE = "<script>alert('x')</script>/../\"\u0000\n\uD83D\uDE00";

    @TempDir
    private static Path directory;

    static Stream<Supplier<StatsStorage>> storages() {
        return Stream.of(
                InMemoryStatsStorage::new,
                () -> new FileStatsStorage(fresh("map.db")),
                () -> new J7FileStatsStorage(fresh("sqlite.db")));
    }

    private static File fresh(String name) {
        try {
            return Files.createTempDirectory(directory, "storage").resolve(name).toFile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("storages")
    void aStorageHoldsRunReportsAndWeights(Supplier<StatsStorage> open) throws Exception {
        StatsStorage storage = open.get();
        List<AskewSnapshot> snapshots = Snapshots.of(3);
        AskewStorage poster = new AskewStorage(storage, "session");
        snapshots.forEach(poster);

        assertThat(storage.listSessionIDs()).containsExactly("session");
        List<Persistable> reports = storage.getAllUpdatesAfter("session", AskewRecord.TYPE, "0", 0);
        assertThat(reports.stream().map(p -> ((AskewRecord) p).report()))
                .isEqualTo(snapshots.stream().map(AskewSnapshot::report).toList());
        for (int i = 0; i < 3; i++) {
            Persistable weights = storage.getUpdate(
                    "session", WeightsRecord.TYPE, "0", reports.get(i).getTimeStamp());
            assertThat(((WeightsRecord) weights).parameters().stream().map(WeightsRecord.Weights::histogram))
                    .isEqualTo(snapshots.get(i).histograms());
        }
        AskewRun run = (AskewRun)
                storage.getAllStaticInfos("session", AskewRecord.TYPE).get(0);
        assertThat(run.parameters()).hasSize(snapshots.get(0).plan().entries().size());
        storage.close();
    }

    @ParameterizedTest
    @MethodSource("storages")
    void aSessionThatGoesOnStaysInOrderThoughTheClockWasSetBack(Supplier<StatsStorage> open) throws Exception {
        StatsStorage storage = open.get();
        String session = "it's going on";
        AskewSnapshot snapshot = Snapshots.of(1).get(0);
        long later = System.currentTimeMillis() + 3_600_000;
        storage.putStorageMetaData(
                new RecordMetaData(session, "0", later, AskewRecord.TYPE, AskewRun.class, AskewRecord.class));
        storage.putUpdate(new AskewRecord(session, "0", later, snapshot));
        AskewStorage poster = new AskewStorage(storage, session);
        poster.accept(snapshot);
        poster.accept(snapshot);
        String asked = storage instanceof J7FileStatsStorage ? session.replace("'", "''") : session;
        assertThat(storage.getAllUpdateTimes(asked, AskewRecord.TYPE, "0"))
                .containsExactlyInAnyOrder(later, later + 1, later + 2);
        storage.close();
    }

    @Test
    void aFileKeepsThemAfterItIsClosed() throws Exception {
        File file = directory.resolve("again.db").toFile();
        FileStatsStorage written = new FileStatsStorage(file);
        Snapshots.of(2).forEach(new AskewStorage(written, HOSTILE));
        written.close();
        FileStatsStorage storage = new FileStatsStorage(file);
        assertThat(storage.listSessionIDs()).containsExactly(HOSTILE);
        assertThat(storage.getAllUpdatesAfter(HOSTILE, AskewRecord.TYPE, "0", 0))
                .hasSize(2);
        assertThat(storage.getLatestUpdate(HOSTILE, WeightsRecord.TYPE, "0")).isInstanceOf(WeightsRecord.class);
        storage.close();
    }

    @Test
    void aRouterThatFailedGetsThePlanWhenItWorksAgain() {
        List<Persistable> runs = new ArrayList<>();
        boolean[] fails = {true};
        AskewStorage poster = new AskewStorage(
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
        List<AskewSnapshot> snapshots = Snapshots.of(2);
        assertThatIllegalStateException().isThrownBy(() -> poster.accept(snapshots.get(0)));
        fails[0] = false;
        poster.accept(snapshots.get(1));
        assertThat(runs).hasSize(1);
    }

    @Test
    void aRouterGetsThePlanOnceAndAgainWhenItChanges() {
        List<Persistable> runs = new ArrayList<>();
        List<Persistable> updates = new ArrayList<>();
        AskewStorage poster =
                new AskewStorage(new CollectionStatsStorageRouter(new ArrayList<>(), runs, updates), "session", "7");
        List<AskewSnapshot> snapshots = Snapshots.of(2);
        snapshots.forEach(poster);
        assertThat(runs).hasSize(1);
        poster.accept(Snapshots.other(snapshots.get(1)));
        assertThat(runs).hasSize(2);
        assertThat(updates).hasSize(6).allMatch(p -> p.getWorkerID().equals("7"));
        assertThat(updates.stream().map(Persistable::getTimeStamp).distinct()).hasSize(3);
    }

    @Test
    void networksOfOneListenerAreWorkers() {
        StatsStorage storage = new InMemoryStatsStorage();
        AskewStorage poster = new AskewStorage(storage, "session");
        AskewSnapshot snapshot = Snapshots.of(1).get(0);
        poster.accept(snapshot);
        poster.accept(Snapshots.ofNetwork(snapshot, 1));
        assertThat(storage.listWorkerIDsForSession("session")).containsExactlyInAnyOrder("0", "1");
    }

    /** On a page both would be one run, with a jump in it. */
    @Test
    void aSecondTrainingUnderTheSameNameIsAppendedWithAWarning() {
        try (CapturedLog log = CapturedLog.warningsOf(RecordTimes.class.getName())) {
            StatsStorage storage = new InMemoryStatsStorage();
            Snapshots.of(2).forEach(new AskewStorage(storage, "session"));
            Snapshots.of(1).forEach(new AskewStorage(storage, "other"));
            assertThat(log.lines()).isEmpty();
            Snapshots.of(2).forEach(new AskewStorage(storage, "session"));
            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().get(0)).contains("already has a run \"session\"", "another name");
        }
    }
}
