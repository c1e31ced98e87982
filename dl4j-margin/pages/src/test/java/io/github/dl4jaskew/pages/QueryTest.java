package io.github.dl4jaskew.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {

    private static Query of(String value) {
        return new Query(Map.of("n", value));
    }

    @Test
    void goodNumbersAreRead() {
        assertThat(of("7").whole("n", 0, 9, -1)).isEqualTo(7);
        assertThat(of("7").whole("m", 0, 9, -1)).isEqualTo(-1);
        assertThat(of("-1.5e3").number("n")).isEqualTo(-1500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "10", "1.5", "x", "99999999999999999999", "0x1", "NaN", "<b>"})
    void otherWholeNumbersAreRefused(String value) {
        assertThatThrownBy(() -> of(value).whole("n", 0, 9, 0))
                .isInstanceOf(BadQueryException.class)
                .hasMessage("the parameter \"n\" is \"" + value + "\"; it must be a whole number from 0 to 9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NaN", "Infinity", "1e999", "x"})
    void otherNumbersAreRefused(String value) {
        assertThatThrownBy(() -> of(value).number("n"))
                .isInstanceOf(BadQueryException.class)
                .hasMessageContaining("finite");
    }

    @Test
    void longValuesAreQuotedInPart() {
        assertThatThrownBy(() -> of("9".repeat(10_000)).number("n")).message().hasSizeLessThan(150);
        assertThatThrownBy(() -> of("").text("m")).hasMessage("the parameter \"m\" is missing");
    }

    @Test
    void reportsAndScriptsWriteQueriesInTheSameWay() {
        assertThat(Query.parse("b=2&a=1").with("run", "r").canonical()).isEqualTo("a=1&b=2&run=r");
        assertThat(Query.parse("").canonical()).isEmpty();
        assertThatThrownBy(() -> Query.parse("a")).hasMessageContaining("name=value");
    }
}
