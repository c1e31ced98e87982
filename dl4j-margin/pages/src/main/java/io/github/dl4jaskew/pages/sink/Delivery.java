package io.github.dl4jaskew.pages.sink;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A receiver of what a listener measures, which cannot end the training: its first failure is logged as a warning, the others
 * are counted. Not thread safe.
 *
 * @param <T> what it receives
 */
public final class Delivery<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final String name;
    private final Consumer<? super T> receiver;
    private int attempted;
    private int missed;
    private int firstMissed;
    private int lastMissed;
    private int reported;

    /**
     * Wraps a receiver.
     *
     * @param name for warnings
     * @param receiver to deliver to
     */
    public Delivery(String name, Consumer<? super T> receiver) {
        this.name = name;
        this.receiver = receiver;
    }

    /**
     * Hands something on; a receiver that throws a runtime exception misses it.
     *
     * @param item to hand on
     * @param iteration of the training, for warnings
     */
    public void attempt(T item, int iteration) {
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
        reportMissed();
    }

    /**
     * Hands something on; what the receiver throws goes to the caller.
     *
     * @param item to hand on
     */
    public void require(T item) {
        receiver.accept(item);
    }

    /** Warns of what has been missed, unless that was reported before. */
    public void reportMissed() {
        if (missed > reported) {
            reported = missed;
            LOG.warn(
                    "{}: {} of {} reports are missing so far, of iterations {} to {}",
                    name,
                    missed,
                    attempted,
                    firstMissed,
                    lastMissed);
        }
    }

    /** {@return how many items the receiver has missed} */
    public int missed() {
        return missed;
    }
}
