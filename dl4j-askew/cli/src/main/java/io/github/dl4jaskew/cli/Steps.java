package io.github.dl4jaskew.cli;

import java.io.IOException;
import me.tongfei.progressbar.ProgressBar;

/** A progress bar of a few steps that differ in length, each named while it is under way. */
final class Steps implements AutoCloseable {

    /** One step. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws IOException;
    }

    private final ProgressBar bar;

    Steps(String task, int count) {
        bar = Terminal.progressBar(task, count);
    }

    <T> T run(String name, Step<T> step) throws IOException {
        bar.setExtraMessage(name);
        bar.refresh();
        T result = step.run();
        bar.step();
        return result;
    }

    @Override
    public void close() {
        bar.setExtraMessage("");
        bar.close();
    }
}
