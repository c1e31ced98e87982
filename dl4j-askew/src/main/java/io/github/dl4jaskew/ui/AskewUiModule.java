package io.github.dl4jaskew.ui;

import io.github.dl4jaskew.pages.PageModule;

/** How DL4J's server finds the page; made by its service loader. Thread safe. */
public final class AskewUiModule extends PageModule {

    /** For the service loader. */
    public AskewUiModule() {
        super(AskewPage.page());
    }
}
