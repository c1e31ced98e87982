package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

@Tag("training")
class ParallelWrapperTest {

    @Test
    void workersShareAListener() {
        DataSet data = MarginNets.data(DataType.FLOAT, 32);
        MultiLayerNetwork net = MarginNets.mlp(DataType.FLOAT);
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(data, 8))
                .every(2)
                .iterations()
                .gradients()
                .build();
        net.setListeners(new MarginListener(tracker));
        ParallelWrapper wrapper = new ParallelWrapper.Builder<>(net)
                .workers(2)
                .averagingFrequency(1)
                .prefetchBuffer(2)
                .trainingMode(ParallelWrapper.TrainingMode.AVERAGING)
                .build();
        wrapper.fit(MarginNets.iterator(data, 4));
        wrapper.fit(MarginNets.iterator(data, 4));
        wrapper.shutdown();
        List<Integer> iterations = tracker.history().snapshots().stream()
                .map(MarginSnapshot::iteration)
                .toList();
        assertThat(iterations).isNotEmpty().isSorted().doesNotHaveDuplicates();
        assertThat(tracker.history().snapshots()).allMatch(s -> s.examples() == 32);
    }
}
