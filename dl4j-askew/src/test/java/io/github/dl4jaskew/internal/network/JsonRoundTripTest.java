package io.github.dl4jaskew.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.updater.AskewSgd;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class JsonRoundTripTest {

    /** DL4J's mapper sees no private field, so the factor is lost. */
    static final class Forgetful implements ISchedule {
        private static final long serialVersionUID = 1L;
        private double factor = 1;

        Forgetful() {}

        Forgetful(double factor) {
            this.factor = factor;
        }

        @Override
        public double valueAt(int iteration, int epoch) {
            return Math.pow(factor, epoch);
        }

        @Override
        @SuppressWarnings("MethodDoesntCallSuperMethod")
        public ISchedule clone() {
            return new Forgetful(factor);
        }
    }

    @Test
    void installRefusesWhatTheConfigurationWouldLose() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        String before = network.getLayerWiseConfigurations().toJson();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Askew.builder().epsilon(new Forgetful(0.5)).build().install(network))
                .withMessageContaining("epsilon")
                .withMessageContaining("Forgetful")
                .withMessageContaining("JSON");
        assertThat(network.getLayerWiseConfigurations().toJson()).isEqualTo(before);
    }

    @Test
    void refusesAnUpdaterWithSuchASchedule() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonRoundTrip.require(new Adam(new Forgetful(0.5))))
                .withMessageContaining("updater");
    }

    @Test
    void refusesAnUpdaterWhoseCloneForgetsTheSchedule() {
        AdaGrad updater = new AdaGrad(new ExponentialSchedule(ScheduleType.EPOCH, 0.1, 0.9));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonRoundTrip.require(updater))
                .withMessageContaining("clone() of org.nd4j.linalg.learning.config.AdaGrad forgets");
        JsonRoundTrip.require(new AdaGrad(0.1));
    }

    @Test
    void acceptsSchedulesAndUpdatersThatSurvive() {
        JsonRoundTrip.require("epsilon", Annealing.hold(3).thenCosine(5).inTau());
        JsonRoundTrip.require("epsilon", new ExponentialSchedule(ScheduleType.EPOCH, 1, 0.9));
        JsonRoundTrip.require(new AskewSgd(0.1, 0.9));
        JsonRoundTrip.require(new Adam(0.01));
    }
}
