package io.github.dl4jaskew.margin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LateStageTest {

    private static final double ABOVE = Math.log(Math.log(2)) + 1e-6;
    private static final double BELOW = Math.log(Math.log(2)) - 1e-6;

    @Test
    void nothingIsEnteredAtFirst() {
        LateStage stage = LateStage.before(Loss.LOGISTIC);
        assertThat(stage.entered()).isFalse();
        assertThat(stage.entry()).isEmpty();
        assertThat(stage.firstSeparated()).isEmpty();
        assertThat(stage.firstBelowThreshold()).isEmpty();
        assertThat(stage.leftAgain()).isFalse();
        assertThat(stage.lastLeft()).isEmpty();
    }

    @Test
    void theThreeDefinitionsDiffer() {
        LateStage stage = LateStage.before(Loss.LOGISTIC)
                .next(0, -1, 3)
                .next(10, 0.1, ABOVE)
                .next(20, 0, ABOVE)
                .next(30, 0.2, ABOVE)
                .next(40, 0.9, BELOW);
        assertThat(stage.firstSeparated()).hasValue(10);
        assertThat(stage.entry()).hasValue(30);
        assertThat(stage.firstBelowThreshold()).hasValue(40);
        assertThat(stage.leftAgain()).isTrue();
        assertThat(stage.timesLeft()).isEqualTo(1);
        assertThat(stage.lastLeft()).hasValue(20);
        assertThat(stage.entered()).isTrue();
    }

    @Test
    void leavingIsSeenEachTime() {
        LateStage stage = LateStage.before(Loss.CROSS_ENTROPY)
                .next(1, 1, BELOW)
                .next(2, -1, ABOVE)
                .next(3, -1, ABOVE)
                .next(4, 1, ABOVE);
        LateStage left = stage.next(5, -2, 1);
        assertThat(left.timesLeft()).isEqualTo(2);
        assertThat(left.lastLeft()).hasValue(5);
        assertThat(left.entry()).isEmpty();
        assertThat(left.entered()).isFalse();
        assertThat(left.firstSeparated()).hasValue(1);
        assertThat(left.firstBelowThreshold()).hasValue(1);
        assertThat(stage.entry()).as("the stage before is unchanged").hasValue(4);
    }

    @Test
    void theExponentialLossHasThresholdOne() {
        assertThat(LateStage.before(Loss.EXPONENTIAL).next(0, 1, -1e-9).firstBelowThreshold())
                .hasValue(0);
        assertThat(LateStage.before(Loss.EXPONENTIAL).next(0, 1, 0).firstBelowThreshold())
                .isEmpty();
    }

    @Test
    void refusesWhatIsOutOfRange() {
        LateStage stage = LateStage.before(Loss.LOGISTIC).next(7, 1, 0);
        assertThatThrownBy(() -> stage.next(7, 1, 0)).hasMessageContaining("evaluation is 7");
        assertThatThrownBy(() -> LateStage.before(Loss.LOGISTIC).next(-1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> stage.next(8, Double.NaN, 0)).hasMessageContaining("minimum margin is NaN");
        assertThatThrownBy(() -> stage.next(8, 1, Double.NaN)).hasMessageContaining("log sum");
    }
}
