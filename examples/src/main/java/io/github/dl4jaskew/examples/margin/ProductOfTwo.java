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
 * Case C: two layers of one weight each, {@code a b x}, on one point with the exponential loss. With {@code c = a^2 - b^2},
 * the margin is {@code q / sqrt(c^2 + 4 q^2)} and the alignment twice that; over the product of the layers' norms it is 1.
 */
final class ProductOfTwo {

    private ProductOfTwo() {}

    static List<MarginResult> run(int steps, Progress progress) {
        DataSet data = DoubleNetworks.data(new double[][] {{1}}, true);
        MultiLayerNetwork network =
                DoubleNetworks.twoLayers(1, 1, Activation.IDENTITY, new LogDomainLoss(Loss.EXPONENTIAL), 0.05, 0);
        network.setParam("0_W", network.getParam("0_W").assign(1.5));
        network.setParam("1_W", network.getParam("1_W").assign(0.5));
        MarginTracker tracker =
                MarginTracker.builder(Batches.whole(data)).gradients().build();
        List<MarginResult> results = new ArrayList<>();
        for (int k = 1; k <= steps; k++) {
            network.fit(data);
            progress.step();
            if (k == 100 || k == 10_000 || k == 100_000) {
                measure(results, network, tracker.measure(network, k, 0), k);
            }
        }
        return results;
    }

    private static void measure(List<MarginResult> results, MultiLayerNetwork network, MarginSnapshot s, int k) {
        double a = network.getParam("0_W").getDouble(0);
        double b = network.getParam("1_W").getDouble(0);
        double c = a * a - b * b;
        double q = a * b;
        double margin = q / Math.sqrt(c * c + 4 * q * q);
        Truth truth = new Truth("C f = a b", k, results);
        truth.add("normalized margin", s.normalizedMargin(), k == 100_000 ? 0.498164 : margin);
        truth.add("alignment", s.gradient().orElseThrow().alignment(), 2 * margin);
        truth.add("over the product of norms", s.productNormalizedMargin(), 1);
    }
}
