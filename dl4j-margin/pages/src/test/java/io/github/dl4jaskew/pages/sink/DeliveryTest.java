package io.github.dl4jaskew.pages.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DeliveryTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(Delivery.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<Integer> received = new ArrayList<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private List<String> messages() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** Refuses the items that are not even. */
    private Delivery<Integer> even() {
        return new Delivery<>("file x.csv", item -> {
            if (item % 2 != 0) {
                throw new IllegalStateException("odd");
            }
            received.add(item);
        });
    }

    @Test
    void deliversWithoutAWord() {
        Delivery<Integer> delivery = even();
        delivery.attempt(2, 10);
        delivery.attempt(4, 20);
        delivery.reportMissed();
        assertThat(received).containsExactly(2, 4);
        assertThat(delivery.missed()).isZero();
        assertThat(messages()).isEmpty();
    }

    @Test
    void theFirstFailureIsLoggedAndTheOthersAreCounted() {
        Delivery<Integer> delivery = even();
        delivery.attempt(2, 10);
        delivery.attempt(3, 20);
        delivery.attempt(5, 30);
        assertThat(messages())
                .containsExactly("file x.csv has failed at iteration 20; training continues without its reports");
        assertThat(log.list.get(0).getThrowableProxy().getMessage()).isEqualTo("odd");
        assertThat(delivery.missed()).isEqualTo(2);
    }

    @Test
    void whatWasMissedIsReportedOnceTheReceiverIsBack() {
        Delivery<Integer> delivery = even();
        delivery.attempt(3, 20);
        delivery.attempt(5, 30);
        delivery.attempt(6, 40);
        delivery.attempt(8, 50);
        delivery.reportMissed();
        assertThat(received).containsExactly(6, 8);
        assertThat(messages().subList(1, messages().size()))
                .containsExactly("file x.csv: 2 of 3 reports are missing so far, of iterations 20 to 30");
        delivery.attempt(7, 60);
        delivery.reportMissed();
        assertThat(messages().get(2))
                .isEqualTo("file x.csv: 3 of 5 reports are missing so far, of iterations 20 to 60");
    }

    @Test
    void whatIsRequiredFails() {
        Delivery<Integer> delivery = even();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> delivery.require(3))
                .withMessage("odd");
        delivery.require(4);
        assertThat(received).containsExactly(4);
        assertThat(delivery.missed()).isZero();
        assertThat(messages()).isEmpty();
    }
}
