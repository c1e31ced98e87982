package io.github.dl4jaskew.margin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeuralCollapseTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void simplexHasCollapsed(int classes) {
        double[][] simplex = simplex(classes, 7);
        NeuralCollapse collapse = measure(simplex, simplex, 0);
        assertThat(collapse.variability()).isCloseTo(0, within(1e-25));
        assertThat(collapse.normSpread()).isCloseTo(0, within(1e-14));
        assertThat(collapse.angleSpread()).isCloseTo(0, within(1e-7));
        assertThat(collapse.simplexGap()).isCloseTo(0, within(1e-14));
        assertThat(collapse.dualityGap()).isCloseTo(0, within(1e-14));
        assertThat(collapse.centerAgreement()).isEqualTo(1);
    }

    /** Two classes at -2 and 2, each with deviations of 0.5 along the means and 9 across: only the first counts. */
    @Test
    void variabilityIsRelativeToTheScatterBetweenClasses() {
        double[][] features = {{2.5, 9}, {1.5, -9}, {-1.5, -9}, {-2.5, 9}};
        int[] labels = {0, 0, 1, 1};
        NeuralCollapse collapse = measure(features, labels, labels, new double[][] {{1, 0}, {-1, 0}});
        assertThat(collapse.variability()).isCloseTo(0.25 / 4 / 2, within(1e-15));
        assertThat(collapse.normSpread()).isCloseTo(0, within(1e-15));
        assertThat(collapse.dualityGap()).isCloseTo(0, within(1e-15));
    }

    @Test
    void variabilityOfIsotropicNoiseIsTheTraceOfTheInverse() {
        double noise = 0.1;
        NeuralCollapse collapse = measure(simplex(4, 5), simplex(4, 5), noise);
        double between = 1.0 / 3;
        assertThat(collapse.variability()).isCloseTo(3 * noise * noise / between / 4, within(1e-3));
        assertThat(collapse.centerAgreement()).isEqualTo(1);
    }

    @Test
    void normsAnglesAndWeightsThatDoNotCollapseAreSeen() {
        double[][] means = {{3, 0}, {0, 1}, {-3, -1}};
        int[] labels = {0, 1, 2};
        NeuralCollapse collapse =
                measure(means, labels, new int[] {0, 1, 0}, new double[][] {{-3, 0}, {0, -1}, {3, 1}});
        double[] norms = {3, 1, Math.sqrt(10)};
        double mean = (norms[0] + norms[1] + norms[2]) / 3;
        double variance = 0;
        for (double norm : norms) {
            variance += (norm - mean) * (norm - mean) / 3;
        }
        assertThat(collapse.normSpread()).isCloseTo(Math.sqrt(variance) / mean, within(1e-14));
        double[] cosines = {0, -3 / Math.sqrt(10), -1 / Math.sqrt(10)};
        assertThat(collapse.simplexGap())
                .isCloseTo((0.5 + (3 / Math.sqrt(10) - 0.5) + (0.5 - 1 / Math.sqrt(10))) / 3, within(1e-14));
        double center = (cosines[0] + cosines[1] + cosines[2]) / 3;
        double spread = 0;
        for (double cosine : cosines) {
            spread += (cosine - center) * (cosine - center) / 3;
        }
        assertThat(collapse.angleSpread()).isCloseTo(Math.sqrt(spread), within(1e-14));
        assertThat(collapse.dualityGap()).as("opposite weights").isCloseTo(2, within(1e-14));
        assertThat(CollapseMetrics.of(collapse).squaredDualityGap().orElseThrow())
                .isCloseTo(4, within(1e-13));
        // of the same norms and angles as the means
        assertThat(collapse.classifierNormSpread()).isCloseTo(Math.sqrt(variance) / mean, within(1e-14));
        assertThat(collapse.classifierAngleSpread()).isCloseTo(Math.sqrt(spread), within(1e-14));
        assertThat(collapse.classifierSimplexGap()).isCloseTo(collapse.simplexGap(), within(1e-14));
        assertThat(collapse.centerAgreement()).isCloseTo(2.0 / 3, within(1e-15));
    }

    @Test
    void onePointForAllClassesIsUndefined() {
        double[][] zero = {{1, 1}, {1, 1}};
        NeuralCollapse collapse = measure(zero, new int[] {0, 1}, new int[] {0, 1}, new double[][] {{1, 0}, {0, 1}});
        assertThat(collapse.variability()).isNaN();
        assertThat(collapse.normSpread()).isNaN();
        assertThat(collapse.simplexGap()).isNaN();
        assertThat(collapse.dualityGap()).isNaN();
        assertThat(collapse.centerAgreement()).isEqualTo(0.5);
    }

    @Test
    void refusesWhatDoesNotFit() {
        ClassMeans means = new ClassMeans(2, 2).add(new double[] {1, 0}, 0);
        assertThatThrownBy(means::scatter)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("class 1 has no example");
        assertThatThrownBy(() -> means.add(new double[] {1}, 0)).hasMessageContaining("2 and 1 elements");
        assertThatThrownBy(() -> means.add(new double[] {1, Double.NaN}, 0)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> means.add(new double[2], 2)).hasMessageContaining("label is 2");
        assertThatThrownBy(() -> new ClassMeans(1, 2)).hasMessageContaining("number of classes is 1");
        ClassScatter scatter = means.add(new double[] {0, 1}, 1).scatter();
        assertThatThrownBy(() -> scatter.result(new double[2][2])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> scatter.add(new double[2], 0, 5)).hasMessageContaining("predicted class is 5");
        scatter.add(new double[] {1, 0}, 0, 0);
        assertThatThrownBy(() -> scatter.result(new double[3][2])).hasMessageContaining("2 and 3");
        assertThatThrownBy(() -> scatter.result(new double[2][1])).hasMessageContaining("2 and 1");
    }

    /** K unit vectors with cosines -1/(K-1), turned into a space of d + K features and shifted by the same vector. */
    private static double[][] simplex(int classes, int more) {
        double[][] rows = new double[classes][classes + more];
        for (int i = 0; i < classes; i++) {
            for (int j = 0; j < classes; j++) {
                rows[i][j + more] = Math.sqrt(classes / (classes - 1.0)) * ((i == j ? 1 : 0) - 1.0 / classes);
            }
        }
        return rows;
    }

    private static NeuralCollapse measure(double[][] centers, double[][] weights, double noise) {
        int examples = 4000;
        Random random = new Random(3);
        double[][] features = new double[examples][];
        int[] labels = new int[examples];
        for (int i = 0; i < examples; i++) {
            labels[i] = i % centers.length;
            features[i] = centers[labels[i]].clone();
            for (int j = 0; j < features[i].length; j++) {
                features[i][j] += 3 + noise * random.nextGaussian();
            }
        }
        return measure(features, labels, labels, weights);
    }

    private static NeuralCollapse measure(double[][] features, int[] labels, int[] predicted, double[][] weights) {
        ClassMeans means = new ClassMeans(weights.length, features[0].length);
        for (int i = 0; i < labels.length; i++) {
            means.add(features[i], labels[i]);
        }
        ClassScatter scatter = means.scatter();
        for (int i = 0; i < labels.length; i++) {
            scatter.add(features[i], labels[i], predicted[i]);
        }
        return scatter.result(weights);
    }
}
