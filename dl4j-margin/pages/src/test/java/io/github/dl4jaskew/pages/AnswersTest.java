package io.github.dl4jaskew.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StorageMetaData;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.jackson.databind.JsonNode;

class AnswersTest {

    private final StatsStorage storage = new InMemoryStatsStorage();
    private final Runs runs = new Runs(Notes.READER, new LogOnce(), session -> true);
    private final Answers answers = new Answers(Notes.page(), runs, Answers.BUCKETS);

    AnswersTest() {
        runs.attach(storage);
        runs.attach(storage);
    }

    private JsonNode data(String run) {
        return answers.answer("data", new Query(Map.of("run", run)));
    }

    @Test
    void eachWorkerOfEachSessionIsARun() {
        Notes.post(storage, "a", "0", 1, 2);
        Notes.post(storage, "a", "1", 3);
        Notes.post(storage, "b", "0", 4);
        StatsStorage other = new InMemoryStatsStorage();
        Notes.post(other, "a", "0", 5);
        runs.attach(other);
        JsonNode list = answers.list().get("runs");
        assertThat(list).hasSize(4);
        assertThat(list.findValuesAsText("id")).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{16}"));
        assertThat(list.findValues("id").stream()
                        .map(id ->
                                data(id.textValue()).get("columns").get("value").toString()))
                .containsExactlyInAnyOrder("[1.0,2.0]", "[3.0]", "[4.0]", "[5.0]");
        runs.detach(other);
        assertThat(answers.list().get("runs")).hasSize(3);
    }

