package io.github.dl4jaskew.pages;

/** How DL4J's server finds the page of these tests. */
public final class NotesUiModule extends PageModule {

    public NotesUiModule() {
        super(Notes.page());
    }
}
