package io.github.dl4jaskew.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;

class RunTableTest {

    @Test
    void columnsMayBeginLateAndHaveGaps() {
        RunTable table = new RunTable();
        for (int i = 0; i < 200; i++) {
            Row row = new Row().x(i).put("a", i);
            table.append(i >= 100 && i % 2 == 0 ? row.put("b", OptionalDouble.of(-i)) : row);
        }
        double[] late = table.columns().get("b");
        assertThat(late[99]).isNaN();
        assertThat(late[100]).isEqualTo(-100);
        assertThat(late[101]).isNaN();
        assertThat(table.columns().get("a")[199]).isEqualTo(199);
        assertThat(table.rows()).isEqualTo(200);
    }

    @Test
    void whatIsNotFiniteIsMissing() {
        RunTable table = new RunTable();
        table.append(new Row()
                .x(1)
                .put("a", Double.NaN)
                .put("b", Double.NEGATIVE_INFINITY)
                .put("c", OptionalDouble.empty()));
        assertThat(table.columns()).isEmpty();
    }

    @Test
    void iterationsThatBeginAnewGoOnFromThere() {
        RunTable table = new RunTable();
        for (int x : new int[] {1, 2, 3, 1, 2, 7, 5}) {
            table.append(new Row().x(x));
        }
        assertThat(java.util.stream.IntStream.range(0, 7).mapToObj(table::x))
                .containsExactly(1L, 2L, 3L, 4L, 5L, 10L, 11L);
        assertThat(table.restarts()).containsExactly(3L, 10L);
    }

    @Test
    void columnsAreLimited() {
        RunTable table = new RunTable();
        for (int i = 0; i < 2 * RunTable.MAX_COLUMNS; i++) {
            assertThat(table.isCut()).isEqualTo(i > RunTable.MAX_COLUMNS);
            table.append(new Row().x(i).put("column " + i, i));
        }
        assertThat(table.columns()).hasSize(RunTable.MAX_COLUMNS);
    }

    @Test
    void theLatestIsThatOfTheNewestRowThatHasOne() {
        RunTable table = new RunTable();
        table.append(new Row().latest(JsonNodeFactory.instance.textNode("first")));
        table.append(new Row());
        assertThat(String.valueOf(table.latest())).isEqualTo("\"first\"");
    }
}
