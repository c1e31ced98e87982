package io.github.dl4jaskew.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketsTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 8})
    void bucketsFollowEachOtherWithoutGapsAndAreCounted(int level) {
        int row = 0;
        long count = 0;
        for (int rows = 1; rows <= 5000; rows++) {
            if (row < rows) {
                assertThat(Buckets.isBorder(row, level)).isTrue();
                row += Buckets.width(row, level);
                count++;
            }
            assertThat(Buckets.count(rows, level)).as("%d rows", rows).isEqualTo(count);
        }
        assertThat(Buckets.count(0, level)).isZero();
    }

    @Test
    void widthsDoubleWithTheRowUpToTheLevels() {
        assertThat(Buckets.width(0, 20)).isEqualTo(1);
        assertThat(Buckets.width(31, 20)).isEqualTo(1);
        assertThat(Buckets.width(32, 20)).isEqualTo(2);
        assertThat(Buckets.width(1 << 15, 20)).isEqualTo(1 << 11);
        assertThat(Buckets.width(1 << 15, 4)).isEqualTo(16);
        assertThat(Buckets.width(1 << 15, 0)).isEqualTo(1);
    }

    @Test
    void theLevelIsTheSmallestThatKeepsTheBucketsFew() {
        assertThat(Buckets.level(768, 768)).isZero();
        int level = Buckets.level(100_000, 768);
        assertThat(Buckets.count(100_000, level)).isLessThanOrEqualTo(768);
        assertThat(Buckets.count(100_000, level - 1)).isGreaterThan(768);
        assertThat(Buckets.count(Integer.MAX_VALUE, Buckets.level(Integer.MAX_VALUE, 768)))
                .isLessThanOrEqualTo(1000);
    }

    @Test
    void extremesAreFoundAmongMissingNumbers() {
        double[] values = {Double.NaN, 3, -1, Double.NaN, 7, -1};
        assertThat(Buckets.lowest(values, 0, 6)).isEqualTo(2);
        assertThat(Buckets.highest(values, 0, 6)).isEqualTo(4);
        assertThat(Buckets.highest(values, 0, 3)).isEqualTo(1);
        assertThat(Buckets.lowest(values, 3, 4)).isEqualTo(-1);
        assertThat(Buckets.highest(values, 0, 1)).isEqualTo(-1);
    }
}
