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
 * @param centerAgreement NC4, 0 to 1
 */
public record CollapseMetrics(
        OptionalDouble variability,
        OptionalDouble normSpread,
        OptionalDouble angleSpread,
        OptionalDouble simplexGap,
        OptionalDouble dualityGap,
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
                Finite.of(c.centerAgreement()));
    }
}
