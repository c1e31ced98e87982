package io.github.dl4jaskew.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlateauAnnealingTest {

    private static void report(PlateauAnnealing schedule, double... scores) {
        for (double score : scores) {
            schedule.report(score);
        }
    }

    @Test
    void fallsWhenTheScoreStopsImproving() {
        PlateauAnnealing schedule = new PlateauAnnealing(0.5);
        assertThat(schedule.best()).isNull();
        assertThat(schedule.report(3)).isFalse();
        assertThat(schedule.report(2)).isFalse();
        assertThat(schedule.valueAt(1000, 1000)).isEqualTo(1);
        assertThat(schedule.report(2)).isTrue();
        assertThat(schedule.valueAt(0, 0)).isEqualTo(0.5);
        assertThat(schedule.report(5)).isTrue();
        assertThat(schedule.epsilon()).isEqualTo(0.25);
        assertThat(schedule.report(1)).isFalse();
        assertThat(schedule.epsilon()).isEqualTo(0.25);
        assertThat(schedule.best()).isEqualTo(1);
    }

    @Test
    void patienceCountsReportsInARow() {
        PlateauAnnealing schedule = new PlateauAnnealing(0.8, 3, 0);
        report(schedule, 5, 6, 6, 4, 6, 6);
        assertThat(schedule.epsilon()).isEqualTo(1);
        assertThat(schedule.report(6)).isTrue();
        assertThat(schedule.epsilon()).isEqualTo(0.8);
        report(schedule, 6, 6);
        assertThat(schedule.epsilon()).isEqualTo(0.8);
        assertThat(schedule.report(6)).isTrue();
        assertThat(schedule.epsilon()).isEqualTo(0.8 * 0.8);
    }

    @Test
    void smallImprovementsDoNotCount() {
        PlateauAnnealing schedule = new PlateauAnnealing(0.5, 1, 0.25);
        assertThat(schedule.report(2)).isFalse();
        assertThat(schedule.report(1.75)).isTrue();
        assertThat(schedule.best()).isEqualTo(2);
        assertThat(schedule.report(1.7)).isFalse();
        assertThat(schedule.best()).isEqualTo(1.7);
    }

    @Test
    void negativeScoresWork() {
        PlateauAnnealing schedule = new PlateauAnnealing(0.5);
        assertThat(schedule.report(-1)).isFalse();
        assertThat(schedule.report(-2)).isFalse();
        assertThat(schedule.report(-1)).isTrue();
    }

    @Test
    void copiesGoOnWhereItStopped() throws Exception {
        PlateauAnnealing schedule = new PlateauAnnealing(0.8, 3, 0.125);
        report(schedule, 5, 6, 6, 6, 4, 6, 6);
        for (Object copy :
                List.of(ScheduleJson.roundTrip(schedule), JavaSerialization.roundTrip(schedule), schedule.clone())) {
            assertThat(copy)
                    .isNotSameAs(schedule)
                    .isInstanceOf(PlateauAnnealing.class)
                    .isEqualTo(schedule)
                    .hasSameHashCodeAs(schedule);
            PlateauAnnealing restored = (PlateauAnnealing) copy;
            assertThat(restored.epsilon()).isEqualTo(0.8);
            assertThat(restored.best()).isEqualTo(4);
            assertThat(restored.report(3.9)).isTrue();
            assertThat(restored.epsilon()).isEqualTo(0.8 * 0.8);
            assertThat(restored).isNotEqualTo(schedule);
        }
        assertThat(schedule.epsilon()).isEqualTo(0.8);
    }

    @Test
    void freshScheduleSurvivesJson() throws Exception {
        PlateauAnnealing schedule = new PlateauAnnealing(0.88);
        assertThat(ScheduleJson.roundTrip(schedule)).isEqualTo(schedule);
    }

    @Test
    void equalityIsOfTheWholeState() {
        PlateauAnnealing one = new PlateauAnnealing(0.5, 2, 0);
        PlateauAnnealing two = new PlateauAnnealing(0.5, 2, 0);
        assertThat(one).isEqualTo(two).isNotEqualTo("plateau");
        assertThat(one)
                .isNotEqualTo(new PlateauAnnealing(0.6, 2, 0))
                .isNotEqualTo(new PlateauAnnealing(0.5, 3, 0))
                .isNotEqualTo(new PlateauAnnealing(0.5, 2, 0.1));
        one.report(1);
        assertThat(one).isNotEqualTo(two);
        report(two, 1, 2);
        assertThat(one).isNotEqualTo(two);
        one.report(3);
        assertThat(one).isEqualTo(two);
    }

    @Test
    void name() {
        assertThat(new PlateauAnnealing(0.5, 2, 0))
                .hasToString("plateau: eps 1.0, times 0.5 after 2 reports without improvement");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesScores(double score) {
        PlateauAnnealing schedule = new PlateauAnnealing(0.5);
        assertThatThrownBy(() -> schedule.report(score))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("validation score is " + score + "; it must be finite");
        assertThat(schedule).isEqualTo(new PlateauAnnealing(0.5));
    }

    @Test
    void refusesArguments() {
        for (double factor : new double[] {0, 1, -0.5, Double.NaN}) {
            assertThatThrownBy(() -> new PlateauAnnealing(factor))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("factor is " + factor);
        }
        assertThatThrownBy(() -> new PlateauAnnealing(0.5, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("patience is 0");
        for (double improvement : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new PlateauAnnealing(0.5, 1, improvement))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("minImprovement is " + improvement);
        }
    }
}
