package io.github.dl4jaskew.examples.margin;

import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.report.MarginResult;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import io.github.dl4jaskew.margin.metrics.Loss;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Case A: two orthogonal points of lengths 1 and 2, a linear model and the exponential loss. The gradient flow from 0 is
 * {@code w_i(t) = log(r_i^2 t + 1) / r_i}; these weights are put into a network and measured.
 */
final class OrthogonalFlow {

    private static final double[] LENGTHS = {1, 2};

    private OrthogonalFlow() {}

    static List<MarginResult> run() {
        DataSet data = DoubleNetworks.data(new double[][] {{LENGTHS[0], 0}, {0, LENGTHS[1]}}, true, true);
        MultiLayerNetwork network =
                DoubleNetworks.linear(2, new LogDomainLoss(Loss.EXPONENTIAL), Activation.IDENTITY, 1);
        MarginTracker tracker =
                MarginTracker.builder(Batches.whole(data)).gradients().build();
        List<MarginResult> results = new ArrayList<>();
        measure(results, network, tracker, 1, 0.652628, 0.335825, 0.982935);
        measure(results, network, tracker, 10_000, 0.866812, 0.845810, 0.998298);
        return results;
    }

    private static void measure(
            List<MarginResult> results,
            MultiLayerNetwork network,
            MarginTracker tracker,
            int time,
            double margin,
            double smoothed,
            double alignment) {
        for (int i = 0; i < LENGTHS.length; i++) {
            double r = LENGTHS[i];
            network.params().putScalar(i, Math.log(r * r * time + 1) / r);
        }
        MarginSnapshot s = tracker.measure(network, time, 0);
        Truth truth = new Truth("A flow on 2 points", time, results);
        truth.add("normalized margin", s.normalizedMargin(), margin);
        truth.add("smoothed margin", s.smoothedMargin(), smoothed);
        truth.add("alignment", s.gradient().orElseThrow().alignment(), alignment);
    }
}
