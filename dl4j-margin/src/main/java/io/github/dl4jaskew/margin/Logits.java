package io.github.dl4jaskew.margin;

import io.github.dl4jaskew.margin.internal.network.Batch;
import io.github.dl4jaskew.margin.internal.network.LogitErrors;
import io.github.dl4jaskew.margin.internal.network.LogitRows;
import io.github.dl4jaskew.margin.internal.network.NetworkReplica;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The logits of a network: the output before softmax or sigmoid, in inference mode, in double. They are read off a private
 * copy that takes over the network's parameters each time, so nothing about the network changes. Thread safe.
 *
 * <p>In float32 a probability is exactly 1 from a logit of about 17, so logits cannot be had from the output.
 */
public final class Logits {

    private final Model network;
    private final NetworkReplica replica;

    private Logits(Model network, NetworkReplica replica) {
        this.network = network;
        this.replica = replica;
    }

    /**
     * The logits of a network.
     *
     * @param network initialised
     * @return reads them
     * @throws IllegalArgumentException if the output layer has no logits
     */
    public static Logits of(MultiLayerNetwork network) {
        return new Logits(network, NetworkReplica.of(network, null, LogitErrors.none()));
    }

    /**
     * The logits of one output of a graph.
     *
     * @param network initialised
     * @param output name of the output layer
     * @return reads them
     * @throws IllegalArgumentException if there is no such output, or it has no logits
     */
    public static Logits of(ComputationGraph network, String output) {
        return new Logits(network, NetworkReplica.of(network, output, LogitErrors.none()));
    }

    /**
     * The logits of a minibatch.
     *
     * @param data features, masks and labels; the labels are not looked at
     * @return a row for each example (each time step or pixel of it, in sequences and images), a column for each output
     */
    public double[][] of(DataSet data) {
        return rows(Batch.of(data));
    }

    /**
     * The logits of a minibatch.
     *
     * @param data features, masks and labels; the labels are not looked at
     * @return a row for each example (each time step or pixel of it, in sequences and images), a column for each output
     */
    public double[][] of(MultiDataSet data) {
        return rows(Batch.of(data));
    }

    private synchronized double[][] rows(Batch batch) {
        replica.update(network);
        LogitRows logits = replica.logits(batch);
        double[][] rows = new double[logits.count()][logits.columns()];
        for (int i = 0; i < rows.length; i++) {
            logits.copyRow(i, rows[i]);
        }
        return rows;
    }
}
