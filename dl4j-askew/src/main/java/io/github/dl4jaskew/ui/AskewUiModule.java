package io.github.dl4jaskew.ui;

import io.github.dl4jaskew.pages.PageModule;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StatsStorageEvent;
import org.deeplearning4j.ui.api.HttpMethod;
import org.deeplearning4j.ui.api.Route;
import org.deeplearning4j.ui.api.UIModule;
import org.deeplearning4j.ui.i18n.I18NResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How DL4J's server finds the page; made by its service loader, whose server an error here would stop. So without
 * dl4j-margin it still loads, and the page then says what to add. Thread safe.
 */
public final class AskewUiModule implements UIModule {

    private static final Logger LOG = LoggerFactory.getLogger(AskewUiModule.class);

    private final UIModule page;

    /** For the service loader. */
    public AskewUiModule() {
        this(Served::page);
    }

    AskewUiModule(Supplier<UIModule> whole) {
        page = orAdvice(whole);
    }

    private static UIModule orAdvice(Supplier<UIModule> whole) {
        String reason;
        try {
            AskewPage.requireShared();
            return whole.get();
        } catch (IllegalStateException e) {
            reason = String.valueOf(e.getMessage());
        } catch (LinkageError e) {
            reason = "the page /askew needs dl4j-askew and dl4j-margin in the same version: " + e;
        }
        LOG.warn("{}", reason);
        return new Advice(reason);
    }

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

    /** Loaded only where the shared part is there. */
    private static final class Served {

        static UIModule page() {
            return new PageModule(AskewPage.page());
        }
    }

    /** Says what is missing, where the page would be. */
    private record Advice(String text) implements UIModule {

        @Override
        public List<String> getCallbackTypeIDs() {
            return List.of();
        }

        @Override
        public List<Route> getRoutes() {
            return List.of(new Route(
                    "/askew",
                    HttpMethod.GET,
                    (path, context) -> context.response()
                            .setStatusCode(501)
                            .putHeader("Content-Type", "text/plain; charset=utf-8")
                            .end(text)));
        }

        @Override
        public void reportStorageEvents(Collection<StatsStorageEvent> events) {}

        @Override
        public void onAttach(StatsStorage statsStorage) {}

        @Override
        public void onDetach(StatsStorage statsStorage) {}

        @Override
        public List<I18NResource> getInternationalizationResources() {
            return List.of();
        }
    }
}
