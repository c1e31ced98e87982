package io.github.dl4jaskew.testkit;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.IUpdater;

/** SameDiff graphs that compute what the networks of {@link Nets} do. */
public final class SameDiffs {

    public static final String HIDDEN = "hidden/w";
    public static final String OUTPUT = "output/w";

    private SameDiffs() {}

    /** in - tanh layer - softmax, with the weights of a MultiLayerNetwork of layers "hidden" and "output". */
    public static SameDiff like(MultiLayerNetwork network) {
        DataType type = network.params().dataType();
        SameDiff graph = SameDiff.create();
        SDVariable in = graph.placeHolder("in", type, -1, Nets.IN);
        SDVariable labels = graph.placeHolder("labels", type, -1, Nets.OUT);
        SDVariable hidden = graph.math.tanh(in.mmul(graph.var(HIDDEN, weights(network, "hidden", "W")))
                .add(graph.var("hidden/b", weights(network, "hidden", "b"))));
        SDVariable logits = hidden.mmul(graph.var(OUTPUT, weights(network, "output", "W")))
                .add("logits", graph.var("output/b", weights(network, "output", "b")));
        graph.nn.softmax("out", logits, 1);
        graph.loss.softmaxCrossEntropy("loss", labels, logits, null);
        graph.setLossVariables("loss");
        return graph;
    }

    private static INDArray weights(MultiLayerNetwork network, String layer, String key) {
        return network.getLayer(layer).getParam(key).dup('c');
    }

    public static TrainingConfig.Builder config(IUpdater updater) {
        return TrainingConfig.builder()
                .updater(updater)
                .dataSetFeatureMapping("in")
                .dataSetLabelMapping("labels");
    }

    /** A graph that is ready for training. */
    public static SameDiff of(IUpdater updater) {
        SameDiff graph = like(network(updater));
        graph.setTrainingConfig(config(updater).build());
        return graph;
    }

    public static MultiLayerNetwork network(IUpdater updater) {
        return Nets.of(
                updater, Nets.dense("hidden", Nets.IN, Nets.HIDDEN), Nets.output("output", Nets.HIDDEN, Nets.OUT));
    }

    /** Three minibatches of unequal sizes. */
    public static DataSetIterator data() {
        return new ListDataSetIterator<>(List.of(batch(1, 12), batch(2, 9), batch(3, 7)), 1);
    }

    public static DataSet batch(int seed, int rows) {
        return new DataSet(Nets.normal(seed, rows, Nets.IN), Nets.oneHot(seed, rows, Nets.OUT));
    }

    public static void fit(SameDiff graph, int iterations) {
        for (int i = 0; i < iterations; i++) {
            graph.fit(batch(i % 3, 10));
        }
    }

    public static INDArray array(SameDiff graph, String variable) {
        return graph.getVariable(variable).getArr();
    }

    /** All variables, in one array each. */
    public static Map<String, float[]> variables(SameDiff graph) {
        Map<String, float[]> all = new java.util.TreeMap<>();
        for (String name : List.of(HIDDEN, "hidden/b", OUTPUT, "output/b")) {
            all.put(name, array(graph, name).dup('c').data().asFloat());
        }
        return all;
    }
}
