package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.margin.metrics.Loss;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

@Tag("training")
class BadInputTest {

    private static final DataType F = DataType.FLOAT;

    private static DataSetIterator one(INDArray x, INDArray y) {
        return new ExistingDataSetIterator(List.of(new DataSet(x, y)));
    }

    private static MarginSnapshot measure(MultiLayerNetwork net, DataSetIterator data) {
        return MarginTracker.builder(data).build().measure(net, 1, 0);
    }

    @Test
    void noData() {
        DataSetIterator empty = new ExistingDataSetIterator(new ArrayList<DataSet>());
        assertThatThrownBy(() -> measure(MarginNets.mlp(F), empty)).hasMessageContaining("no data");
        assertThatThrownBy(() -> MarginTracker.builder(empty).inMemory().build())
                .hasMessageContaining("no data");
        MarginTracker free = MarginTracker.free(1).build();
        assertThatThrownBy(() -> free.measure(MarginNets.mlp(F), 1, 0)).hasMessageContaining("no minibatch");
        assertThatThrownBy(() -> free.history().last()).hasMessageContaining("nothing was measured");
    }

    @Test
    void unlabelledData() {
        DataSetIterator data = one(MarginNets.normal(F, 1, 3, 4), null);
        assertThatThrownBy(() -> measure(MarginNets.mlp(F), data)).hasMessageContaining("no labels");
        assertThatThrownBy(() -> MarginTracker.builder(data).iterations().build())
                .hasMessageContaining("no labels");
    }

