package io.github.dl4jaskew.margin.ui.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.jackson.databind.JsonNode;

class AnswersTest {

    private final StatsStorage storage = new InMemoryStatsStorage();
    private final Runs runs = new Runs(Notes.READER, new Once());
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
        JsonNode list = answers.list(false).get("runs");
        assertThat(list).hasSize(4);
        assertThat(list.findValuesAsText("id")).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{16}"));
        assertThat(list.findValues("id").stream()
                        .map(id ->
                                data(id.textValue()).get("columns").get("value").toString()))
                .containsExactlyInAnyOrder("[1.0,2.0]", "[3.0]", "[4.0]", "[5.0]");
        runs.detach(other);
        assertThat(answers.list(false).get("runs")).hasSize(3);
    }

    @Test
    void namesThatCouldBeTakenForEachOtherAreNot() {
        Notes.post(storage, "a", "b0", 1);
        Notes.post(storage, "ab", "0", 2);
        Notes.post(storage, "\ud800", "0", 3);
        Notes.post(storage, "\ud801", "0", 4);
        assertThat(answers.list(false).get("runs").findValuesAsText("id"))
                .hasSize(4)
                .doesNotHaveDuplicates();
    }

    @Test
    void recordsThatCannotBeReadAreLeftOut() {
        Notes.post(storage, "a", "0", 1, 13, 2, 13);
        JsonNode run = answers.list(false).get("runs").get(0);
        assertThat(data(run.get("id").textValue()).get("x").toString()).isEqualTo("[1,3]");
    }

    @Test
    void longHistoriesAreReadInParts() {
        Notes.post(
                storage,
                "long",
                "0",
                IntStream.range(0, 12_000).mapToDouble(i -> i % 3).toArray());
        String id = answers.list(false).get("runs").get(0).get("id").textValue();
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
        Run run = runs.find(answers.list(false).get("runs").get(0).get("id").textValue());
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
        JsonNode run = answers.list(true).get("runs").get(0);
        assertThat(run.get("session").textValue()).isEqualTo("x".repeat(199) + "…");
        assertThat(run.get("overview").textValue())
                .startsWith("/train/xxx")
                .endsWith("/overview")
                .doesNotContain("\ud83d");
        Notes.post(storage, "y".repeat(5000), "0", 1);
        assertThat(answers.list(true).get("runs").findValuesAsText("overview")).contains("/train");
        assertThat(answers.list(false).get("runs").findValuesAsText("overview")).containsOnly("/train/overview");
    }

    @Test
    void atMostTwoHundredRunsAreListed() {
        IntStream.range(0, 201).forEach(i -> Notes.post(storage, "session " + i, "0", 1));
        JsonNode list = answers.list(false);
        assertThat(list.get("runs")).hasSize(200);
        assertThat(list.get("truncated").booleanValue()).isTrue();
        list.get("runs").forEach(run -> data(run.get("id").textValue()));
    }

    @Test
    void badQuestionsAreRefused() {
        Notes.post(storage, "a", "0", 1);
        String id = answers.list(false).get("runs").get(0).get("id").textValue();
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
}
