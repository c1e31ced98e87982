package io.github.dl4jaskew.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Order and size of minibatches. */
class BatchesTest {

    private final DataSet data = new DataSet(
            Nd4j.arange(10).castTo(DataType.FLOAT).reshape(10, 1),
            Nd4j.arange(10).castTo(DataType.FLOAT).reshape(10, 1));

    @Test
    void everyPassHasEveryExampleOnceInAnotherOrder() {
        Batches batches = Batches.shuffled(data, 4, 7);
        List<Double> first = pass(batches);
        batches.reset();
        List<Double> second = pass(batches);
        assertThat(first).containsExactlyInAnyOrder(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0);
        assertThat(second).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
        assertThat(pass(Batches.shuffled(data, 4, 7))).isEqualTo(first);
        assertThat(pass(Batches.shuffled(data, 4, 8))).isNotEqualTo(first);
    }

    @Test
    void withoutShufflingTheOrderStays() {
        Batches batches = Batches.inOrder(data, 4);
        assertThat(batches.count()).isEqualTo(3);
        assertThat(pass(batches)).isSorted();
        assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
        batches.reset();
        assertThat(batches.next().getFeatures().size(0)).isEqualTo(4);
        assertThat(Batches.whole(data).count()).isEqualTo(1);
    }

    @Test
    void aBatchOfNoneIsRefused() {
        assertThatThrownBy(() -> Batches.inOrder(data, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batch is 0");
    }

    private static List<Double> pass(Batches batches) {
        List<Double> seen = new ArrayList<>();
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            assertThat(batch.getFeatures()).isEqualTo(batch.getLabels());
            for (double value : batch.getFeatures().reshape(-1).toDoubleVector()) {
                seen.add(value);
            }
        }
        return seen;
    }
}
