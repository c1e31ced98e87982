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
import org.nd4j.linalg.factory.Nd4j;

/**
 * Case G: weights that look critical by one quantity and are not by another, measured without training. With the points (1, 0) and
 * (0, 2) and w = (1, 0.89952), w is aligned with the gradient of the exponential loss, but not with that of the only smallest
 * margin. With logits (w0, w1, 2 w2) of class 0, only the residual over pairs of classes tells that w is no KKT point.
 */
final class CriticalPoints {

    private static final double SECOND = 0.89952;
    private static final double FIRST = 1.44976;
    private static final double RATE = 0.05;
    private static final double LOG_SCALE = 30;

    private CriticalPoints() {}

    static List<MarginResult> run() {
        List<MarginResult> results = new ArrayList<>();
        twoPoints(results);
        threeClasses(results);
        scaledLoss(results);
        return results;
    }

    private static MarginSnapshot measure(MultiLayerNetwork network, DataSet data) {
        return MarginTracker.builder(Batches.whole(data))
                .marginStationarity()
                .build()
                .measure(network, 1, 0);
    }

    private static void twoPoints(List<MarginResult> results) {
        MultiLayerNetwork network =
                DoubleNetworks.linear(2, new LogDomainLoss(Loss.EXPONENTIAL), Activation.IDENTITY, RATE);
        network.params().assign(Nd4j.createFromArray(1, SECOND));
        MarginSnapshot s = measure(network, DoubleNetworks.data(new double[][] {{1, 0}, {0, 2}}, true, true));
        double rho = Math.hypot(1, SECOND);
        double second = Math.exp(-2 * SECOND);
        Truth truth = new Truth("G two points", 1, results);
        truth.add("alignment with the loss", s.gradient().orElseThrow().alignment(), 1);
        truth.add("normalized margin", s.normalizedMargin(), 1 / rho);
        truth.add(
                "KKT delta",
                s.gradient().orElseThrow().kktDelta(),
                rho * second / Math.hypot(Math.exp(-1), 2 * second) * (2 * SECOND - 1));
        truth.add(
                "cosine with the margin's gradient",
                s.marginStationarity().orElseThrow().cosine(),
                1 / rho);
        truth.add(
                "tangent to the margin's gradient",
                s.marginStationarity().orElseThrow().tangent(),
                SECOND);
    }

    private static void threeClasses(List<MarginResult> results) {
        MultiLayerNetwork network = DoubleNetworks.products(3, RATE);
        network.setParam("0_W", Nd4j.createFromArray(new double[][] {{FIRST, -1, -SECOND}}));
        DataSet data = new DataSet(
                Nd4j.createFromArray(new double[][] {{1, 1, 2}}), Nd4j.createFromArray(new double[][] {{1, 0, 0}}));
        MarginSnapshot s = measure(network, data);
        double smallest = FIRST + 1;
        double other = FIRST + 2 * SECOND;
        double rho = Math.sqrt(FIRST * FIRST + 1 + SECOND * SECOND);
        double near = Math.exp(-smallest);
        double far = Math.exp(-other);
        double gradient = Math.sqrt((near + far) * (near + far) + near * near + 4 * far * far);
        Truth truth = new Truth("G three classes", 1, results);
        truth.add(
                "KKT delta",
                s.gradient().orElseThrow().kktDelta(),
                rho / smallest * far / gradient * (other / smallest - 1));
        truth.add(
                "cosine with the margin's gradient",
                s.marginStationarity().orElseThrow().cosine(),
                smallest / (Math.sqrt(2) * rho));
    }

    /** One point whose loss of exp(-30) is multiplied by exp(30), as a loss-based rate does. */
    private static void scaledLoss(List<MarginResult> results) {
        LogDomainLoss loss = new LogDomainLoss(Loss.EXPONENTIAL, LOG_SCALE);
        MultiLayerNetwork network = DoubleNetworks.linear(1, loss, Activation.IDENTITY, RATE);
        network.params().assign(LOG_SCALE);
        MarginSnapshot s = measure(network, DoubleNetworks.data(new double[][] {{1}}, true));
        new Truth("G scaled loss", 1, results)
                .add("effective step", s.gradient().orElseThrow().effectiveStep(), RATE / LOG_SCALE);
    }
}
