package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.samediff.SameDiffUpdater;
import io.github.dl4jaskew.listener.PlateauListener;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.plan.Variables;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.SameDiffs;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv3DConfig;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/** What install does to a SameDiff graph, what it refuses, and what training notices afterwards. */
class SameDiffInstallTest {

    private static Askew.Builder recipe() {
        return Askew.builder()
                .grid(Grid.ternary())
                .epsilon(Annealing.hold(10).thenLinear(20).byIteration())
                .restoringRate(1);
    }

    private static AskewPlan install(SameDiff graph, Variables variables) {
        return recipe().variables(variables).build().install(graph);
    }

    private static List<String> names(AskewPlan plan) {
        return plan.constrained().stream().map(AskewPlan.Entry::parameter).toList();
    }

    @Test
    void constrainsWeightsAndSaysWhyNotTheRest() {
        SameDiff graph = SameDiffs.of(new Sgd(0.1));
        graph.constant("offset", Nd4j.ones(3));
        AskewPlan plan = recipe().build().install(graph);
        assertThat(names(plan)).containsExactly(SameDiffs.HIDDEN, SameDiffs.OUTPUT);
        assertThat(plan.skipped())
                .extracting(AskewPlan.Entry::parameter)
                .containsExactly("hidden/b", "output/b", "sd_var", "offset");
        assertThat(plan.toString()).contains("hidden/w", "[4, 5]", "bias or gain", "a constant", "35 of 46 parameters");
        assertThat(graph.getTrainingConfig().getUpdater().getLearningRate(0, 0)).isEqualTo(0.1);
    }

    @Test
    void selectsByNameExpressionAndPredicate() {
        assertThat(names(install(SameDiffs.of(new Sgd(0.1)), Variables.named(SameDiffs.OUTPUT))))
                .containsExactly(SameDiffs.OUTPUT);
        assertThat(names(install(SameDiffs.of(new Sgd(0.1)), Variables.matching("hid.*"))))
                .containsExactly(SameDiffs.HIDDEN);
        assertThat(names(install(
                        SameDiffs.of(new Sgd(0.1)),
                        Variables.matching(v -> v.shape().size() == 2 && v.isLast()))))
                .containsExactly(SameDiffs.OUTPUT);
        assertThat(names(install(SameDiffs.of(new Sgd(0.1)), Variables.all().except(SameDiffs.OUTPUT))))
                .containsExactly(SameDiffs.HIDDEN);
        assertThat(names(install(
                        SameDiffs.of(new Sgd(0.1)),
                        Variables.matching("hid.*").or(Variables.firstAndLast().except(Variables.matching("hid.*"))))))
                .containsExactly(SameDiffs.HIDDEN, SameDiffs.OUTPUT);
    }

    @Test
    void saysWhyTheFirstAndTheLastWeightAreLeftOut() {
        SameDiff graph = SameDiffs.of(new Sgd(0.1));
        graph.var("between", Nd4j.ones(5, 5));

        AskewPlan plan = install(graph, Variables.all().except(Variables.firstAndLast()));

        assertThat(plan.skipped().stream()
                        .filter(e -> e.shape().size() == 2 && e.shape().get(0) > 1)
                        .map(AskewPlan.Entry::skipped))
                .containsExactlyInAnyOrder(
                        "kept float, as the first layer of weights loses most accuracy at few bits",
                        "kept float, as the last layer of weights loses most accuracy at few bits");
    }

    @Test
    void aBiasThatIsNamedIsConstrained() {
        SameDiff graph = SameDiffs.of(new Sgd(0.1));
        SameDiffs.array(graph, "hidden/b").assign(0.3);
        assertThat(names(install(graph, Variables.named("hidden/b")))).containsExactly("hidden/b");
    }

    @Test
    void shapesOfBiasesAreLeftAloneAndColumnsAreWeights() {
        SameDiff graph = SameDiffs.of(new Sgd(0.1));
        graph.var("row", Nd4j.ones(1, 7));
        graph.var("column", Nd4j.ones(7, 1));
        graph.var("channels", Nd4j.ones(1, 1, 1, 7));
        graph.var("scalar", Nd4j.scalar(1.0f));
        graph.var("kernel", Nd4j.ones(3, 3, 1, 2));
        assertThat(names(recipe().build().install(graph)))
                .containsExactly(SameDiffs.HIDDEN, SameDiffs.OUTPUT, "column", "kernel")
                .doesNotContain("row", "channels", "scalar");
    }

