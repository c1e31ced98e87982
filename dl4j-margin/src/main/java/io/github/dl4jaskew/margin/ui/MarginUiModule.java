package io.github.dl4jaskew.margin.ui;

import io.github.dl4jaskew.pages.PageModule;

/** How DL4J's server finds the page; made by its service loader. Thread safe. */
public final class MarginUiModule extends PageModule {

    /** For the service loader. */
    public MarginUiModule() {
        super(MarginPage.page());
    }
}
