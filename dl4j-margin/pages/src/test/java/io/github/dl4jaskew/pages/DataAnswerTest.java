package io.github.dl4jaskew.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.jackson.databind.JsonNode;

class DataAnswerTest {

    private static final int BUCKETS = 300;

    /** What a page keeps of the answers, as its script does. */
    private static final class Client {
        private final List<String> x = new ArrayList<>();
        private final List<String> y = new ArrayList<>();
        private int sealed;
        private int after;
        private int level = -1;

        int ask(RunTable table) {
            JsonNode answer = new DataAnswer(table, BUCKETS).since(after, level);
            if (answer.get("reset").booleanValue()) {
                sealed = 0;
            }
            replace(x, answer.get("x"));
            replace(y, answer.get("columns").get("y"));
            sealed += answer.get("sealed").intValue();
            after = answer.get("next").intValue();
            level = answer.get("level").intValue();
            return answer.get("x").size();
        }

        private void replace(List<String> to, JsonNode values) {
            to.subList(sealed, to.size()).clear();
            values.forEach(value -> to.add(value.toString()));
        }
    }

    private static void append(RunTable table, int from, int to, Random random) {
        for (int i = from; i < to; i++) {
            Row row = new Row().x(i);
            if (i % 7 != 0) {
                row.put("y", random.nextGaussian());
            }
            table.append(row);
        }
    }

    @Test
    void incrementsAddUpToWhatAnsweringAtOnceGives() {
        RunTable table = new RunTable();
        Client client = new Client();
        Random random = new Random(1);
        int rows = 0;
        long sent = 0;
        while (rows < 20_000) {
            int more = rows + 1 + random.nextInt(60);
            append(table, rows, more, random);
            rows = more;
            sent += client.ask(table);
            Client fresh = new Client();
            fresh.ask(table);
            assertThat(client.x).isEqualTo(fresh.x);
            assertThat(client.y).isEqualTo(fresh.y);
            assertThat(client.x.size()).isLessThanOrEqualTo(2 * BUCKETS);
        }
        assertThat(sent).as("points sent for %d rows", rows).isLessThan(rows);
    }

    @Test
    void shortRunsAreExact() {
        RunTable table = new RunTable();
        append(table, 0, 100, new Random(1));
        JsonNode answer = new DataAnswer(table, BUCKETS).since(0, -1);
        assertThat(answer.get("x")).hasSize(100);
        assertThat(answer.get("columns").get("y").get(0).isNull()).isTrue();
        for (int i = 1; i < 7; i++) {
            assertThat(answer.get("columns").get("y").get(i).doubleValue())
                    .isEqualTo(table.columns().get("y")[i]);
        }
    }

    @Test
    void extremesOfLongRunsStayInTheOrderInWhichTheyOccur() {
        RunTable table = new RunTable();
        for (int i = 0; i < 10_000; i++) {
            table.append(new Row().x(i).put("y", i == 5000 ? 9 : i == 5001 ? -9 : 0));
        }
        List<Double> values = new ArrayList<>();
        new DataAnswer(table, BUCKETS).since(0, -1).get("columns").get("y").forEach(v -> values.add(v.doubleValue()));
        assertThat(values.indexOf(9.0)).isEqualTo(values.indexOf(-9.0) - 1).isNotNegative();
    }

    @Test
    void numbersOutOfAFloatsRangeStay() {
        RunTable table = new RunTable();
        for (int i = 0; i < 10_000; i++) {
            table.append(new Row().x(i).put("y", i % 2 == 0 ? 1e-300 : 1e300));
        }
        JsonNode y = new DataAnswer(table, BUCKETS).since(0, -1).get("columns").get("y");
        assertThat(y.get(y.size() - 1).doubleValue()).isEqualTo(1e300);
        assertThat(y.get(y.size() - 2).doubleValue()).isEqualTo(1e-300);
    }

    @Test
    void aRangeIsSentWithOneRowOnEitherSide() {
        RunTable table = new RunTable();
        for (int i = 0; i < 10_000; i++) {
            table.append(new Row().x(10L * i).put("y", i));
        }
        JsonNode answer = new DataAnswer(table, BUCKETS).between(1005, 1040);
        assertThat(answer.get("x").toString()).isEqualTo("[1000,1010,1020,1030,1040,1050]");
        assertThat(answer.get("columns").get("y").toString()).isEqualTo("[100.0,101.0,102.0,103.0,104.0,105.0]");
        assertThat(new DataAnswer(table, BUCKETS).between(-1e9, 1e9).get("x").size())
                .isLessThanOrEqualTo(2 * BUCKETS);
        assertThat(new DataAnswer(table, BUCKETS).between(2e9, 3e9).get("x")).hasSize(1);
        assertThat(new DataAnswer(new RunTable(), BUCKETS).between(0, 1).get("x"))
                .isEmpty();
    }

    @Test
    void whoAsksForWhatIsNotThereBeginsAnew() {
        RunTable table = new RunTable();
        append(table, 0, 2000, new Random(1));
        DataAnswer answers = new DataAnswer(table, BUCKETS);
        int level = answers.since(0, -1).get("level").intValue();
        assertThat(answers.since(0, level).get("reset").booleanValue()).isFalse();
        assertThat(answers.since(5000, level).get("reset").booleanValue()).isTrue();
        assertThat(answers.since(1999, level).get("reset").booleanValue()).isTrue();
        assertThat(answers.since(0, level + 1).get("reset").booleanValue()).isTrue();
    }
}
