package io.github.dl4jaskew.margin.homogeneity;

import io.github.dl4jaskew.margin.homogeneity.Reason.Kind;
import java.util.List;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The analysis of a network held against its numbers: {@code Phi(c w)} against {@code c^L Phi(w)}, and Euler's identity
 * {@code <grad Phi, w> = L Phi} by the network's own backpropagation. Immutable and thread safe.
 *
 * <p>Measured on a copy in double, without dropout and weight noise, at the network's weights and at weights with seeded
 * noise of a tenth of their size, because a bias that is still 0 breaks nothing. A network that is said to be homogeneous
 * must pass at both; one that is said not to be must fail at one. Layers of which nothing is known are measured and not
 * judged.
 *
 * @param analysis that agrees with the numbers
 * @param deviation largest {@code |Phi(c w) / c^L - Phi(w)|} over the outputs, in maximum norms and relative to the
 *     larger of the two, at the network's weights; L is that of the nearest homogeneous network if there is none
 * @param perturbedDeviation the same with noise on the weights
 * @param eulerResidual {@code |<grad S, w> - L S| / |L S|} at the network's weights, for S the sum of logits times v,
 *     where v are the logits themselves, scaled to length 1 and held constant; empty for a network that is not
 *     homogeneous, or has an output without a loss function
 */
public record HomogeneityCheck(
        Homogeneity analysis, double deviation, double perturbedDeviation, OptionalDouble eulerResidual) {

    /** Relative deviations up to this, 1e-8, count as rounding. */
    public static final double TOLERANCE = 1e-8;

    private static final long SEED = 20_200_601;
    private static final double NOISE = 0.1;
    private static final double[] NEAR = {0.5, 2};
    /** Reaches the caps of relu6 and hardtanh, which are linear for small weights. */
    private static final double[] FAR = {1.0 / 1024, 1024};

    /**
     * Checks a network, which is not changed.
     *
     * @param network initialised
     * @param features of some examples, in the shape that the network takes
     * @return the measurement
     * @throws IllegalStateException if analysis and numbers disagree, with both; or if there is nothing to compare,
     *     because every logit is 0
     */
    public static HomogeneityCheck of(MultiLayerNetwork network, INDArray features) {
        return of(Homogeneity.of(network), new MultiLayerCopy(network), features);
    }

    /**
     * Checks a network, which is not changed.
     *
     * @param network initialised
     * @param features of some examples, one array for each input of the network
     * @return the measurement
     * @throws IllegalStateException if analysis and numbers disagree, with both; or if there is nothing to compare,
     *     because every logit is 0
     */
    public static HomogeneityCheck of(ComputationGraph network, INDArray... features) {
        return of(Homogeneity.of(network), new GraphCopy(network), features);
    }

    static HomogeneityCheck of(Homogeneity analysis, DoubleCopy copy, INDArray... features) {
        INDArray[] inputs = new INDArray[features.length];
        for (int i = 0; i < features.length; i++) {
            inputs[i] = features[i].castTo(DataType.DOUBLE);
        }
        List<String> outputs = analysis.outputs();
        double[] deviations = new double[outputs.size()];
        double[] perturbed = new double[outputs.size()];

        for (int o = 0; o < outputs.size(); o++) {
            Verdict verdict = Verdict.of(analysis.reasons(outputs.get(o)));
            int degree = analysis.nearestDegree(outputs.get(o));
            double[] factors = verdict == Verdict.BROKEN ? FAR : NEAR;
            copy.restore();
            deviations[o] = deviation(copy, inputs, o, degree, factors);
            copy.perturb(SEED, NOISE);
            perturbed[o] = deviation(copy, inputs, o, degree, factors);
            copy.restore();
            boolean agrees = deviations[o] <= TOLERANCE && perturbed[o] <= TOLERANCE;
            if (verdict == (agrees ? Verdict.BROKEN : Verdict.HOMOGENEOUS)) {
                throw disagreement(
                        analysis,
                        "output \"" + outputs.get(o) + "\" deviates from degree " + degree + " by " + deviations[o]
                                + ", and with noise on the weights by " + perturbed[o]);
            }
        }
        OptionalDouble euler = OptionalDouble.empty();
        if (analysis.isHomogeneous() && copy.allOutputsHaveLosses()) {
            euler = OptionalDouble.of(euler(analysis, copy, inputs));
            if (!(euler.getAsDouble() <= TOLERANCE)) {
                throw disagreement(analysis, "Euler's identity fails by " + euler.getAsDouble());
            }
        }
        return new HomogeneityCheck(analysis, max(deviations), max(perturbed), euler);
    }

    private static double deviation(DoubleCopy copy, INDArray[] inputs, int output, int degree, double[] factors) {
        INDArray logits = copy.logits(false, inputs)[output];
        INDArray weights = copy.parameters().dup();
        double size = logits.amaxNumber().doubleValue();
        double difference = 0;
        for (double factor : factors) {
            copy.scale(factor);
            INDArray back = copy.logits(false, inputs)[output].divi(Math.pow(factor, degree));
            size = Math.max(size, back.amaxNumber().doubleValue());
            difference = Math.max(difference, back.subi(logits).amaxNumber().doubleValue());
            copy.parameters().assign(weights);
        }
        if (size == 0) {
            throw new IllegalStateException(
                    "all logits are 0 for these features; give features or weights for which they are not");
        }
        double deviation = difference / size;
        return Double.isNaN(deviation) ? 1 : deviation;
    }

    /** With S the sum of logits times labels, and labels proportional to the logits, so that nothing cancels. */
    private static double euler(Homogeneity analysis, DoubleCopy copy, INDArray[] inputs) {
        INDArray[] labels = copy.logits(true, inputs);
        double expected = 0;
        for (int o = 0; o < labels.length; o++) {
            double norm = labels[o].norm2Number().doubleValue();
            expected += analysis.nearestDegree(analysis.outputs().get(o)) * norm;
            labels[o].divi(norm);
        }
        double product = copy.product(copy.gradient(inputs, labels));
        return expected == 0 ? Math.abs(product) : Math.abs(product - expected) / expected;
    }

    private static double max(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        return largest;
    }

    private static IllegalStateException disagreement(Homogeneity analysis, String measured) {
        return new IllegalStateException("analysis and measurement disagree. Measured: " + measured + " (at most "
                + TOLERANCE + " counts as homogeneous). Analysis:" + System.lineSeparator() + analysis);
    }

    /** What the analysis says of the logits at inference. */
    private enum Verdict {
        HOMOGENEOUS,
        BROKEN,
        UNKNOWN;

        static Verdict of(List<Reason> reasons) {
            if (reasons.stream().anyMatch(r -> r.kind() == Kind.UNKNOWN)) {
                return UNKNOWN;
            }
            return reasons.stream().anyMatch(r -> r.kind() == Kind.BROKEN) ? BROKEN : HOMOGENEOUS;
        }
    }
}
