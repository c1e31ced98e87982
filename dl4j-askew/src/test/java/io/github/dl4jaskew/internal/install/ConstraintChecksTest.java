package io.github.dl4jaskew.internal.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.testkit.Nets;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.constraint.UnitNormConstraint;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Sgd;

class ConstraintChecksTest {

    private static MultiLayerNetwork network(LayerConstraint constraint) {
        DenseLayer hidden = new DenseLayer.Builder()
                .name("hidden")
                .nIn(Nets.IN)
                .nOut(Nets.HIDDEN)
                .constrainWeights(constraint)
                .build();
        return Nets.of(new Sgd(0.1), hidden, Nets.output("output", Nets.HIDDEN, Nets.OUT));
    }

    private static AskewPlan install(Grid grid, double scale, MultiLayerNetwork network) {
        return Askew.builder()
                .grid(grid)
                .scale(Scale.fixed(scale))
                .epsilon(Nets.epsilon(0.5))
                .build()
                .install(network);
    }

    @Test
    void refusesAConstraintThatKeepsNoLevel() {
        MultiLayerNetwork network = network(new UnitNormConstraint(1));
        String before = network.getLayerWiseConfigurations().toJson();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(Grid.ternary(), 0.4, network))
                .withMessageContaining("layer 'hidden', parameter 'W': UnitNormConstraint moves weights off the levels")
                .withMessageContaining("remove it from this layer");
        assertThat(network.getLayerWiseConfigurations().toJson()).isEqualTo(before);
    }

    @Test
    void refusesAConstraintThatLeavesOneOfTwoLevels() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(Grid.binary(), 0.4, network(new NonNegativeConstraint())))
                .withMessageContaining("NonNegativeConstraint moves weights off the levels [-0.4]");
    }

    @Test
    void warnsOfAConstraintThatTakesSomeLevelsAway() {
        AskewPlan plan = install(Grid.ternary(), 0.4, network(new NonNegativeConstraint()));
        assertThat(plan.warnings()).anyMatch(w -> w.contains("NonNegativeConstraint") && w.contains("[-0.4]"));
    }

    @Test
    void acceptsWhatTheLevelsFulfil() {
        // a column or row of five weights of 0.4 has a norm of 0.9
        assertThat(install(Grid.binary(), 0.4, network(new MaxNormConstraint(1, 1)))
                        .warnings())
                .isEmpty();
        assertThat(install(Grid.binary(), 0.5, network(new UnitNormConstraint(0)))
                        .warnings())
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(Grid.binary(), 0.4, network(new MaxNormConstraint(0.8, 1))))
                .withMessageContaining("MaxNormConstraint");
    }
}
