package io.github.dl4jaskew.pages;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what went wrong, once for each kind: pages ask every second. Thread safe. */
final class Once {

    private static final Logger LOG = LoggerFactory.getLogger(Once.class);
    private static final int MAX_KINDS = 1000;

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    void warn(String what, Throwable cause) {
        if (told.size() < MAX_KINDS && told.add(what + cause.getClass().getName())) {
            LOG.warn("{}; further ones are not logged", what, cause);
        }
    }
}