    @Test
    void wrongNamesAreErrorsThatNameThem() {
        SameDiff graph = SameDiffs.of(new Sgd(0.1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(graph, Variables.named("hiden/w")))
                .withMessageContaining("'hiden/w'")
                .withMessageContaining("hidden/w");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(graph, Variables.all().except("in")))
                .withMessageContaining("'in' is of kind PLACEHOLDER");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(graph, Variables.all().axis("logits", 0)))
                .withMessageContaining("'logits' is of kind ARRAY");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> install(graph, Variables.matching("nothing")))
                .withMessageContaining("select no variable")
                .withMessageContaining("hidden/w");
        assertThat(graph.getTrainingConfig().getUpdater()).isEqualTo(new Sgd(0.1));
    }

    @Test
    void selectionsOfTheOtherEngineAreRefused() {
        Askew layers = recipe().layers(Layers.named("hidden")).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layers.install(SameDiffs.of(new Sgd(0.1))))
                .withMessageContaining("variables(...)");
        Askew variables = recipe().variables(Variables.all()).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> variables.install(Nets.mlp(new Sgd(0.1))))
                .withMessageContaining("layers(...)");
    }

    @Test
    void needsATrainingConfigurationAndNoConstraint() {
        SameDiff bare = SameDiffs.like(SameDiffs.network(new Sgd(0.1)));
        assertThatIllegalStateException()
                .isThrownBy(() -> recipe().build().install(bare))
                .withMessageContaining("TrainingConfig");
        SameDiff graph = SameDiffs.of(new Sgd(0.1));
        recipe().build().install(graph);
        assertThatIllegalStateException()
                .isThrownBy(() -> recipe().build().install(graph))
                .withMessageContaining("uninstall");
        assertThatIllegalStateException().isThrownBy(() -> Askew.resume(bare)).withMessageContaining("no interval");
        assertThatIllegalStateException()
                .isThrownBy(() -> recipe().build().quantize(SameDiffs.of(new Sgd(0.1))))
                .withMessageContaining("no interval constraint");
    }

    @Test
    void ratesThatOvershootAndUnitsThatAreNotKnownAreRefused() {
        Askew.Builder alpha =
                Askew.builder().epsilon(Annealing.hold(1).thenLinear(1)).alpha(20);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> alpha.build().install(SameDiffs.of(new Sgd(0.1))))
                .withMessageContaining("variable 'hidden/w'");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        recipe().learningRateUnit(LearningRateUnit.CELL).build().install(SameDiffs.of(new NoOp())))
                .withMessageContaining("LearningRateUnit.WEIGHT");
    }

    @Test
    void uninstallGivesTheOldConfigurationBack() {
        SameDiff graph = SameDiffs.of(new AskewSgd(0.1, 0.9));
        graph.getTrainingConfig().setRegularization(new ArrayList<>(List.of(new WeightDecay(0.1, true))));
        String before = graph.getTrainingConfig().toJson();
        double score = graph.calcRegularizationScore();
        recipe().updater(new Adam(0.1)).build().install(graph);
        assertThat(graph.calcRegularizationScore()).isEqualTo(score).isPositive();
        SameDiffs.fit(graph, 2);
        assertThat(Askew.uninstall(graph)).isTrue();
        assertThat(Askew.uninstall(graph)).isFalse();
        graph.getTrainingConfig().setIterationCount(0);
        assertThat(graph.getTrainingConfig().toJson()).isEqualTo(before);
        graph.getTrainingConfig().setUpdater(new Sgd(0.1));
    }

    @Test
    void trainingGoesOnUnconstrainedAfterUninstall() {
        SameDiff graph = SameDiffs.of(new Adam(0.05));
        SameDiff plain = SameDiffs.of(new Adam(0.05));
        recipe().epsilon(Annealing.hold(1000).thenLinear(1))
                .projection(ProjectionMode.HULL)
                .build()
                .install(graph);
        SameDiffs.fit(plain, 3);
        SameDiffs.fit(graph, 3);
        Askew.uninstall(graph);
        SameDiffs.array(graph, SameDiffs.HIDDEN).assign(SameDiffs.array(plain, SameDiffs.HIDDEN));
        SameDiffs.array(graph, SameDiffs.OUTPUT).assign(SameDiffs.array(plain, SameDiffs.OUTPUT));
        SameDiffs.array(graph, "hidden/b").assign(SameDiffs.array(plain, "hidden/b"));
        SameDiffs.array(graph, "output/b").assign(SameDiffs.array(plain, "output/b"));
        SameDiffs.fit(graph, 3);
        SameDiffs.fit(plain, 3);
        assertThat(graph.getUpdaterMap().values())
                .noneMatch(updater -> updater.getClass().getName().contains("dl4jaskew"));
        assertThat(SameDiffs.array(graph, "output/b").equalsWithEps(SameDiffs.array(plain, "output/b"), 0.05))
                .isTrue();
    }

    @Test
    void stateOfTheUpdaterSurvivesInstallation() {
        SameDiff graph = SameDiffs.of(new Adam(0.05));
        SameDiffs.fit(graph, 3);
        INDArray momentum = momentum(graph).dup();
        assertThat(momentum.amaxNumber().doubleValue()).isPositive();
        recipe().build().install(graph);
        assertThat(momentum(graph)).isEqualTo(momentum);
        assertThat(graph.getTrainingConfig().getIterationCount()).isZero();
        Askew.uninstall(graph);
        assertThat(momentum(graph)).isEqualTo(momentum);
    }

    private static INDArray momentum(SameDiff graph) {
        return (INDArray) graph.getUpdaterMap().get(SameDiffs.HIDDEN).getState().get("M");
    }

    @Test
    void aReplacedConfigurationIsNoticed() {
        SameDiff graph = SameDiffs.of(new Adam(0.05));
        recipe().build().install(graph);
        SameDiffs.fit(graph, 1);
        graph.setTrainingConfig(SameDiffs.config(new Adam(0.05)).build());
        assertThatThrownBy(() -> SameDiffs.fit(graph, 1)).hasMessageContaining("was replaced after install");
    }

    @Test
    void otherGraphsOfTheTrainingConfigurationStayFloat() {
        SameDiff control = SameDiffs.of(new Sgd(0.05));
        control.setTrainingConfig(decaying());
        TrainingConfig shared = decaying();
        SameDiff other = SameDiffs.of(new Sgd(0.05));
        other.setTrainingConfig(shared);
        SameDiff chosen = SameDiffs.of(new Sgd(0.05));
        chosen.setTrainingConfig(shared);
        SameDiffs.fit(control, 1);
        SameDiffs.fit(control, 1);
        SameDiffs.fit(other, 1);
        recipe().build().install(chosen);
        SameDiffs.fit(other, 1);
        assertThat(SameDiffs.variables(other).get(SameDiffs.HIDDEN))
                .isEqualTo(SameDiffs.variables(control).get(SameDiffs.HIDDEN));
        assertThat(shared.getIterationCount()).isEqualTo(2);
        SameDiff later = SameDiffs.of(new Sgd(0.05));
        later.setTrainingConfig(shared);
        SameDiffs.fit(later, 1);
        recipe().build().install(later);
    }

    private static TrainingConfig decaying() {
        return SameDiffs.config(new Sgd(0.05)).weightDecay(0.1, true).build();
    }

    @Test
    void aSharedConfigurationIsNoticed() {
        SameDiff graph = SameDiffs.of(new Adam(0.05));
        recipe().build().install(graph);
        SameDiff other = SameDiffs.like(SameDiffs.network(new Sgd(1)));
        other.setTrainingConfig(graph.getTrainingConfig());
        assertThatThrownBy(() -> SameDiffs.fit(other, 1)).hasMessageContaining("belongs to another graph");
        assertThatIllegalStateException()
                .isThrownBy(() -> recipe().build().install(other))
                .withMessageContaining("shares its TrainingConfig with another graph");
    }

    @Test
    void weightDecayBehindTheConstraintIsNoticed() {
        SameDiff graph = SameDiffs.of(new Adam(0.05));
        recipe().build().install(graph);
        graph.getTrainingConfig().getRegularization().add(new WeightDecay(0.1, true));
        assertThatThrownBy(() -> SameDiffs.fit(graph, 1)).hasMessageContaining("WeightDecay was added");
    }

    @Test
    void otherShapesAreNoticed() {
        SameDiff graph = SameDiffs.of(new Sgd(0.05));
        recipe().build().install(graph);
        graph.associateArrayWithVariable(
                SameDiffs.array(graph, SameDiffs.HIDDEN).dup('f'), SameDiffs.HIDDEN);
        assertThatThrownBy(() -> SameDiffs.fit(graph, 1)).hasMessageContaining("memory order c at install");
    }

    @Test
    void weightsThatAreNotFiniteAreErrorsThatNameTheVariable() {
        SameDiff graph = SameDiffs.of(new Sgd(0.05));
        recipe().build().install(graph);
        SameDiffs.array(graph, SameDiffs.OUTPUT).putScalar(2, Float.NaN);
        assertThatThrownBy(() -> SameDiffs.fit(graph, 1)).hasMessageContaining("variable '");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe().build().quantize(graph))
                .withMessageContaining("output/w");
    }

    @Test
    void climbingIsDescendingWithTheOppositeRate() {
        SameDiff down = SameDiffs.of(new Sgd(-0.05));
        SameDiff up = SameDiffs.of(new Sgd(0.05));
        up.getTrainingConfig().setMinimize(false);
        Askew recipe = recipe().projection(ProjectionMode.HULL).build();
        recipe.install(down);
        recipe.install(up);
        SameDiffs.fit(down, 20);
        SameDiffs.fit(up, 20);
        SameDiffs.variables(down)
                .forEach((name, values) -> assertThat(SameDiffs.variables(up).get(name))
                        .as(name)
                        .containsExactly(values, Offset.offset(1e-6f)));
    }

    @Test
    void operationsTellWhereOutputChannelsLie() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 6);
        SDVariable image = graph.placeHolder("image", DataType.FLOAT, -1, 2, 8, 8);
        x.mmul(graph.var("plain", Nd4j.rand(6, 5)));
        graph.mmul(x, graph.var("transposed", Nd4j.rand(5, 6)), false, true, false);
        graph.mmul(graph.var("left", Nd4j.rand(5, 6)), x, false, true, false);
        Conv2DConfig.Conv2DConfigBuilder conv = Conv2DConfig.builder().kH(3).kW(3);
        graph.cnn.conv2d(image, graph.var("yxio", Nd4j.rand(3, 3, 2, 4)), conv.build());
        graph.cnn.conv2d(
                image,
                graph.var("oiyx", Nd4j.rand(4, 2, 3, 3)),
                conv.weightsFormat(WeightsFormat.OIYX).build());
        graph.cnn.deconv2d(
                image,
                graph.var("deconv", Nd4j.rand(3, 3, 4, 2)),
                DeConv2DConfig.builder().kH(3).kW(3).build());
        graph.cnn.deconv3d(
                graph.placeHolder("volume", DataType.FLOAT, -1, 2, 8, 8, 8),
                graph.var("deconv3d", Nd4j.rand(2, 2, 2, 4, 3)),
                DeConv3DConfig.builder().kD(2).kH(2).kW(2).build());
        graph.cnn.separableConv2d(
                image,
                graph.var("depth", Nd4j.rand(3, 3, 2, 4)),
                graph.var("point", Nd4j.rand(1, 1, 8, 5)),
                conv.weightsFormat(WeightsFormat.YXIO).build());
        graph.cnn.depthWiseConv2d(
                image,
                graph.var("depthwise", Nd4j.rand(3, 3, 2, 4)),
                Conv2DConfig.builder().kH(3).kW(3).build());
        graph.setTrainingConfig(SameDiffs.config(new Sgd(0.1)).build());

        Askew recipe = recipe().scale(Scale.max().perChannel())
                .variables(Variables.all().axis("plain", -2))
                .build();
        AskewPlan plan = recipe.install(graph);

        assertThat(channels(plan, "plain")).isEqualTo(new Channels(6, 5));
        assertThat(channels(plan, "transposed")).isEqualTo(new Channels(5, 6));
        assertThat(channels(plan, "left")).isEqualTo(new Channels(5, 6));
        assertThat(channels(plan, "yxio")).isEqualTo(new Channels(4, 1));
        assertThat(channels(plan, "oiyx")).isEqualTo(new Channels(4, 18));
        assertThat(channels(plan, "deconv")).isEqualTo(new Channels(4, 2));
        assertThat(channels(plan, "deconv3d")).isEqualTo(new Channels(4, 3));
        assertThat(channels(plan, "depthwise")).isEqualTo(new Channels(8, 1));
        assertThat(channels(plan, "depth")).isEqualTo(new Channels(8, 1));
        assertThat(channels(plan, "point")).isEqualTo(new Channels(5, 1));
    }

    @Test
    void axesOutOfRangeAreErrors() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe().scale(Scale.max().perChannel())
                        .variables(Variables.all().axis(SameDiffs.HIDDEN, 2))
                        .build()
                        .install(SameDiffs.of(new Sgd(0.1))))
                .withMessageContaining("variable 'hidden/w': axis is 2; allowed is -2 to 1");
    }

    private static Channels channels(AskewPlan plan, String name) {
        return plan.constrained().stream()
                .filter(e -> e.parameter().equals(name))
                .findFirst()
                .orElseThrow()
                .grid()
                .channels();
    }

    @Test
    void plateauAnnealingHearsScores() {
        SameDiff graph = SameDiffs.of(new Sgd(0.1));
        PlateauAnnealing plateau = new PlateauAnnealing(0.5, 1, 0);
        recipe().epsilon(plateau).build().install(graph);
        assertThat(PlateauListener.report(graph, 1.0)).isFalse();
        PlateauListener.report(graph, 2.0);
        PlateauListener.report(graph, 2.0);
        assertThat(SameDiffUpdater.of(graph).skew().epsilon().valueAt(0, 0)).isLessThan(1);
        assertThat(plateau.valueAt(0, 0)).isEqualTo(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> PlateauListener.report(SameDiffs.of(new Sgd(0.1)), 1))
                .withMessageContaining("PlateauAnnealing");
    }
}
