package io.github.dl4jaskew.examples.margin;

import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.report.MarginResult;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/**
 * Case B: 16 points of the plane, symmetric about the origin, and logistic regression by DL4J's own SGD with step {@code
 * 1 / sigma_max(X)} from 0. The margin approaches sqrt 2 and the weights the diagonal, both like {@code 1 / log k}.
 */
final class SeparablePlane {

    private static final double[][] HALF = {
        {0.5, 1.5}, {1.5, 0.5}, {2.5, 1}, {3, 0.2}, {1.5, 2}, {2, 2}, {3, -0.5}, {2.2, 1.2}
    };

    private SeparablePlane() {}

    static List<MarginResult> run(int steps, Progress progress) {
        DataSet data = data();
        MultiLayerNetwork network =
                DoubleNetworks.linear(2, new LossBinaryXENT(0.0), Activation.SIGMOID, 1 / largestSingularValue());
        network.params().assign(0);
        MarginTracker tracker = MarginTracker.builder(Batches.whole(data)).build();
        List<MarginResult> results = new ArrayList<>();
        for (int k = 1; k <= steps; k++) {
            network.fit(data);
            progress.step();
            switch (k) {
                case 100 -> measure(results, network, tracker, k, 1.287077, 8.944, 3.4420, 3.776e-2);
                case 10_000 -> measure(results, network, tracker, k, 1.379348, 2.699, 6.4671, 4.525e-4);
                case 100_000 -> measure(results, network, tracker, k, 1.394501, 1.555, 8.0682, 4.583e-5);
                default -> {}
            }
        }
        return results;
    }

    private static void measure(
            List<MarginResult> results,
            MultiLayerNetwork network,
            MarginTracker tracker,
            int k,
            double margin,
            double angle,
            double norm,
            double loss) {
        MarginSnapshot s = tracker.measure(network, k, 0);
        double a = network.params().getDouble(0);
        double b = network.params().getDouble(1);
        double degrees = Math.toDegrees(Math.abs(Math.atan2(b, a) - Math.PI / 4));
        Truth truth = new Truth("B logistic, 16 points", k, results);
        truth.add("normalized margin", s.normalizedMargin(), margin);
        // known to 4 digits
        truth.within("degrees to the diagonal", degrees, angle, 5e-4);
        truth.within("norm", s.norm(), norm, 5e-5);
        truth.within("sum of losses", Math.exp(s.logLossSum().orElse(Double.NaN)), loss, 5e-4 * loss);
    }

    private static DataSet data() {
        double[][] points = new double[2 * HALF.length][];
        boolean[] positive = new boolean[points.length];
        for (int i = 0; i < HALF.length; i++) {
            points[2 * i] = HALF[i];
            points[2 * i + 1] = new double[] {-HALF[i][0], -HALF[i][1]};
            positive[2 * i] = true;
        }
        return DoubleNetworks.data(points, positive);
    }

    /** Root of the largest eigenvalue of {@code X^T X}, which is 2 by 2. */
    private static double largestSingularValue() {
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (double[] p : HALF) {
            xx += 2 * p[0] * p[0];
            xy += 2 * p[0] * p[1];
            yy += 2 * p[1] * p[1];
        }
        return Math.sqrt((xx + yy) / 2 + Math.hypot((xx - yy) / 2, xy));
    }
}
