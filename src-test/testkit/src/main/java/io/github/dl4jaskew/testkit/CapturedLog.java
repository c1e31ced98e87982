package io.github.dl4jaskew.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What a class writes to its log until {@link #close}, whatever level the tests log at otherwise; the log has it, too. */
public final class CapturedLog implements AutoCloseable {

    private final Logger logger;

    @Nullable
    private final Level before;

    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    private CapturedLog(Logger logger, Level level) {
        this.logger = logger;
        this.before = logger.getLevel();
        events.start();
        logger.setLevel(level);
        logger.addAppender(events);
    }

    /** Lines of this level and above, by the name of the class that writes them. */
    public static CapturedLog of(String logger, Level level) {
        return new CapturedLog((Logger) LoggerFactory.getLogger(logger), level);
    }

    /** Warnings and errors, by the name of the class that writes them. */
    public static CapturedLog warningsOf(String logger) {
        return of(logger, Level.WARN);
    }

    /** The lines so far, formatted. */
    public List<String> lines() {
        return events.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(events);
        logger.setLevel(before);
    }
}
