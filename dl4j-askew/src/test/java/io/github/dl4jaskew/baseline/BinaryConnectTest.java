package io.github.dl4jaskew.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.AskewPlan;
import io.github.dl4jaskew.LearningRateUnit;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.ArrayWeights;
import io.github.dl4jaskew.interval.LevelMap;
import io.github.dl4jaskew.quantized.QuantizedModel;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void learnsBetterThanRounding(boolean stochastic) {
        MultiLayerNetwork plain = Tasks.network(new Adam(0.01));
        plain.fit(Tasks.data(2, 600), Tasks.EPOCHS);
        double rounded = PostTraining.builder()
                .build()
                .quantize(plain, Tasks.data(2, 600))
                .evaluate(Tasks.data(3, 600))
                .accuracy();

        MultiLayerNetwork network = Tasks.network(new Adam(0.01));
        BinaryConnect.Builder builder = BinaryConnect.builder()
                .scale(Scale.unit())
                .updater(new Adam(0.02))
                .learningRateUnit(LearningRateUnit.CELL);
        BinaryConnect method = (stochastic ? builder.stochastic(7) : builder).build();
        method.install(network);
        network.fit(Tasks.data(2, 600), Tasks.EPOCHS);
        QuantizedModel model = method.quantize(network, Tasks.data(2, 600));

        assertThat(model.evaluate(Tasks.data(3, 600)).accuracy())
                .as("rounded: %f", rounded)
                .isGreaterThan(stochastic ? 0.5 : rounded);
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
