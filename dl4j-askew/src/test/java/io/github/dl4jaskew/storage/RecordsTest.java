package io.github.dl4jaskew.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.interval.LevelInterval;
import io.github.dl4jaskew.listener.AskewSnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.deeplearning4j.core.storage.Persistable;
import org.junit.jupiter.api.Test;

class RecordsTest {

    private static final AskewSnapshot SNAPSHOT = Snapshots.of(3).get(2);

    private static final List<Persistable> RECORDS = List.of(
            new AskewRun("session", "worker", 12, SNAPSHOT.plan()),
            new AskewRecord("session", "worker", 12, SNAPSHOT),
            new WeightsRecord("session", "worker", 12, SNAPSHOT));

    private static final List<Supplier<Persistable>> EMPTY =
            List.of(AskewRun::new, AskewRecord::new, WeightsRecord::new);

    @Test
    void headsSurviveEveryWayOfEncoding() throws IOException {
        for (int i = 0; i < RECORDS.size(); i++) {
            Persistable record = RECORDS.get(i);
            ByteBuffer buffer = ByteBuffer.allocate(record.encodingLengthBytes());
            record.encode(buffer);
            buffer.flip();
            Persistable one = EMPTY.get(i).get();
            one.decode(buffer);
            Persistable two = EMPTY.get(i).get();
            two.decode(new ByteArrayInputStream(record.encode()));
            for (Persistable read : List.of(one, two)) {
                assertThat(read.encode()).isEqualTo(record.encode());
                assertThat(List.of(read.getSessionID(), read.getWorkerID(), read.getTypeID(), read.getTimeStamp()))
                        .containsExactly("session", "worker", record.getTypeID(), 12L);
            }
        }
    }

    @Test
    void figuresSurvive() {
        for (AskewSnapshot snapshot : Snapshots.of(3)) {
            AskewRecord read = new AskewRecord();
            read.decode(new AskewRecord("", "", 1, snapshot).encode());
            assertThat(read.report()).isEqualTo(snapshot.report());
            assertThat(read.score()).isEqualTo(snapshot.score());
            assertThat(read.scores()).isEqualTo(snapshot.scores());
        }
    }

    @Test
    void thePlanSurvivesWithBitsAndBytes() {
        AskewRun read = new AskewRun();
        read.decode(RECORDS.get(0).encode());
        assertThat(read.settings()).containsExactly("eps: hold", "stage STEP");
        assertThat(read.parameters())
                .containsExactly(
                        new PlannedParameter(
                                "hidden", "W", List.of(4L, 5L), "ternary", List.of(-1.0, 0.0, 1.0), 5, 0.5, 2, null),
                        new PlannedParameter("hidden", "b", List.of(1L, 5L), "", List.of(), 0, 0, 0, "bias"),
                        new PlannedParameter("drop", "-", List.of(), "", List.of(), 0, 0, 0, "no weights"),
                        new PlannedParameter(
                                "out<put>", "W", List.of(5L, 3L), "binary", List.of(-1.0, 1.0), 1, 0.5, 0.5, null));
        assertThat(read.parameters()).extracting(PlannedParameter::bits).containsExactly(2, 32, 32, 1);
        // 20 ternary codes, five in a byte, and five scales; five floats; nothing; 15 bits and a scale.
        assertThat(read.parameters()).extracting(PlannedParameter::bytes).containsExactly(4L + 20, 20L, 0L, 2L + 4);
    }

    @Test
    void weightsSurviveWithTheirIntervals() {
        WeightsRecord read = new WeightsRecord();
        read.decode(RECORDS.get(2).encode());
        assertThat(read.iteration()).isEqualTo(20);
        assertThat(read.epoch()).isEqualTo(2);
        assertThat(read.epsilon()).isEqualTo(0.25);
        WeightsRecord.Weights hidden = read.parameter("hidden", "W").orElseThrow();
        assertThat(hidden.histogram()).isEqualTo(SNAPSHOT.histograms().get(0));
        assertThat(read.intervals(hidden)).isEqualTo(LevelInterval.of(3, 0.25));
        assertThat(read.parameter("hidden", "b")).isEmpty();
    }

    @Test
    void whatIsStoredIsJsonWithItsKindAndVersion() {
        assertThat(new String(RECORDS.get(1).encode(), StandardCharsets.US_ASCII))
                .startsWith("{\"version\":1,\"kind\":\"AskewRecord\",\"session\":\"session\",\"worker\":\"worker\","
                        + "\"time\":12,\"content\":{\"report\":{\"iteration\":20,\"epoch\":2,");
    }

    @Test
    void foreignAndFutureRecordsAreRefusedWithTheReason() {
        String record = new String(RECORDS.get(1).encode(), StandardCharsets.US_ASCII);
        refuses(record.replace("\"version\":1", "\"version\":9"), "version is 9; this library reads 1");
        refuses(new String(RECORDS.get(2).encode(), StandardCharsets.US_ASCII), "its kind is WeightsRecord");
        refuses("{}", "it has no \"version\"");
        refuses("", "it has no \"version\"");
        refuses(record + "{}", "Trailing token");
        refuses(record.replace("\"epoch\":2", "\"epoch\":2.5"), "Floating-point value (2.5)");
        refuses(record.replace("\"epoch\":2,", ""), "Missing creator property 'epoch'");
        WeightsRecord weights = new WeightsRecord();
        String wide = new String(RECORDS.get(2).encode(), StandardCharsets.US_ASCII)
                .replace("\"epsilon\":0.25", "\"epsilon\":1.25");
        assertThatThrownBy(() -> weights.decode(wide.getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("epsilon is 1.25; allowed are 0 to 1");
    }

    private static void refuses(String json, String reason) {
        AskewRecord record = new AskewRecord();
        assertThatThrownBy(() -> record.decode(json.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("not of the kind AskewRecord: ")
                .hasMessageContaining(reason);
    }

    @Test
    void noPieceOfARecordIsTakenForOne() {
        for (int i = 0; i < RECORDS.size(); i++) {
            byte[] bytes = RECORDS.get(i).encode();
            for (int n = 0; n < bytes.length; n++) {
                byte[] piece = Arrays.copyOf(bytes, n);
                Persistable record = EMPTY.get(i).get();
                assertThatThrownBy(() -> record.decode(piece)).isInstanceOf(UncheckedIOException.class);
            }
        }
    }

    @Test
    void damagedRecordsAreReadOrRefused() {
        Random random = new Random(3);
        for (int i = 0; i < RECORDS.size(); i++) {
            for (int n = 0; n < 2000; n++) {
                byte[] bytes = RECORDS.get(i).encode();
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                try {
                    EMPTY.get(i).get().decode(bytes);
                } catch (UncheckedIOException e) {
                    assertThat(e).hasMessageStartingWith("not of the kind ");
                }
            }
        }
    }
}
