package io.github.dl4jaskew.pages.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonRecordTest {

    private static final String HALF = "\ud800 \u0000\n\"<\u00fc>";

    /** Public, as storages make records by reflection. */
    public static final class Reading extends JsonRecord<Reading.Values> {

        private static final long serialVersionUID = 1;

        public record Values(String name, List<Double> numbers) {}

        public Reading() {
            super("readings", "", "", 0, Values.class, new Values("", List.of()));
        }

        Reading(Values values) {
            super("readings", HALF, "w'", 12, Values.class, values);
        }

        Values values() {
            return content();
        }
    }

    private static final Reading READING = new Reading(new Reading.Values(
            HALF, List.of(0.1, -0.0, Double.MIN_VALUE, 1e300, Double.NaN, Double.NEGATIVE_INFINITY, 3.0)));

    @Test
    void everythingSurvivesEveryWayOfEncoding() throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(READING.encodingLengthBytes());
        READING.encode(buffer);
        buffer.flip();
        Reading one = new Reading();
        one.decode(buffer);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        READING.encode(out);
        Reading two = new Reading();
        two.decode(new ByteArrayInputStream(out.toByteArray()));
        ByteArrayOutputStream objects = new ByteArrayOutputStream();
        try (ObjectOutputStream serialized = new ObjectOutputStream(objects)) {
            serialized.writeObject(READING);
        }
        Reading three = (Reading) new ObjectInputStream(new ByteArrayInputStream(objects.toByteArray())).readObject();
        for (Reading read : List.of(one, two, three)) {
            assertThat(read.values()).isEqualTo(READING.values());
            assertThat(read.encode()).isEqualTo(READING.encode());
            assertThat(List.of(read.getSessionID(), read.getWorkerID(), read.getTypeID(), read.getTimeStamp()))
                    .containsExactly(HALF, "w'", "readings", 12L);
        }
    }

    @Test
    void metaDataNameTheClassesOfTheirType() {
        RecordMetaData read = new RecordMetaData();
        read.decode(new RecordMetaData("s", "w", 12, "readings", Reading.class, Reading.class).encode());
        assertThat(List.of(read.getSessionID(), read.getWorkerID(), read.getTypeID(), read.getTimeStamp()))
                .containsExactly("s", "w", "readings", 12L);
        assertThat(read.getInitTypeClass()).isEqualTo(Reading.class.getName());
        assertThat(read.getUpdateTypeClass()).isEqualTo(Reading.class.getName());
        assertThat(read.getExtraMetaData()).isNull();
    }

    @Test
    void noPieceOfARecordIsTakenForOne() {
        byte[] bytes = READING.encode();
        for (int n = 0; n < bytes.length; n++) {
            byte[] piece = Arrays.copyOf(bytes, n);
            assertThatThrownBy(() -> new Reading().decode(piece))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(IOException.class)
                    .hasMessageStartingWith("not of the kind Reading: ");
        }
    }

    @Test
    void damagedRecordsAreReadOrRefused() {
        Random random = new Random(3);
        for (int n = 0; n < 5000; n++) {
            byte[] bytes = READING.encode();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                new Reading().decode(bytes);
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageStartingWith("not of the kind Reading: ");
            }
        }
    }

    @Test
    void deepNestingIsRefused() {
        byte[] deep = "[".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> new Reading().decode(deep)).isInstanceOf(UncheckedIOException.class);
    }
}
