package io.github.dl4jaskew.listener;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A receiver of what a listener measures, which cannot end the training: its first failure is warned of, the others are
 * counted. Not thread safe.
 *
 * @param <T> what it receives
 */
final class Delivery<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final String name;
    private final Consumer<? super T> receiver;
    private int attempted;
    private int missed;
    private int firstMissed;
    private int lastMissed;
    private int said;

    Delivery(String name, Consumer<? super T> receiver) {
        this.name = name;
        this.receiver = receiver;
    }

    /** Hands something on; a receiver that throws misses it. */
    void attempt(T item, int iteration) {
        attempted++;
        try {
            receiver.accept(item);
        } catch (RuntimeException e) {
            if (missed == 0) {
                firstMissed = iteration;
                LOG.warn("{} has failed at iteration {}; training continues without its reports", name, iteration, e);
            }
            lastMissed = iteration;
            missed++;
            return;
        }
        sayMissing();
    }

    /** Hands something on. */
    void require(T item) {
        receiver.accept(item);
    }

    /** Warns of what is missing by now, unless that was said before. */
    void sayMissing() {
        if (missed > said) {
            said = missed;
            LOG.warn(
                    "{}: {} of {} reports are missing so far, of iterations {} to {}",
                    name,
                    missed,
                    attempted,
                    firstMissed,
                    lastMissed);
        }
    }

    int missed() {
        return missed;
    }
}
