package io.github.dl4jaskew.margin.ui;

import io.github.dl4jaskew.pages.PageModule;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StatsStorageEvent;
import org.deeplearning4j.ui.api.Route;
import org.deeplearning4j.ui.api.UIModule;
import org.deeplearning4j.ui.i18n.I18NResource;

/** How DL4J's server finds the page; made by its service loader. Thread safe. */
public final class MarginUiModule implements UIModule {

    private final UIModule page = new PageModule(MarginPage.page());

    /** For the service loader. */
    public MarginUiModule() {}

    @Override
    public List<String> getCallbackTypeIDs() {
        return page.getCallbackTypeIDs();
    }

    @Override
    public List<Route> getRoutes() {
        return page.getRoutes();
    }

    @Override
    public void reportStorageEvents(Collection<StatsStorageEvent> events) {
        page.reportStorageEvents(events);
    }

    @Override
    public void onAttach(StatsStorage statsStorage) {
        page.onAttach(statsStorage);
    }

    @Override
    public void onDetach(StatsStorage statsStorage) {
        page.onDetach(statsStorage);
    }

    @Override
    public List<I18NResource> getInternationalizationResources() {
        return page.getInternationalizationResources();
    }
}
