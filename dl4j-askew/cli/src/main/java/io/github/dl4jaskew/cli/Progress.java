package io.github.dl4jaskew.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Map;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;

/** The progress of a program on standard error: a bar on a terminal, a plain line every ten seconds elsewhere. */
public final class Progress {

    private static final int PLAIN_INTERVAL_MILLIS = 10_000;

    private Progress() {}

    /**
     * Begins to show progress.
     *
     * @param task what is done, in a few words
     * @param steps how many steps it has
     * @return the progress, to be stepped and closed
     */
    public static ProgressBar of(String task, long steps) {
        return isTerminal() ? bar(task, steps, System.getenv()) : lines(task, steps, System.err);
    }

    /** Without colours if the environment asks for none (no-color.org). */
    private static ProgressBar bar(String task, long steps, Map<String, String> environment) {
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(plain ? ProgressBarStyle.ASCII : ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .build();
    }

    static ProgressBar lines(String task, long steps, PrintStream out) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setUpdateIntervalMillis(PLAIN_INTERVAL_MILLIS)
                .setRenderer((state, length) -> line(state))
                .setConsumer(new DelegatingProgressBarConsumer(new Changes(out)::print))
                .build();
    }

    private static String line(ProgressState state) {
        String what = state.getExtraMessage().isBlank()
                ? ""
                : " (" + state.getExtraMessage().strip() + ")";
        return state.getTaskName() + ": " + state.getCurrent() + " of " + state.getMax() + what;
    }

    /** Prints what differs from the line before. */
    private static final class Changes {

        private final PrintStream out;
        private String last = "";

        Changes(PrintStream out) {
            this.out = out;
        }

        synchronized void print(String line) {
            if (!line.equals(last)) {
                out.println(line);
                last = line;
            }
        }
    }

    /** From Java 22 on there is a console without a terminal too, which says so itself. */
    @SuppressWarnings("SystemConsoleNull") // from there on it is asked
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
