package io.github.dl4jaskew.internal.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class RestartedRateTest {

    private static final ISchedule SCHEDULE = new InverseSchedule(ScheduleType.ITERATION, 0.1, 0.5, 1);

    static Stream<IUpdater> scheduled() {
        return Stream.of(
                new Adam(SCHEDULE),
                new AMSGrad(SCHEDULE),
                new AdaMax(SCHEDULE),
                new Nadam(SCHEDULE),
                new Nesterovs(SCHEDULE),
                new RmsProp(SCHEDULE),
                new Sgd(SCHEDULE));
    }

    @ParameterizedTest
    @MethodSource("scheduled")
    void runsThroughTheScheduleFaster(IUpdater updater) {
        IUpdater successor = RestartedRate.of(updater, 2.5).clone();
        for (int i : new int[] {0, 2, 40}) {
            assertThat(successor.getLearningRate(i, 0)).isEqualTo(updater.getLearningRate((int) (2.5 * i), 0));
        }
        assertThat(RestartedRate.of(updater, 1)).isEqualTo(updater);
    }

    static Stream<IUpdater> withoutSchedule() {
        return Stream.of(new AdaGrad(0.1), new Adam(0.1), new Sgd(0.1), new AdaDelta(), new NoOp());
    }

    @ParameterizedTest
    @MethodSource("withoutSchedule")
    void keepsARateThatIsFixed(IUpdater updater) {
        IUpdater successor = RestartedRate.of(updater, 2).clone();
        assertThat(successor).hasSameClassAs(updater);
        assertThat(successor.hasLearningRate()).isEqualTo(updater.hasLearningRate());
        if (updater.hasLearningRate()) {
            assertThat(successor.getLearningRate(7, 0)).isEqualTo(0.1);
        }
    }
}
