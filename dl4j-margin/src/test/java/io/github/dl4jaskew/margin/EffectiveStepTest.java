package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.metrics.ExampleMargin;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

class EffectiveStepTest {

    /** DL4J's mean is over the 2 examples, not over their 2 * 6 pixels with 3 margins each: held against a step that it takes. */
    @Test
    void pixelsAndOutputsAreNoExamples() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(DataType.DOUBLE),
                new ConvolutionLayer.Builder(1, 1)
                        .nIn(2)
                        .nOut(3)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build(),
                new CnnLossLayer.Builder(new LossBinaryXENT(0))
                        .activation(Activation.SIGMOID)
                        .build());
        INDArray labels = MarginNets.normal(DataType.DOUBLE, 5, 2, 3, 2, 3);
        labels = labels.gt(0).castTo(DataType.DOUBLE);
        DataSet data = new DataSet(MarginNets.normal(DataType.DOUBLE, 4, 2, 2, 2, 3), labels);
        MarginTracker tracker = MarginTracker.builder(new ExistingDataSetIterator(List.of(data)))
                .independentOutputs()
                .gradients()
                .inMemory()
                .build();
        MarginSnapshot s = tracker.measure(net, 1, 0);
        List<ExampleMargin> margins = tracker.margins(net);
        assertThat(s.counts().margins()).isEqualTo(36).isEqualTo(margins.size());
        INDArray before = net.params().dup();

        net.fit(data);

        // <w' - w, w> = gamma / N Sum |l'(q)| q for degree 1, and the effective step is gamma / N Sum |l'(q)| / rho
        double moved = net.params().sub(before).mul(before).sumNumber().doubleValue();
        double slopes = sum(margins, q -> 1 / (1 + Math.exp(q)));
        double weighted = sum(margins, q -> q / (1 + Math.exp(q)));
        assertThat(s.gradient().orElseThrow().effectiveStep().orElseThrow())
                .isCloseTo(moved / weighted * slopes / s.norm(), within(1e-9));
        assertThat(Math.log(0.1 / 2 * slopes / s.norm()))
                .isCloseTo(Math.log(s.gradient().orElseThrow().effectiveStep().orElseThrow()), within(1e-9));
    }

    private static double sum(List<ExampleMargin> margins, ToDoubleFunction<Double> of) {
        return margins.stream().mapToDouble(m -> of.applyAsDouble(m.margin())).sum();
    }
}
