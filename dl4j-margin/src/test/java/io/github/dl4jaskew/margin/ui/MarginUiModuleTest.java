package io.github.dl4jaskew.margin.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import org.deeplearning4j.ui.api.Route;
import org.deeplearning4j.ui.api.UIModule;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;

class MarginUiModuleTest {

    @Test
    void dl4jsServerFindsThePage() {
        assertThat(StreamSupport.stream(ServiceLoader.load(UIModule.class).spliterator(), false))
                .hasAtLeastOneElementOfType(MarginUiModule.class);
    }

    @Test
    void itServesThePageAndItsQuestions() {
        UIModule module = new MarginUiModule();
        assertThat(module.getRoutes()).extracting(Route::getRoute).contains("/margin", "/margin/api/:question");
        assertThat(module.getCallbackTypeIDs()).isEmpty();
        assertThat(module.getInternationalizationResources()).isEmpty();
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        module.onAttach(storage);
        module.reportStorageEvents(List.of());
        module.onDetach(storage);
    }
}
