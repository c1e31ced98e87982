package io.github.dl4jaskew.examples.margin;

import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.report.MarginResult;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.latestage.LossBasedTraining;
import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import io.github.dl4jaskew.margin.metrics.Loss;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Case D: two-layer ReLU networks without biases, trained by {@link LossBasedTraining} until the margin is at the maximum
 * that is known: {@code 1 / (2 (1/r1 + 1/r2))} for a point of length r1 and one of length r2 of the other class, at an angle
 * of 90 degrees or more; {@code 1 / (4 sqrt 2)} for exclusive or.
 */
final class ReluMaximum {

    private static final double TOLERANCE = 1e-3;
    private static final int HIDDEN = 16;
    private static final double FIRST_WEIGHTS = 0.3;
    private static final double RATE = 0.5;
    private static final double SMALL_LOSS = -400;

    private ReluMaximum() {}

    static List<MarginResult> run(int epochs, Progress progress) {
        double x = -0.5;
        double y = Math.sqrt(0.75);
        return List.of(
                train("D 120 degrees, 1 and 1", new double[][] {{1, 0}, {x, y}}, 1 / 4.0, epochs, progress),
                train("D 120 degrees, 1 and 2", new double[][] {{1, 0}, {2 * x, 2 * y}}, 1 / 3.0, epochs, progress),
                train(
                        "D exclusive or",
                        new double[][] {{1, 1}, {1, -1}, {-1, -1}, {-1, 1}},
                        1 / (4 * Math.sqrt(2)),
                        epochs,
                        progress));
    }

    private static MarginResult train(
            String problem, double[][] points, double maximum, int epochs, Progress progress) {
        boolean[] positive = new boolean[points.length];
        for (int i = 0; i < points.length; i += 2) {
            positive[i] = true;
        }
        DataSet data = DoubleNetworks.data(points, positive);
        MultiLayerNetwork network =
                DoubleNetworks.twoLayers(2, HIDDEN, Activation.RELU, new LogDomainLoss(Loss.LOGISTIC), 1, 1);
        network.params().muli(FIRST_WEIGHTS);
        LossBasedTraining.builder()
                .epochs(epochs)
                .initialRate(RATE)
                .damped()
                .untilLogLoss(SMALL_LOSS)
                .onEpoch(epoch -> progress.step())
                .build()
                .fit(network, Batches.whole(data));
        MarginSnapshot s =
                MarginTracker.builder(Batches.whole(data)).build().measure(network, network.getIterationCount(), 0);
        return new MarginResult(
                problem,
                "normalized margin",
                network.getIterationCount(),
                s.normalizedMargin().orElse(Double.NaN),
                maximum,
                TOLERANCE);
    }
}
