package io.github.dl4jaskew.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PageTest {

    @Test
    void badNamesAreRefused() {
        assertThatThrownBy(() -> Page.builder("a/b", "x")).hasMessageContaining("a/b");
        Page.Builder builder = Page.builder("a", "x").endpoint("plan", (run, query) -> null);
        assertThatThrownBy(() -> builder.endpoint("plan", (run, query) -> null)).hasMessageContaining("plan");
        assertThatThrownBy(() -> builder.endpoint("data", (run, query) -> null)).hasMessageContaining("data");
        assertThatThrownBy(() -> builder.endpoint("A", (run, query) -> null)).hasMessageContaining("a to z");
    }

    @Test
    void aPageNeedsAReaderAndFilesThatAreThere() {
        assertThatThrownBy(() -> Page.builder("a", "x").build()).hasMessageContaining("reader");
        assertThatThrownBy(() -> Page.builder("a", "x")
                        .reader(Notes.READER)
                        .assets(PageTest.class, "assets/", "missing.js")
                        .build())
                .hasMessageContaining("assets/missing.js");
    }

    @Test
    void whereTheUserInterfaceIsMissingTheMessageSaysWhatToAdd() {
        assertThatThrownBy(() -> UiServer.require("org.nothing.There"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("org.deeplearning4j:deeplearning4j-ui:1.0.0-M2.1");
    }

    @Test
    void theLicenceOfTheChartLibraryIsKept() {
        assertThat(PageTest.class.getResource("uplot/LICENSE")).isNotNull();
    }
}
