package io.github.dl4jaskew.margin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConeProjectionTest {

    @Test
    void insideTheCone() {
        ConeProjection p = ConeProjection.of(new double[] {1, .5}, List.of(new double[] {1, 0}, new double[] {0, 2}));
        assertThat(p.cosine()).isEqualTo(1);
        assertThat(p.tangent().orElseThrow()).isCloseTo(0, within(1e-15));
        // w = 1 (1, 0) + 1/4 (0, 2)
        assertThat(p.multipliers().get(0)).isCloseTo(.8, within(1e-15));
        assertThat(p.multipliers().get(1)).isCloseTo(.2, within(1e-15));
    }

    @Test
    void outsideOfTheCone() {
        // logits (w0, w1, 2 w2), label 0: the one active constraint has the gradient (1, -1, 0)
        double[] w = {1.44976, -1, -.89952};
        ConeProjection one = ConeProjection.of(w, List.of(new double[] {1, -1, 0}));
        assertThat(one.cosine()).isCloseTo(.87593, within(1e-5));
        assertThat(one.tangent().orElseThrow())
                .isCloseTo(Math.sqrt(1 - one.cosine() * one.cosine()) / one.cosine(), within(1e-12));
        assertThat(one.multipliers()).containsExactly(1.0);
    }

    @Test
    void obtuse() {
        ConeProjection p = ConeProjection.of(new double[] {1, 0}, List.of(new double[] {-1, 1}, new double[2]));
        assertThat(p.cosine()).isEqualTo(0);
        assertThat(p.tangent()).isEmpty();
        assertThat(p.multipliers()).containsExactly(0.0, 0.0);
    }

    /** No other combination is nearer: the remainder makes no acute angle with any generator, and none with the sum. */
    @Test
    void isOptimalForRandomConesWithDependentGenerators() {
        Random random = new Random(5);
        int boundary = 0;
        for (int trial = 0; trial < 200; trial++) {
            int n = 2 + random.nextInt(8);
            double[] w = gaussian(random, n);
            List<double[]> generators = new ArrayList<>();
            for (int k = 0; k < 1 + random.nextInt(30); k++) {
                boolean repeat = k > 0 && random.nextInt(4) == 0;
                generators.add(repeat ? scaled(generators.get(k - 1), 3) : gaussian(random, n));
            }
            ConeProjection p = ConeProjection.of(w, generators);
            double[] sum = new double[n];
            for (int k = 0; k < generators.size(); k++) {
                assertThat(p.multipliers().get(k)).isNotNegative();
                for (int i = 0; i < n; i++) {
                    sum[i] += p.multipliers().get(k) * generators.get(k)[i];
                }
            }
            double length = Vectors.norm(sum);
            double share = length == 0 ? 0 : Vectors.dot(w, sum) / (length * length);
            double[] rest = new double[n];
            for (int i = 0; i < n; i++) {
                rest[i] = w[i] - share * sum[i];
            }
            for (double[] g : generators) {
                assertThat(Vectors.dot(rest, g)).isLessThan(1e-9 * Vectors.norm(g));
            }
            double cosine = length == 0 ? 0 : Vectors.dot(w, sum) / length / Vectors.norm(w);
            assertThat(p.cosine()).isCloseTo(cosine, within(1e-12));
            boundary += cosine > 0 && cosine < 1 - 1e-9 ? 1 : 0;
        }
        assertThat(boundary).isGreaterThan(50);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> ConeProjection.of(new double[] {1}, List.of()))
                .hasMessageContaining("number of generators is 0");
        assertThatThrownBy(() -> ConeProjection.of(new double[] {0}, List.of(new double[] {1})))
                .hasMessageContaining("norm is 0.0");
        assertThatThrownBy(() -> ConeProjection.of(new double[] {1}, List.of(new double[2])))
                .hasMessageContaining("1 and 2 elements");
    }

    private static double[] gaussian(Random random, int n) {
        return random.doubles(n, -1, 1).toArray();
    }

    private static double[] scaled(double[] vector, double factor) {
        double[] result = vector.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] *= factor;
        }
        return result;
    }
}
