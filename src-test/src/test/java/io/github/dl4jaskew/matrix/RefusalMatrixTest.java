package io.github.dl4jaskew.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.updater.AskewSgd;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.constraint.UnitNormConstraint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** What has no meaning together is refused, with the reason. */
class RefusalMatrixTest {

    private static final Setting SETTING = Setting.named("nothing");

    private static void install(Setting setting, Kind kind) {
        new Trial(setting, kind, true).network();
    }

    @ParameterizedTest
    @EnumSource
    void constraintsThatMoveWeightsOffTheLevels(Kind kind) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(SETTING.network(b -> b.constrainWeights(new UnitNormConstraint(1))), kind))
                .withMessageContaining("layer 'hidden', parameter 'W': UnitNormConstraint moves weights off the levels")
                .withMessageContaining("remove it from this layer, or exclude the layer from the recipe");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(
                        SETTING.network(b -> b.constrainWeights(new NonNegativeConstraint()))
                                .recipe(r -> r.grid(Grid.binary())),
                        kind))
                .withMessageContaining("NonNegativeConstraint");
    }

    @ParameterizedTest
    @EnumSource
    void alphaWithoutALearningRateOrBeyondIt(Kind kind) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(SETTING.updater(n -> new AdaDelta()).recipe(r -> r.alpha(1)), kind))
                .withMessageContaining("alpha multiplies the learning rate, but AdaDelta has none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(SETTING.updater(n -> new Sgd(0.5)).recipe(r -> r.alpha(3)), kind))
                .withMessageContaining("allowed is up to 1 (more would overshoot)");
    }

    @ParameterizedTest
    @EnumSource
    void cellsWhereTheUpdatersScaleIsNotKnown(Kind kind) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(
                        SETTING.recipe(r -> r.updater(new AdaGrad(0.1)).learningRateUnit(LearningRateUnit.CELL)), kind))
                .withMessageContaining("AdaGrad")
                .withMessageContaining("use LearningRateUnit.WEIGHT");
    }

    @ParameterizedTest
    @EnumSource
    void anUpdaterThatLosesItsScheduleWhenCloned(Kind kind) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(SETTING.recipe(r -> r.updater(new AdaGrad(Setting.cosine(0.1, 60)))), kind))
                .withMessageContaining("AdaGrad forgets its schedule");
    }

    /** DL4J alone goes on with NaN for weights: Adam's 1e-8 is 0 in half precision. */
    @ParameterizedTest
    @EnumSource
    void stepsThatAreNotFinite(Kind kind) {
        Setting half = SETTING.network(b -> b.dataType(DataType.FLOAT16)).updater(n -> new Adam(0.05));
        Trial plain = new Trial(half, kind, false);
        Model network = plain.network();
        plain.half(network);
        assertThat(network.params().toFloatVector()).contains(Float.NaN);
        Trial trial = new Trial(half, kind, true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trial.half(trial.network()))
                .withMessageContaining("layer 'hidden', parameter 'W', iteration 0: update of element")
                .withMessageContaining("it must be finite");
    }

    @ParameterizedTest
    @EnumSource
    void askewSgdWithoutAConstraint(Kind kind) {
        Setting setting = SETTING.updater(n -> new AskewSgd(0.1));
        Trial plain = new Trial(setting, kind, false);
        assertThatIllegalStateException()
                .isThrownBy(() -> plain.half(plain.network()))
                .withMessageContaining("AskewSgd has no interval constraint");
    }
}
