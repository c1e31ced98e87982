package io.github.dl4jaskew.margin.metrics;

import java.util.OptionalDouble;

/**
 * Neural collapse of the last hidden layer; see {@link NeuralCollapse}. Empty is
 * what is not defined, as angles between class means one of which is their centre.
 *
 * @param variability NC1
 * @param normSpread NC2, of the norms of the class means
 * @param angleSpread NC2, of the angles between them
 * @param simplexGap NC2, distance of the angles from those of a simplex
 * @param dualityGap NC3
 * @param classifierNormSpread NC2 of the last layer's weights, of their norms
 * @param classifierAngleSpread NC2 of these weights, of the angles between them
 * @param classifierSimplexGap NC2 of these weights, distance of the angles from those of a simplex
 * @param centerAgreement NC4, 0 to 1
 */
public record CollapseMetrics(
        OptionalDouble variability,
        OptionalDouble normSpread,
        OptionalDouble angleSpread,
        OptionalDouble simplexGap,
        OptionalDouble dualityGap,
        OptionalDouble classifierNormSpread,
        OptionalDouble classifierAngleSpread,
        OptionalDouble classifierSimplexGap,
        OptionalDouble centerAgreement) {

    /**
     * Takes over what is finite.
     *
     * @param c of one network
     * @return the same numbers, without those that are not finite
     */
    public static CollapseMetrics of(NeuralCollapse c) {
        return new CollapseMetrics(
                Finite.of(c.variability()),
                Finite.of(c.normSpread()),
                Finite.of(c.angleSpread()),
                Finite.of(c.simplexGap()),
                Finite.of(c.dualityGap()),
                Finite.of(c.classifierNormSpread()),
                Finite.of(c.classifierAngleSpread()),
                Finite.of(c.classifierSimplexGap()),
                Finite.of(c.centerAgreement()));
    }

    /** {@return NC3 as Papyan, Han and Donoho plot it: the square of {@link #dualityGap}} */
    public OptionalDouble squaredDualityGap() {
        return dualityGap.isPresent()
                ? OptionalDouble.of(dualityGap.getAsDouble() * dualityGap.getAsDouble())
                : OptionalDouble.empty();
    }
}
