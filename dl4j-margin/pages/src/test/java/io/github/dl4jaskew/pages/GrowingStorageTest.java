package io.github.dl4jaskew.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;

/** DL4J's list of times has as many as there were at first, of all that came in meanwhile: old ones fall out. */
class GrowingStorageTest {

    private static final class Growing extends InMemoryStatsStorage {
        private int growths;
        private long next;

        Growing(int growths) {
            for (int i = 0; i < 10; i++) {
                grow();
            }
            this.growths = growths;
        }

        private void grow() {
            putUpdate(new Notes("s", "0", ++next, 1));
        }

        @Override
        public long[] getAllUpdateTimes(String session, String type, String worker) {
            if (growths-- <= 0) {
                return super.getAllUpdateTimes(session, type, worker);
            }
            grow();
            // The newest is there, and the third is not.
            return LongStream.rangeClosed(1, next).filter(t -> t != 3).toArray();
        }
    }

    @Test
    void noTimeIsLeftOutWhenRecordsComeInMeanwhile() {
        Growing storage = new Growing(2);
        assertThat(new Records(storage, Notes.TYPE).times("s", "0"))
                .containsExactly(LongStream.rangeClosed(1, 12).toArray());
    }

    @Test
    void norWhenTheyNeverStop() {
        Growing storage = new Growing(Integer.MAX_VALUE);
        long[] times = new Records(storage, Notes.TYPE).times("s", "0");
        assertThat(times).hasSizeGreaterThan(10);
        assertThat(times)
                .containsExactly(LongStream.rangeClosed(1, times.length).toArray());
    }
}