    @Test
    void namesThatCouldBeTakenForEachOtherAreNot() {
        Notes.post(storage, "a", "b0", 1);
        Notes.post(storage, "ab", "0", 2);
        Notes.post(storage, "\ud800", "0", 3);
        Notes.post(storage, "\ud801", "0", 4);
        assertThat(answers.list().get("runs").findValuesAsText("id")).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void recordsThatCannotBeReadAreLeftOut() {
        Notes.post(storage, "a", "0", 1, 13, 2, 13);
        JsonNode run = answers.list().get("runs").get(0);
        assertThat(data(run.get("id").textValue()).get("x").toString()).isEqualTo("[1,3]");
    }

    @Test
    void longHistoriesAreReadInParts() {
        Notes.post(
                storage,
                "long",
                "0",
                IntStream.range(0, 12_000).mapToDouble(i -> i % 3).toArray());
        String id = answers.list().get("runs").get(0).get("id").textValue();
        JsonNode first = data(id);
        assertThat(first.get("more").booleanValue()).isTrue();
        assertThat(first.get("rows").intValue()).isBetween(1, 11_999);
        data(id);
        JsonNode last = data(id);
        assertThat(last.get("more").booleanValue()).isFalse();
        assertThat(last.get("rows").intValue()).isEqualTo(12_000);
    }

    @Test
    void recordsAndStaticInformationAreThereForEndpoints() {
        Notes.post(storage, "a", "w", 5, 6);
        Run run = runs.find(answers.list().get("runs").get(0).get("id").textValue());
        assertThat(run.times()).containsExactly(1L, 2L);
        assertThat(run.update(2)).contains(new Notes("a", "w", 2, 6));
        assertThat(run.update(3)).isEmpty();
        assertThat(run.staticInfo()).contains(new Notes("a", "w", 0, -1));
        assertThat(run.worker()).isEqualTo("w");
        assertThat(run).isEqualTo(runs.find(run.id())).hasSameHashCodeAs(runs.find(run.id()));
    }

    @Test
    void longNamesAreShortenedBetweenCharacters() {
        Notes.post(storage, "x".repeat(199) + "\ud83d\udc4d".repeat(100), "0", 1);
        JsonNode run = answers.list().get("runs").get(0);
        assertThat(run.get("session").textValue()).isEqualTo("x".repeat(199) + "…");
        assertThat(run.get("overview").textValue())
                .isEqualTo("/notes/train?run=" + run.get("id").textValue());
    }

    @Test
    void theWayToATrainingIsSafe() {
        assertThat(Answers.training("a b/c\ud83d\udc4d", true)).isEqualTo("/train/a%20b%2Fc%F0%9F%91%8D/overview");
        assertThat(Answers.training("..", true)).isEqualTo("/train");
        assertThat(Answers.training("y".repeat(5000), true)).isEqualTo("/train");
        assertThat(Answers.training("a", false)).isEqualTo("/train/overview");
    }

    @Test
    void atMostTwoHundredRunsAreListed() {
        IntStream.range(0, 201).forEach(i -> Notes.post(storage, "session " + i, "0", 1));
        JsonNode list = answers.list();
        assertThat(list.get("runs")).hasSize(200);
        assertThat(list.get("truncated").booleanValue()).isTrue();
        list.get("runs").forEach(run -> data(run.get("id").textValue()));
    }

    /** Counts what goes through all records, as DL4J's collections do to list types or workers of one session. */
    private static final class Counting extends InMemoryStatsStorage {
        private int scans;
        private int lookUps;

        @Override
        public List<String> listSessionIDs() {
            scans++;
            return super.listSessionIDs();
        }

        @Override
        public List<String> listTypeIDsForSession(String session) {
            scans++;
            return super.listTypeIDsForSession(session);
        }

        @Override
        public List<String> listWorkerIDsForSession(String session) {
            scans++;
            return super.listWorkerIDsForSession(session);
        }

        @Override
        public List<String> listWorkerIDsForSessionAndType(String session, String type) {
            scans++;
            return super.listWorkerIDsForSessionAndType(session, type);
        }

        @Override
        public StorageMetaData getStorageMetaData(String session, String type) {
            lookUps++;
            return super.getStorageMetaData(session, type);
        }

        @Override
        public Persistable getStaticInfo(String session, String type, String worker) {
            lookUps++;
            return super.getStaticInfo(session, type, worker);
        }
    }

    /** Sessions of other types, such as those of DL4J's own listener, among them. */
    @Test
    void theListOfRunsIsLinearInTheNumberOfSessions() {
        int sessions = 10_000;
        Counting many = new Counting();
        for (int i = 0; i < sessions; i++) {
            Notes.post(many, "session " + i, "0", 1);
            many.putStaticInfo(new Notes("others", "other " + i, "0", 0, 0));
        }
        runs.attach(many);
        for (int request = 1; request <= 2; request++) {
            JsonNode list = answers.list();
            assertThat(list.get("runs")).hasSize(200);
            assertThat(list.get("truncated").booleanValue()).isTrue();
            assertThat(many.scans).isEqualTo(201 * request);
            assertThat(many.lookUps).isEqualTo(2 * sessions * request + 200);
        }
    }

    @Test
    void badQuestionsAreRefused() {
        Notes.post(storage, "a", "0", 1);
        String id = answers.list().get("runs").get(0).get("id").textValue();
        assertThatThrownBy(() -> answers.answer("data", new Query(Map.of("run", "0000"))))
                .hasMessageContaining("no such run");
        assertThatThrownBy(() -> answers.answer("data", new Query(Map.of())))
                .hasMessageContaining("\"run\" is missing");
        assertThatThrownBy(() -> answers.answer("other", new Query(Map.of("run", id))))
                .hasMessageContaining("no such question");
        assertThatThrownBy(() -> answers.answer("data", new Query(Map.of("run", id, "min", "2", "max", "1"))))
                .hasMessageContaining("min must not be greater");
        assertThatThrownBy(() -> answers.answer("data", new Query(Map.of("run", id, "min", "2"))))
                .hasMessageContaining("\"max\" is missing");
    }

    /** As a storage is that holds a record of a later version: whoever asks for it is told so, be it among others. */
    private static final class WithLaterVersion extends InMemoryStatsStorage {
        @Override
        public List<Persistable> getUpdates(String session, String type, String worker, long[] times) {
            if (LongStream.of(times).anyMatch(time -> time == 2)) {
                throw new UncheckedIOException(new IOException("version is 2; this library reads 1"));
            }
            return super.getUpdates(session, type, worker, times);
        }

        @Override
        public Persistable getStaticInfo(String session, String type, String worker) {
            throw new UncheckedIOException(new IOException("version is 2; this library reads 1"));
        }
    }

    @Test
    void recordsThatNobodyCanDecodeDoNotHideTheOthers() {
        StatsStorage later = new WithLaterVersion();
        runs.attach(later);
        Notes.post(later, "a", "0", 5, 6, 7);
        Notes.post(later, "b", "0", 8);
        JsonNode list = answers.list().get("runs");
        assertThat(list).hasSize(2);
        String id = list.findValuesAsText("id").stream()
                .filter(run -> runs.find(run).session().equals("a"))
                .findFirst()
                .orElseThrow();
        assertThat(data(id).get("columns").get("value").toString()).isEqualTo("[5.0,7.0]");
        assertThat(data(id).get("more").booleanValue()).isFalse();
        assertThat(runs.find(id).staticInfo()).isEmpty();
        assertThat(runs.find(id).update(2)).isEmpty();
        assertThat(runs.find(id).update(3)).isPresent();
    }

    /** A storage whose file another process has locked. */
    private static final class Locked extends InMemoryStatsStorage {
        private boolean locked = true;

        @Override
        public List<Persistable> getUpdates(String session, String type, String worker, long[] times) {
            if (locked) {
                throw new IllegalStateException("database is locked");
            }
            return super.getUpdates(session, type, worker, times);
        }
    }

    @Test
    void whatCannotBeReadNowIsReadLater() {
        Locked locked = new Locked();
        runs.attach(locked);
        Notes.post(locked, "a", "0", 5, 6);
        String id = answers.list().get("runs").get(0).get("id").textValue();
        assertThatThrownBy(() -> data(id)).hasMessage("database is locked");
        locked.locked = false;
        assertThat(data(id).get("columns").get("value").toString()).isEqualTo("[5.0,6.0]");
    }

    private static final class Closing extends InMemoryStatsStorage {
        private boolean closed;

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public int getNumUpdateRecordsFor(String session, String type, String worker) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            return super.getNumUpdateRecordsFor(session, type, worker);
        }
    }

    @Test
    void whatWasReadStaysWhenAStorageIsClosed() {
        Closing closing = new Closing();
        runs.attach(closing);
        Notes.post(closing, "looked at", "0", 5, 6);
        Notes.post(closing, "never looked at", "0", 7);
        String id = answers.list().get("runs").findValuesAsText("id").stream()
                .filter(run -> runs.list().stream()
                        .anyMatch(entry ->
                                entry.id().equals(run) && entry.session().equals("looked at")))
                .findFirst()
                .orElseThrow();
        JsonNode before = data(id);
        assertThat(runs.find(id).times()).containsExactly(1L, 2L);
        closing.closed = true;
        assertThat(data(id)).isEqualTo(before);
        assertThat(runs.find(id).times()).containsExactly(1L, 2L);
        assertThat(answers.list().get("runs").findValuesAsText("session")).containsExactly("looked at");
        assertThatThrownBy(() -> runs.find(id).update(1)).hasMessageContaining("was closed");
    }
}
