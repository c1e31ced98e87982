package io.github.dl4jaskew.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.AskewNets;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.testkit.Nets;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Sgd;

class LayersTest {

    @Test
    void allButBatchNorm() {
        assertThat(claimed(Layers.all())).containsExactly("a", "b", "output");
    }

    @Test
    void byName() {
        assertThat(claimed(Layers.named("b", "output"))).containsExactly("b", "output");
        assertThat(claimed(Layers.all().except("b"))).containsExactly("a", "output");
    }

    @Test
    void byType() {
        assertThat(claimed(Layers.ofType(DenseLayer.class))).containsExactly("a", "b");
        assertThat(claimed(Layers.ofType(FeedForwardLayer.class))).containsExactly("a", "b", "output");
        assertThat(claimed(Layers.ofType(DenseLayer.class, BaseOutputLayer.class)))
                .containsExactly("a", "b", "output");
    }

    @Test
    void byCondition() {
        assertThat(claimed(Layers.matching(layer -> layer.weights() == 25))).containsExactly("b");
        assertThat(claimed(Layers.matching(layer -> layer.index() == 3))).containsExactly("output");
        assertThat(claimed(Layers.matching(layer -> layer.type() == DenseLayer.class)))
                .containsExactly("a", "b");
    }

    @Test
    void firstAndLast() {
        assertThat(claimed(Layers.firstAndLast())).containsExactly("a", "output");
        assertThat(claimed(Layers.all().except(Layers.firstAndLast()))).containsExactly("b");
        assertThat(claimed(Layers.exceptFirstAndLast())).containsExactly("b");
    }

    @Test
    void thePlanSaysWhyALayerIsLeftOut() {
        assertThat(reasons(Layers.exceptFirstAndLast().except("b").or(Layers.named("b"))))
                .containsExactly(
                        "kept float, as the first layer of weights loses most accuracy at few bits",
                        null,
                        "kept float, as the last layer of weights loses most accuracy at few bits");
        assertThat(reasons(Layers.all().except(Layers.named("a").or(Layers.firstAndLast()))))
                .containsExactly(
                        "excluded", null, "kept float, as the last layer of weights loses most accuracy at few bits");
        assertThat(reasons(Layers.firstAndLast())).containsExactly(null, "excluded", null);
    }

    @Test
    void combined() {
        assertThat(claimed(Layers.named("b").or(Layers.firstAndLast()))).containsExactly("a", "b", "output");
        assertThat(claimed(Layers.named("a").or(Layers.named("b")).except("a"))).containsExactly("b");
    }

    @Test
    void describeThemselves() {
        assertThat(Layers.all().except("a").or(Layers.ofType(DenseLayer.class)))
                .hasToString("all except named [a] or of type [DenseLayer]");
        assertThat(Layers.all().except("a").or(Layers.named("b")).names()).containsExactly("a", "b");
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = Nets.of(
                new Sgd(0.1),
                Nets.dense("a", Nets.IN, Nets.HIDDEN),
                new org.deeplearning4j.nn.conf.layers.BatchNormalization.Builder()
                        .name("norm")
                        .nIn(Nets.HIDDEN)
                        .nOut(Nets.HIDDEN)
                        .build(),
                Nets.dense("b", Nets.HIDDEN, Nets.HIDDEN),
                Nets.output("output", Nets.HIDDEN, Nets.OUT));
        return network;
    }

    private static List<String> reasons(Layers layers) {
        return AskewNets.closing().layers(layers).build().install(network()).entries().stream()
                .filter(e -> e.parameter().equals("W"))
                .map(AskewPlan.Entry::skipped)
                .toList();
    }

    private static List<String> claimed(Layers layers) {
        AskewPlan plan = AskewNets.closing().layers(layers).build().install(network());
        assertThat(plan.constrained())
                .extracting(AskewPlan.Entry::grid)
                .extracting(ScaledGrid::grid)
                .containsOnly(Grid.binary());
        return plan.constrained().stream().map(AskewPlan.Entry::layer).toList();
    }
}
