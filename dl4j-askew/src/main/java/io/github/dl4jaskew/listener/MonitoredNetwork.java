package io.github.dl4jaskew.listener;

import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.install.MeasuredParameter;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.internal.rule.LevelStatistics;
import io.github.dl4jaskew.packed.ParameterId;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What a listener remembers of one network: its number, the levels of its weights, and a copy to score. */
final class MonitoredNetwork {

    private final int number;
    private final Map<ParameterId, LevelStatistics> censuses = new HashMap<>();
    private @Nullable Model copy;

    MonitoredNetwork(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    LevelStatistics census(MeasuredParameter p) {
        return censuses.computeIfAbsent(
                p.id(), k -> new LevelStatistics(p.weights().length()));
    }

    /** Scores of the data, on a copy: scoring leaves inputs and states behind in a network. */
    @SuppressWarnings("try")
    AskewSnapshot.Scores score(Model network, DataSet data) {
        // The copy outlives the workspace that training may be in.
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return scoreOutside(network, data);
        }
    }

    private AskewSnapshot.Scores scoreOutside(Model network, DataSet data) {
        if (copy == null) {
            copy = Network.of(network).copy().model();
        } else {
            copy.params().assign(network.params());
        }
        Network scored = Network.of(copy);
        double full = scored.score(fresh(data));
        double fullAccuracy = accuracy(scored, data);
        for (InstalledParameter p : InstalledParameter.of(copy)) {
            new ArrayWeights(p.weights())
                    .replaceAll((i, w) -> p.grid().nearest(p.grid().channels().of(i), w));
        }
        return new AskewSnapshot.Scores(full, scored.score(fresh(data)), fullAccuracy, accuracy(scored, data));
    }

    /** An activation layer in front overwrites its input, be it the user's array. */
    private static DataSet fresh(DataSet data) {
        return new DataSet(
                data.getFeatures().dup(), data.getLabels(), data.getFeaturesMaskArray(), data.getLabelsMaskArray());
    }

    /** Share of the examples in which the largest output is that of the class; NaN where labels are no classes or masked. */
    private static double accuracy(Network network, DataSet data) {
        INDArray labels = data.getLabels();
        if (labels.rank() != 2 || labels.columns() < 2 || labels.rows() == 0 || data.getLabelsMaskArray() != null) {
            return Double.NaN;
        }
        INDArray mask = data.getFeaturesMaskArray();
        INDArray[] outputs = network.output(
                new INDArray[] {data.getFeatures().dup()}, mask == null ? null : new INDArray[] {mask}, null);
        INDArray classes = labels.argMax(1);
        return outputs[0]
                .argMax(1)
                .eq(classes)
                .castTo(DataType.DOUBLE)
                .meanNumber()
                .doubleValue();
    }
}
