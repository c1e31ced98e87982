package io.github.dl4jaskew.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.interval.LevelInterval;
import io.github.dl4jaskew.listener.AskewSnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.deeplearning4j.core.storage.Persistable;
import org.junit.jupiter.api.Test;

class RecordsTest {

    private static final AskewSnapshot SNAPSHOT = Snapshots.of(3).get(2);

    private static final List<Persistable> RECORDS = List.of(
            new AskewMetaData("session", "worker", 12, WeightsRecord.TYPE),
            new AskewRun("session", "worker", 12, SNAPSHOT.plan()),
            new AskewRecord("session", "worker", 12, SNAPSHOT),
            new WeightsRecord("session", "worker", 12, SNAPSHOT));

    private static final List<Supplier<Persistable>> EMPTY =
            List.of(AskewMetaData::new, AskewRun::new, AskewRecord::new, WeightsRecord::new);

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
        read.decode(RECORDS.get(1).encode());
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
        read.decode(RECORDS.get(3).encode());
        assertThat(read.iteration()).isEqualTo(20);
        assertThat(read.epoch()).isEqualTo(2);
        assertThat(read.epsilon()).isEqualTo(0.25);
        WeightsRecord.Weights hidden = read.parameter("hidden", "W").orElseThrow();
        assertThat(hidden.histogram()).isEqualTo(SNAPSHOT.histograms().get(0));
        assertThat(read.intervals(hidden)).isEqualTo(LevelInterval.of(3, 0.25));
        assertThat(read.parameter("hidden", "b")).isEmpty();
    }

    @Test
    void metaDataNameTheClassesOfTheirType() {
        AskewMetaData read = new AskewMetaData();
        read.decode(RECORDS.get(0).encode());
        assertThat(read.getTypeID()).isEqualTo(WeightsRecord.TYPE);
        assertThat(read.getUpdateTypeClass()).isEqualTo(WeightsRecord.class.getName());
        assertThat(read.getInitTypeClass()).isEqualTo(WeightsRecord.class.getName());
        assertThat(read.getExtraMetaData()).isNull();
        AskewMetaData reports = new AskewMetaData("", "", 1, AskewRecord.TYPE);
        assertThat(reports.getInitTypeClass()).isEqualTo(AskewRun.class.getName());
        assertThat(reports.getUpdateTypeClass()).isEqualTo(AskewRecord.class.getName());
        assertThatIllegalArgumentException().isThrownBy(() -> new AskewMetaData("", "", 1, "x"));
    }

    @Test
    void foreignAndFutureRecordsAreRefusedWithTheReason() {
        byte[] future = RECORDS.get(2).encode();
        future[1] = 9;
        refuses(new AskewRecord(), future, "version is 9; this library reads 1");
        refuses(new AskewRecord(), RECORDS.get(3).encode(), "its kind is 4; that of REPORT is 3");
        refuses(new AskewRecord(), new byte[] {77}, "its kind is 77; that of REPORT is 3");
        refuses(new AskewRecord(), new byte[0], "it ends too early");
        byte[] longer =
                Arrays.copyOf(RECORDS.get(2).encode(), 1 + RECORDS.get(2).encodingLengthBytes());
        refuses(new AskewRecord(), longer, "1 bytes follow its end");
        // A text of 2^62 bytes.
        byte[] huge = {3, 1, -1, -1, -1, -1, -1, -1, -1, -1, 63};
        refuses(new AskewRecord(), huge, "length of a text is 4611686018427387903; allowed are 0 to 0");
        byte[] endless = {3, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
        refuses(new AskewRecord(), endless, "a number has more than 63 bits");
        refuses(new AskewRecord(), new byte[] {3, 1, 1, -1, 0}, "a text is not in UTF-8");
    }

    private static void refuses(Persistable record, byte[] bytes, String reason) {
        assertThatThrownBy(() -> record.decode(bytes))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("not a record of AskewListener: " + reason);
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
                    assertThat(e).hasMessageStartingWith("not a record of AskewListener: ");
                }
            }
        }
    }
}
