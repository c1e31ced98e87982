package io.github.dl4jaskew.margin;

import org.nd4j.linalg.api.buffer.DataType;

/** Histories of real trainings, for tests of what is done with them. */
public final class Snapshots {

    private Snapshots() {}

    /** Six measurements of all there is. */
    public static MarginHistory history() {
        var net = MarginNets.mlp(DataType.FLOAT);
        var data = MarginNets.data(DataType.FLOAT, 12);
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(data, 4))
                .every(5)
                .iterations()
                .gradients()
                .neuralCollapse()
                .robustness()
                .build();
        net.addListeners(new MarginListener(tracker));
        for (int i = 0; i < 30; i++) {
            net.fit(data);
        }
        return tracker.history();
    }

    /** One measurement of a network that is not homogeneous, with another loss. */
    public static MarginSnapshot bare() {
        var net = MarginNets.network(
                MarginNets.base(DataType.FLOAT),
                MarginNets.dense(4, 5, org.nd4j.linalg.activations.Activation.TANH),
                MarginNets.sigmoid(5, 3));
        return MarginTracker.builder(MarginNets.iterator(MarginNets.data(DataType.FLOAT, 5), 5))
                .build()
                .measure(net, 3, 1);
    }
}
