package io.github.dl4jaskew.cli;

import java.io.Console;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Where a person looks on. */
final class Terminal {

    private Terminal() {}

    /** A bar on the standard error; where that may be a file or another program, none that is seen. */
    static ProgressBar progressBar(String task, long count) {
        return isThere()
                ? new ProgressBar(task, count)
                : new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(count)
                        .setConsumer(new DelegatingProgressBarConsumer(Terminal::drop))
                        .build();
    }

    private static void drop(String line) {}

    /** Java 22 and later have a console that is no terminal. */
    @SuppressWarnings("SystemConsoleNull") // before Java 22 it is
    static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
