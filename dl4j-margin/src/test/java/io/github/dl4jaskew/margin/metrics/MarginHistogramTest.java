package io.github.dl4jaskew.margin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarginHistogramTest {

    @Test
    void binsAreOfARoundWidthWithAnEdgeAtZero() {
        MarginHistogram h = MarginHistogram.of(new double[] {-3, 0, 0.5, 0.6, 26});
        assertThat(h.width()).isEqualTo(0.5); // 29 over 58 bins
        assertThat(h.first()).isEqualTo(-7); // above -3.5, up to -3
        assertThat(h.edge(7)).isZero();
        assertThat(h.counts()).hasSize(59);
        assertThat(h.counts().get(0)).isEqualTo(1);
        assertThat(h.counts().get(6)).as("0 is an error").isEqualTo(1);
        assertThat(h.counts().get(7)).as("up to 0.5").isEqualTo(1);
        assertThat(h.counts().get(8)).isEqualTo(1);
        assertThat(h.counts().get(58)).isEqualTo(1);
        assertThat(h.edge(59)).isEqualTo(26);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.1, 1e-300, 1e-12, 3e7, 1e30, 1e307})
    void eachMarginIsInItsBinAtAnyScale(double scale) {
        Random random = new Random(1);
        double[] margins = random.doubles(500, -1, 3).map(q -> q * scale).toArray();
        margins[17] = 0;
        MarginHistogram h = MarginHistogram.of(margins);
        int bins = h.counts().size();
        assertThat(bins).isBetween(20, MarginHistogram.MOST);
        for (int i = 0; i < bins; i++) {
            double above = h.edge(i);
            double upTo = h.edge(i + 1);
            assertThat(h.counts().get(i)).isEqualTo((int)
                    Arrays.stream(margins).filter(q -> q > above && q <= upTo).count());
        }
        assertThat(h.counts().stream().mapToInt(n -> n).sum()).isEqualTo(500);
        assertThat(h.counts().get(0)).isPositive();
        assertThat(h.counts().get(bins - 1)).isPositive();
        MarginSet.Builder set = MarginSet.of(Loss.LOGISTIC);
        Arrays.stream(margins).forEach(q -> set.add(q, true));
        int wrong = h.counts().subList(0, (int) -h.first()).stream()
                .mapToInt(n -> n)
                .sum();
        assertThat(set.build().accuracy()).isEqualTo((500.0 - wrong) / 500);
        assertThat(set.build().histogram()).isEqualTo(h);
    }

    @Test
    void equalMarginsAndThoseThatHardlyDifferFitIntoFewBins() {
        assertThat(MarginHistogram.of(new double[] {0, 0})).isEqualTo(new MarginHistogram(1, -1, List.of(2)));
        assertThat(MarginHistogram.of(new double[] {5})).isEqualTo(new MarginHistogram(0.5, 9, List.of(1)));
        assertThat(MarginHistogram.of(new double[] {1e9, Math.nextUp(1e9)}).counts().stream()
                        .mapToInt(n -> n)
                        .sum())
                .isEqualTo(2);
        MarginHistogram tiny = MarginHistogram.of(new double[] {-Double.MIN_VALUE, Double.MIN_VALUE});
        assertThat(tiny.counts()).containsExactly(1, 1);
    }

    @Test
    void refusesWhatIsNotFinite() {
        assertThatIllegalArgumentException().isThrownBy(() -> MarginHistogram.of(new double[0]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MarginHistogram.of(new double[] {1, Double.NaN}))
                .withMessageContaining("NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MarginHistogram.of(new double[] {Double.POSITIVE_INFINITY}));
    }
}