    @Test
    void labelsThatDoNotFit() {
        INDArray x = MarginNets.normal(F, 1, 2, 4);
        assertThatThrownBy(() -> measure(MarginNets.mlp(F), one(x, Nd4j.ones(F, 2, 2))))
                .hasMessageContaining("labels have 2 rows of 2")
                .hasMessageContaining("2 rows of 3");
        MultiLayerNetwork binary = MarginNets.network(MarginNets.base(F), MarginNets.sigmoid(4, 1));
        assertThatThrownBy(() -> measure(binary, one(x, Nd4j.ones(F, 2, 2)))).hasMessageContaining("2 rows of 1");
        assertThatThrownBy(() -> measure(binary, one(x, Nd4j.valueArrayOf(new long[] {2, 1}, 0.5f))))
                .hasMessageContaining("0.5");
        float[][] wrong = {{1, 1, 0}, {0, 0, 0}, {.5f, .5f, 0}, {2, 0, 0}, {Float.NaN, 1, 0}};
        for (float[] label : wrong) {
            assertThatThrownBy(() ->
                            measure(MarginNets.mlp(F), one(x, Nd4j.createFromArray(new float[][] {{1, 0, 0}, label}))))
                    .hasMessageContaining("row 1")
                    .hasMessageContaining("one-hot");
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void dataThatAreNotFinite(float bad) {
        INDArray x = MarginNets.normal(F, 1, 2, 4);
        x.putScalar(new int[] {1, 2}, bad);
        MultiLayerNetwork linear = MarginNets.network(MarginNets.base(F), MarginNets.softmax(4, 3));
        assertThatThrownBy(() -> measure(linear, one(x, MarginNets.oneHot(F, 1, 2, 3))))
                .hasMessageContaining("row 1")
                .hasMessageContaining("diverged");
    }

    @Test
    void weightsThatAreNotFiniteOrAllZero() {
        MultiLayerNetwork net = MarginNets.mlp(F);
        DataSetIterator data = MarginNets.iterator(MarginNets.data(F, 3), 3);
        net.params().assign(0);
        assertThatThrownBy(() -> measure(net, data)).hasMessageContaining("norm of the trained weights is 0");
        net.params().putScalar(3, Double.NaN);
        assertThatThrownBy(() -> measure(net, data)).hasMessageContaining("NaN");
    }

    @Test
    void aNetworkThatIsNotTheOneBefore() {
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(MarginNets.data(F, 3), 3))
                .gradients()
                .build();
        tracker.measure(MarginNets.mlp(F), 1, 0);
        MultiLayerNetwork wider = MarginNets.network(
                MarginNets.base(F), MarginNets.dense(4, 9, Activation.RELU), MarginNets.softmax(9, 3));
        assertThatThrownBy(() -> tracker.measure(wider, 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("63 parameters")
                .hasMessageContaining("had 56");
    }

    @Test
    void masksThatLeaveNothingOrHideWhatIsNotFinite() {
        DataSet data = MarginNets.data(F, 4);
        data.setLabelsMaskArray(Nd4j.zeros(F, 4, 1));
        DataSetIterator masked = new ExistingDataSetIterator(List.of(data));
        assertThatThrownBy(() -> measure(MarginNets.mlp(F), masked))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave no example");
        data.setLabelsMaskArray(Nd4j.createFromArray(0f, 1, 1, 1).reshape(4, 1));
        data.getFeatures().putScalar(0, 0, Double.NaN);
        MarginSnapshot s = MarginTracker.builder(masked).gradients().build().measure(MarginNets.mlp(F), 1, 0);
        assertThat(s.counts().margins()).isEqualTo(3);
        assertThat(s.minimumMargin()).isFinite();
        assertThat(s.gradient()).isEmpty();
        assertThat(s.reasons()).singleElement().asString().contains("not finite");
    }

    @Test
    void aHiddenBiasIsReportedAndTheRestWorks() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(F),
                MarginNets.dense(4, 8, Activation.RELU),
                new DenseLayer.Builder().name("biased").nIn(8).nOut(8).build(),
                MarginNets.softmax(8, 3));
        MarginSnapshot s = MarginTracker.builder(MarginNets.iterator(MarginNets.data(F, 9), 4))
                .gradients()
                .neuralCollapse()
                .build()
                .measure(net, 1, 0);
        assertThat(s.degree()).isEmpty();
        assertThat(s.normalizedMargin()).isEmpty();
        assertThat(s.smoothedMargin()).isEmpty();
        assertThat(s.productNormalizedMargin()).isEmpty();
        assertThat(s.reasons()).anyMatch(reason -> reason.startsWith("degree:") && reason.contains("\"biased\""));
        assertThat(s.minimumMargin()).isFinite();
        assertThat(s.logLossSum()).isPresent();
        assertThat(s.gradient().orElseThrow().alignment()).isBetween(-1.0, 1.0);
        assertThat(s.gradient().orElseThrow().windowedAlignment()).isEmpty();
        assertThat(s.collapse().orElseThrow().variability()).isPresent();
    }

    @Test
    void tanhIsReportedWithItsLayer() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(F), MarginNets.dense(4, 8, Activation.TANH), MarginNets.softmax(8, 3));
        assertThat(measure(net, MarginNets.iterator(MarginNets.data(F, 9), 4)).reasons())
                .singleElement()
                .asString()
                .contains("layer0")
                .containsIgnoringCase("tanh");
    }

    /** Of equal inputs, the one with the rarer label has a negative margin; at a tie, rounding would decide. */
    @Test
    void contradictingLabelsNeverEnterTheLateStage() {
        INDArray x = Nd4j.ones(F, 3, 4);
        DataSet data = new DataSet(x, Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 1, 0}, {1, 0, 0}}));
        MultiLayerNetwork net = MarginNets.mlp(F);
        MarginTracker tracker = MarginTracker.builder(new ExistingDataSetIterator(List.of(data)))
                .every(20)
                .iterations()
                .gradients()
                .build();
        net.addListeners(new MarginListener(tracker));
        for (int i = 0; i < 100; i++) {
            net.fit(data);
        }
        assertThat(tracker.history().snapshots())
                .hasSize(5)
                .noneMatch(s -> s.stage().entered());
        assertThat(tracker.history().last().stage().firstSeparated()).isEmpty();
        assertThat(tracker.history().last().reasons())
                .singleElement()
                .asString()
                .contains("KKT");
    }

    @Test
    void layersWithoutLogits() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(F),
                new org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer.Builder(new LossMCXENT())
                        .name("centers")
                        .nIn(4)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build());
        assertThatThrownBy(() -> measure(net, MarginNets.iterator(MarginNets.data(F, 3), 3)))
                .hasMessageContaining("\"centers\"")
                .hasMessageContaining("CenterLossOutputLayer");
        MultiLayerNetwork hidden = MarginNets.network(MarginNets.base(F), MarginNets.dense(4, 3, Activation.RELU));
        assertThatThrownBy(() -> measure(hidden, MarginNets.iterator(MarginNets.data(F, 3), 3)))
                .hasMessageContaining("DenseLayer");
        MultiLayerNetwork single = MarginNets.network(
                MarginNets.base(F),
                new OutputLayer.Builder(new org.nd4j.linalg.lossfunctions.impl.LossMSE())
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build());
        assertThatThrownBy(() -> MarginTracker.builder(MarginNets.iterator(MarginNets.data(F, 3), 3))
                        .output("x")
                        .build()
                        .measure(single, 1, 0))
                .hasMessageContaining("\"x\"");
    }

    @Test
    void settingsOutOfRange() {
        MarginTracker.Builder builder = MarginTracker.builder(MarginNets.iterator(MarginNets.data(F, 3), 3));
        assertThatThrownBy(() -> builder.every(0)).hasMessageContaining("every is 0");
        assertThatThrownBy(() -> builder.window(0)).hasMessageContaining("window is 0");
        assertThatThrownBy(() -> builder.degree(Double.NaN)).hasMessageContaining("degree is NaN");
        assertThatThrownBy(() -> MarginTracker.free(0)).hasMessageContaining("minibatches is 0");
        assertThatThrownBy(() -> MarginTracker.free(1).gradients().build()).hasMessageContaining("gradients()");
        assertThatThrownBy(() -> MarginTracker.free(1).neuralCollapse().build())
                .hasMessageContaining("neuralCollapse()");
        assertThatThrownBy(() -> builder.loss(Loss.LOGISTIC).build().measure(MarginNets.mlp(F), 1, 0))
                .hasMessageContaining("LOGISTIC");
        assertThatThrownBy(() -> MarginTracker.builder(MarginNets.iterator(MarginNets.data(F, 3), 3))
                        .independentOutputs()
                        .loss(Loss.CROSS_ENTROPY)
                        .build()
                        .measure(MarginNets.mlp(F), 1, 0))
                .hasMessageContaining("CROSS_ENTROPY");
    }

    @Test
    void iterationsMustRise() {
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(MarginNets.data(F, 3), 3))
                .build();
        tracker.measure(MarginNets.mlp(F), 5, 0);
        assertThatThrownBy(() -> tracker.measure(MarginNets.mlp(F), 5, 0)).hasMessageContaining("iteration is 5");
    }

    @Test
    void anIteratorSharedInTheMiddleOfAnEpochIsRefused() {
        DataSetIterator shared = MarginNets.iterator(MarginNets.data(F, 9), 3);
        MarginTracker tracker =
                MarginTracker.builder(shared).iterations().streaming().build();
        MultiLayerNetwork net = MarginNets.mlp(F);
        tracker.measure(net, 1, 0);
        shared.reset();
        shared.next();
        assertThatThrownBy(() -> tracker.measure(net, 2, 0)).hasMessageContaining("has another reader");
    }

    @Test
    void anIteratorThatCannotBeReset() {
        DataSetIterator once =
                new ExistingDataSetIterator(List.of(MarginNets.data(F, 6)).iterator());
        assertThatThrownBy(() -> MarginTracker.builder(once).build()).hasMessageContaining("inMemory()");
        MarginTracker kept = MarginTracker.builder(once).inMemory().build();
        assertThat(kept.measure(MarginNets.mlp(F), 1, 0).examples()).isEqualTo(6);
        assertThat(kept.measure(MarginNets.mlp(F), 2, 0).examples()).isEqualTo(6);
    }

    @Test
    void aNetworkOfAnotherKind() {
        MultiLayerNetwork recurrent = MarginNets.network(
                MarginNets.base(F),
                new LSTM.Builder().nIn(4).nOut(3).build(),
                new org.deeplearning4j.nn.conf.layers.RnnOutputLayer.Builder(new LossMCXENT())
                        .nIn(3)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build());
        INDArray x = MarginNets.normal(F, 1, 2, 4, 5);
        INDArray y =
                MarginNets.oneHot(F, 2, 10, 3).reshape(2, 5, 3).permute(0, 2, 1).dup();
        DataSet masked = new DataSet(x, y, null, Nd4j.ones(F, 2, 3, 5));
        assertThatThrownBy(() -> measure(recurrent, new ExistingDataSetIterator(List.of(masked))))
                .hasMessageContaining("mask");
        assertThatThrownBy(() -> MarginTracker.free(1)
                        .build()
                        .measure(
                                new org.deeplearning4j.nn.layers.OutputLayer(
                                        recurrent.getLayer(1).conf(), F),
                                1,
                                0))
                .hasMessageContaining("MultiLayerNetwork or a ComputationGraph");
    }
}
