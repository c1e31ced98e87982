package io.github.dl4jaskew.internal.askewsgd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.testkit.Nets;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class GridConstraintTest {

    private static final ScaledGrid TERNARY = ScaledGrid.perTensor(Grid.ternary(), 0.5);

    @Test
    void hullClips() {
        assertThat(projected(GridConstraint.hull(TERNARY), -2, -0.5, -0.1, 0, 0.3, 0.7))
                .containsExactly(-0.5f, -0.5f, -0.1f, 0, 0.3f, 0.5f);
    }

    @Test
    void gridSnaps() {
        assertThat(projected(GridConstraint.grid(TERNARY), -2, -0.26, -0.24, 0.1, 0.25, 0.7))
                .containsExactly(-0.5f, -0.5f, 0, 0, 0.5f, 0.5f);
    }

    @Test
    void intervalMovesToTheNearestEdge() {
        double tau = 0.6;
        GridConstraint constraint = GridConstraint.interval(TERNARY, Nets.epsilon(Interval.epsilon(tau)));
        // Cells [-0.5, 0] and [0, 0.5] with middles -0.25 and 0.25; the edges are 0.6 * 0.25 from the middle
        float[] weights = projected(constraint, -2, -0.3, -0.2, 0.05, 0.24, 0.25, 0.45);
        float[] expected = {-0.5f, -0.4f, -0.1f, 0.05f, 0.1f, 0.4f, 0.45f};
        assertThat(weights).containsExactly(expected, within(1e-6f));
    }

    @Test
    void everyChannelHasItsOwnLevels() {
        ScaledGrid grid = new ScaledGrid(Grid.binary(), new double[] {0.5, 2}, new Channels(2, 1));
        assertThat(projected(GridConstraint.grid(grid), 0.1, 0.1, -3, -3)).containsExactly(0.5f, 2, -0.5f, -2);
    }

    private static float[] projected(GridConstraint constraint, double... weights) {
        INDArray array = Nd4j.createFromArray(weights).castTo(Nd4j.defaultFloatingPointType());
        constraint.apply(array, 0, 0);
        return array.toFloatVector();
    }

    @Test
    void refusesBadInput() {
        GridConstraint constraint = GridConstraint.hull(TERNARY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> projected(constraint, 0, Double.NaN))
                .withMessageContaining("weight of element 1 is NaN");
        GridConstraint interval = GridConstraint.interval(TERNARY, Nets.epsilon(1.5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> projected(interval, 0.1))
                .withMessageContaining("1.5");
    }

    @Test
    void isPutOnALayerByHand() {
        MultiLayerNetwork network = Nets.of(
                new Sgd(0.5),
                new DenseLayer.Builder()
                        .nIn(Nets.IN)
                        .nOut(Nets.HIDDEN)
                        .constrainWeights(GridConstraint.grid(TERNARY))
                        .biasInit(0.1)
                        .build(),
                Nets.output("output", Nets.HIDDEN, Nets.OUT));
        Nets.fit(network, 2);
        for (float weight : Nets.param(network, "0_W")) {
            assertThat(weight).isIn(-0.5f, 0f, 0.5f);
        }
        assertThat(Nets.param(network, "0_b")).doesNotContain(-0.5f, 0f, 0.5f);
        GridConstraint installed = (GridConstraint)
                network.getLayer(0).conf().getLayer().getConstraints().get(0);
        assertThat(installed.getParams()).containsExactly("W");
    }

    @ParameterizedTest
    @EnumSource
    void recipesProject(ProjectionMode mode) {
        for (Stage stage : Stage.values()) {
            MultiLayerNetwork network = Nets.mlp(new Sgd(0.5));
            Askew.builder()
                    .scale(Scale.fixed(0.4))
                    .epsilon(Nets.epsilon(0.25))
                    .stage(stage)
                    .projection(mode)
                    .build()
                    .install(network);
            Nets.fit(network, 2);
            double tau = Interval.tau(0.25);
            for (float weight : Nets.param(network, "0_W")) {
                double t = Math.abs(weight) / 0.4;
                assertThat(t).isLessThanOrEqualTo(1 + 1e-6);
                if (mode == ProjectionMode.GRID) {
                    assertThat(t).isCloseTo(1, within(1e-6));
                } else if (mode == ProjectionMode.INTERVAL) {
                    assertThat(t).isGreaterThanOrEqualTo(tau - 1e-6);
                }
            }
        }
    }

    @Test
    void gradientStageClipsUnlessToldOtherwise() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(5));
        Askew.builder()
                .scale(Scale.fixed(0.4))
                .epsilon(Nets.epsilon(1))
                .stage(Stage.GRADIENT)
                .build()
                .install(network);
        Nets.fit(network, 3);
        for (float weight : Nets.param(network, "0_W")) {
            assertThat(Math.abs(weight)).isLessThanOrEqualTo(0.4f);
        }
    }

    @Test
    void isAValue() {
        GridConstraint one = GridConstraint.interval(TERNARY, Nets.epsilon(0.5));
        GridConstraint same = GridConstraint.interval(TERNARY, Nets.epsilon(0.5));
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isEqualTo(one.clone());
        assertThat(one)
                .isNotEqualTo(GridConstraint.interval(TERNARY, Nets.epsilon(0.4)))
                .isNotEqualTo(GridConstraint.hull(TERNARY))
                .isNotEqualTo("constraint");
        same.setParams(Set.of("W"));
        assertThat(one).isNotEqualTo(same);
        assertThat(same.getParams()).containsExactly("W");
        assertThat(one.mode()).isEqualTo(ProjectionMode.INTERVAL);
        assertThat(one.grid()).isEqualTo(TERNARY);
        assertThat(one.epsilon()).isEqualTo(Nets.epsilon(0.5));
        assertThat(one.toString()).contains("INTERVAL");
        assertThat(GridConstraint.hull(TERNARY).clone()).isEqualTo(GridConstraint.hull(TERNARY));
    }
}
