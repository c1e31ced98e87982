package io.github.dl4jaskew.examples.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.quantized.BatchNormStatistics;
import java.util.Random;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** The plain Java networks are DL4J's. */
class MoonsSearchTest {

    @Test
    void lossesAgreeWithDeeplearning4j() {
        TwoMoonsTask task = new TwoMoonsTask(11);
        MultiLayerNetwork network = new MultiLayerNetwork(task.configuration(new Sgd(0.1), 11));
        network.init();
        MoonsSearch search = MoonsSearch.run(task.split());
        Random random = new Random(11);
        for (int repeat = 0; repeat < 5; repeat++) {
            double[] weights = new double[9];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = random.nextBoolean() ? 1 : -1;
            }
            set(network, weights);
            BatchNormStatistics.estimate(network, task.statisticsData());
            double expected = network.score(task.split().test(), false);
            assertThat(MoonsSearch.loss(
                            weights, task.split().train(), task.split().test()))
                    .isEqualTo(expected, within(1e-4));
            assertThat(network.score(task.split().train(), false)).isGreaterThan(search.bestTrain() - 1e-4);
            assertThat(expected).isGreaterThan(search.bestTest() - 1e-4);
        }
        assertThat(search.testOfBestTrain()).isGreaterThanOrEqualTo(search.bestTest());
    }

    /** DL4J has layers 0 (2 x 3) and 3 (3 x 1). */
    private static void set(MultiLayerNetwork network, double[] weights) {
        INDArray hidden = network.getParam("0_W");
        INDArray output = network.getParam("3_W");
        for (int unit = 0; unit < 3; unit++) {
            hidden.putScalar(0, unit, weights[unit]);
            hidden.putScalar(1, unit, weights[3 + unit]);
            output.putScalar(unit, 0, weights[6 + unit]);
        }
    }
}
