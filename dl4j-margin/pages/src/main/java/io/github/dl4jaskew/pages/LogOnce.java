package io.github.dl4jaskew.pages;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what went wrong, once for each kind: pages ask every second. Thread safe. */
final class LogOnce {

    private static final Logger LOG = LoggerFactory.getLogger(LogOnce.class);
    private static final int MAX_KINDS = 1000;

    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    void warn(String what, Throwable cause) {
        if (warned.size() < MAX_KINDS && warned.add(what + cause.getClass().getName())) {
            LOG.warn("{}; further ones are not logged", what, cause);
        }
    }
}
