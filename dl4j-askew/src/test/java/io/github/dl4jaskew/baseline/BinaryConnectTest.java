package io.github.dl4jaskew.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.ConstrainedParameter;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.internal.rule.LevelMap;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.schedule.Growth;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class BinaryConnectTest {

    private static final DataSet TRAIN = Tasks.set(2, 600);
    private static final DataSet TEST = Tasks.set(3, 600);

    @Test
    void takesTheGradientAtTheRoundedWeightsAndStepsFromTheRealOnes() {
        MultiLayerNetwork network = Tasks.network(new Sgd(0.05));
        AskewPlan plan = BinaryConnect.builder().build().install(network);
        MultiLayerNetwork rounded = Tasks.network(new Sgd(0.05));
        plan.constrained().forEach(e -> round(rounded.getLayer(e.layer()).getParam(e.parameter()), e.grid()));
        INDArray before = network.params().dup();
        INDArray roundedBefore = rounded.params().dup();

        DataSet batch = Tasks.set(4, 30);
        network.fit(batch);
        rounded.fit(batch);

        INDArray step = rounded.params().sub(roundedBefore);
        INDArray expected = before.add(step);
        for (AskewPlan.Entry e : plan.constrained()) {
            INDArray actual = network.getLayer(e.layer()).getParam(e.parameter());
            ArrayWeights weights = new ArrayWeights(actual);
            ArrayWeights wanted = new ArrayWeights(viewLike(expected, network.params(), actual));
            double s = e.grid().scale(0);
            for (long i = 0; i < actual.length(); i++) {
                double clipped = Math.max(-s, Math.min(s, wanted.at(i)));
                assertThat(weights.at(i)).isCloseTo(clipped, within());
            }
        }
    }

    @Test
    void showsTheQuantizedNetworkAtInference() {
        MultiLayerNetwork network = Tasks.network(new Adam(0.01));
        BinaryConnect method =
                BinaryConnect.builder().stochastic(3).grid(Grid.uniform(2)).build();
        method.install(network);
        network.fit(TRAIN);
        assertThat(network.output(TEST.getFeatures()))
                .isEqualTo(method.quantize(network).output(TEST.getFeatures()));
    }

    @Test
    void startsSmallAndCountsInCellsAsAskewSgdDoes() {
        MultiLayerNetwork network = Tasks.network(new Adam(0.01));
        AskewPlan plan = BinaryConnect.builder()
                .updater(new Adam(0.1))
                .initialScale(0.06)
                .build()
                .install(network);
        assertThat(plan.settings()).anyMatch(line -> line.contains("learning rate per CELL"));
        assertThat(plan.settings()).contains("initial scale 0.06");
        for (AskewPlan.Entry e : plan.constrained()) {
            INDArray weights = network.getLayer(e.layer()).getParam(e.parameter());
            double rootMeanSquare = weights.norm2Number().doubleValue() / Math.sqrt(weights.length());
            assertThat(rootMeanSquare).isCloseTo(0.06 * e.grid().scale(0), within());
        }

        AskewPlan ofTheNetwork = BinaryConnect.builder().build().install(Tasks.network(new Adam(0.01)));
        assertThat(ofTheNetwork.settings()).anyMatch(line -> line.contains("learning rate per WEIGHT"));
    }

    @Test
    void stochasticRoundingDrawsAnewInEveryIterationAndForEveryParameter() {
        assertThat(RoundedWeights.seedOf(1, "a/W", 0))
                .isEqualTo(RoundedWeights.seedOf(1, "a/W", 0))
                .isNotEqualTo(RoundedWeights.seedOf(2, "a/W", 0))
                .isNotEqualTo(RoundedWeights.seedOf(1, "b/W", 0))
                .isNotEqualTo(RoundedWeights.seedOf(1, "a/W", 1));
    }

    @Test
    void partsOfAConfigurationAreValues() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        RoundedWeights rounded = new RoundedWeights("a", Map.of("W", grid), null);
        AnnealedWeights relaxed =
                new AnnealedWeights("a", Map.of("W", grid), AnnealedWeights.Shape.RELAX, Growth.linear(1));
        ConstrainedLayer layer = new ConstrainedLayer("a", List.of(new ConstrainedParameter("W", 0, 2, grid)));
        LatentStep latent = new LatentStep(layer, 1, true, null);
        ProxStep prox = new ProxStep(layer, 1, Growth.linear(1), true, null);
        for (Object value : List.of(rounded, relaxed, latent, prox)) {
            assertThat(value).isEqualTo(value).isNotEqualTo("other").isNotEqualTo(null);
        }
        assertThat(rounded)
                .isEqualTo(rounded.clone())
                .isNotEqualTo(relaxed)
                .isNotEqualTo(new RoundedWeights("a", Map.of("W", grid), 3L))
                .isNotEqualTo(new RoundedWeights("b", Map.of("W", grid), null))
                .hasToString("RoundedWeights(a)");
        assertThat(relaxed)
                .isEqualTo(relaxed.clone())
                .hasSameHashCodeAs(relaxed.clone())
                .isNotEqualTo(rounded)
                .isNotEqualTo(
                        new AnnealedWeights("a", Map.of("W", grid), AnnealedWeights.Shape.SHARPEN, Growth.linear(1)));
        assertThat(latent)
                .isEqualTo(new LatentStep(layer, 1, true, null))
                .hasSameHashCodeAs(new LatentStep(layer, 1, true, null))
                .isNotEqualTo(new LatentStep(layer, 1, false, null))
                .hasToString("LatentStep(a, clipping)");
        assertThat(prox)
                .isEqualTo(prox.clone())
                .hasSameHashCodeAs(prox.clone())
                .isNotEqualTo(new ProxStep(layer, 1, Growth.linear(1), false, null));
        INDArray weights = Nd4j.createFromArray(0.5f, -0.5f);
        assertThat(latent.score(weights, 0, 0) + prox.score(weights, 0, 0)).isZero();
    }

    @Test
    void thresholdsTimesTheLearningRate() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        ConstrainedLayer layer = new ConstrainedLayer("a", List.of(new ConstrainedParameter("W", 0, 2, grid)));
        INDArray weights = Nd4j.createFromArray(0.5f, -0.5f);
        INDArray update = Nd4j.createFromArray(0.1f, 0.1f);
        // Algorithm 1: prox of eta lambda R at w - eta g, with eta = 0.5, lambda = 0.2 * 2.
        new ProxStep(layer, 0, Growth.linear(0.2), true, null).apply(weights, update, 0.5, 7, 2);
        assertThat(weights.sub(update).toFloatVector()).containsExactly(0.6f, -0.8f);
    }

    private static void round(INDArray weights, ScaledGrid grid) {
        LevelMap.nearest(grid, weights, weights);
    }

    private static INDArray viewLike(INDArray vector, INDArray original, INDArray view) {
        long first = view.offset() - original.offset();
        return vector.reshape(-1).get(NDArrayIndex.interval(first, first + view.length()));
    }

    private static Offset<Double> within() {
        return Offset.offset(1e-5);
    }
}
