package io.github.dl4jaskew.interval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTest {

    private static final double INF = Double.POSITIVE_INFINITY;

    @Test
    void psiIsZeroOnLevelsAndOneInTheMiddle() {
        assertThat(Interval.psi(-1)).isZero();
        assertThat(Interval.psi(1)).isZero();
        assertThat(Interval.psi(0)).isEqualTo(1);
        assertThat(Interval.psi(0.5)).isEqualTo(0.5625);
        assertThat(Interval.psi(-2)).isEqualTo(9);
    }

    @Test
    void feasibleFromTauOnwards() {
        double tau = Interval.tau(0.3);
        assertThat(Interval.isFeasible(tau + 1e-9, 0.3)).isTrue();
        assertThat(Interval.isFeasible(-tau - 1e-9, 0.3)).isTrue();
        assertThat(Interval.isFeasible(tau - 1e-9, 0.3)).isFalse();
        assertThat(Interval.isFeasible(1, 0)).isTrue();
        assertThat(Interval.isFeasible(0.999, 0)).isFalse();
        assertThat(Interval.isFeasible(0, 1)).isTrue();
    }

    @Test
    void tauAndEpsilonAreInverse() {
        assertThat(Interval.tau(0)).isEqualTo(1);
        assertThat(Interval.tau(1)).isZero();
        assertThat(Interval.tau(0.5625)).isEqualTo(0.5);
        for (double epsilon = 0; epsilon <= 1; epsilon += 0.125) {
            assertThat(Interval.epsilon(Interval.tau(epsilon))).isEqualTo(epsilon, within(1e-14));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.NEGATIVE_INFINITY})
    void refusesEpsilonAndTauOutOfRange(double value) {
        assertThatThrownBy(() -> Interval.tau(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("epsilon is " + value + "; allowed are 0 to 1");
        assertThatThrownBy(() -> Interval.epsilon(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tau is " + value + "; allowed are 0 to 1");
        assertThatThrownBy(() -> Interval.project(0.3, value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void crossesWhereAStepPushesOnAndIsCarriedAlongElsewhere() {
        // tau_0 = 1/2: z = 1/4 at t = 5/8
        assertThat(Interval.cross(0.625, 0, 0.5, 0.75)).isEqualTo(0.75 + 0.25 * 0.25);
        assertThat(Interval.cross(0.625, 0.5, 0.5, 0.75)).isEqualTo(0.75 + 0.25 * 0.75);
        assertThat(Interval.cross(0.625, -0.5, 0.5, 0.75)).isEqualTo(-0.75 - 0.25 * 0.25);
        assertThat(Interval.cross(0.625, -2, 0.5, 0.75)).isEqualTo(-1);
        assertThat(Interval.cross(0.625, 2, 0.5, 0.75)).isEqualTo(1);
        // on the border, and left behind by it
        for (double t : new double[] {0.5, 0.1, 0}) {
            assertThat(Interval.cross(t, 0, 0.5, 0.75)).isEqualTo(0.75);
            assertThat(Interval.cross(t, -0.25, 0.5, 0.75)).isEqualTo(-0.75 - 0.25 * 0.25);
            assertThat(Interval.cross(-t, 0.25, 0.5, 0.75)).isEqualTo(0.75 + 0.25 * 0.25);
        }
        assertThat(Interval.cross(-0.5, 0, 0.5, 0.75)).isEqualTo(-0.75);
        assertThat(Interval.cross(1, -1.5, 1, 1)).isEqualTo(-1);
        assertThat(Interval.cross(1, -0.5, 1, 1)).isEqualTo(1);
        assertThatThrownBy(() -> Interval.cross(0, 0, 2, 0)).hasMessageContaining("tauBefore is 2");
        assertThatThrownBy(() -> Interval.cross(0, 0, 0, -1)).hasMessageContaining("tau is -1");
    }

    @Test
    void crossingIsBinaryRelaxsBlendOfALatentWeight() {
        Random random = new Random(3);
        for (int run = 0; run < 20; run++) {
            double y = 2 * random.nextDouble() - 1;
            double t = y;
            double before = 0;
            for (int k = 1; k <= 50; k++) {
                double tau = k / 60.0;
                double d = 0.3 * random.nextGaussian();
                y = Math.max(-1, Math.min(1, y + d));
                t = Interval.cross(t, d, before, tau);
                double lambda = tau / (1 - tau);
                assertThat(t).isEqualTo((lambda * Math.signum(y) + y) / (lambda + 1), within(1e-12));
                before = tau;
            }
        }
    }

    @Test
    void restoringIsANewtonShareOfTheConstraint() {
        for (double t : new double[] {-1.4, -0.6, -0.1, 0.1, 0.6, 1.4}) {
            double h = 0.1 - (1 - t * t) * (1 - t * t);
            double slope = 4 * t * (1 - t * t);
            assertThat(Interval.restoring(t, 0.1, 0.3)).isEqualTo(-0.3 * h / slope, within(1e-12));
        }
    }

    @Test
    void restoringPointsToTheNearestLevel() {
        assertThat(Interval.restoring(0.2, 0.1, 0.3)).isPositive();
        assertThat(Interval.restoring(-0.2, 0.1, 0.3)).isNegative();
        assertThat(Interval.restoring(1.5, 0.1, 0.3)).isNegative();
        assertThat(Interval.restoring(-1.5, 0.1, 0.3)).isPositive();
    }

    @Test
    void restoringIsZeroWhereFeasibleAndInTheMiddle() {
        assertThat(Interval.restoring(0.9, 0.5, 0.3)).isZero();
        assertThat(Interval.restoring(1, 0, 0.3)).isZero();
        assertThat(Interval.restoring(0, 0, 0.3)).isZero();
    }

    @Test
    void skewKeepsWhatRestoresFasterThanK() {
        double k = Interval.restoring(0.5, 0.1, 0.2);
        assertThat(Interval.skew(0.5, 1.01 * k, 0.1, 0.2, INF)).isEqualTo(1.01 * k);
        assertThat(Interval.skew(0.5, 0.99 * k, 0.1, 0.2, INF)).isEqualTo(k);
        assertThat(Interval.skew(0.5, -5, 0.1, 0.2, INF)).isEqualTo(k);
        assertThat(Interval.skew(-0.5, 5, 0.1, 0.2, INF)).isEqualTo(-k);
        assertThat(Interval.skew(0.95, -5, 0.1, 0.2, INF)).isEqualTo(-5);
    }

    @Test
    void skewComparesWithKBeforeTheClamp() {
        double k = Interval.restoring(0.1, 0.1, 1);
        assertThat(k).isGreaterThan(0.5);
        assertThat(Interval.skew(0.1, 0.9 * k, 0.1, 1, 0.5)).isEqualTo(0.5);
        assertThat(Interval.skew(-0.1, 0, 0.1, 1, 0.5)).isEqualTo(-0.5);
        assertThat(Interval.skew(0.1, 1.1 * k, 0.1, 1, 0.5)).isEqualTo(1.1 * k);
    }

    @Test
    void projectGoesToTheEdgeOfItsSide() {
        assertThat(Interval.project(0.1, 0.5625)).isEqualTo(0.5);
        assertThat(Interval.project(-0.1, 0.5625)).isEqualTo(-0.5);
        assertThat(Interval.project(0, 0.5625)).isEqualTo(0.5);
        assertThat(Interval.project(-0.7, 0.5625)).isEqualTo(-0.7);
        assertThat(Interval.project(1.2, 0.5625)).isEqualTo(1);
        assertThat(Interval.project(-3, 1)).isEqualTo(-1);
    }
}
