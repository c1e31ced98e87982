package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.metrics.ClassMargins;
import io.github.dl4jaskew.margin.metrics.ExampleMargin;
import io.github.dl4jaskew.margin.metrics.MarginCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class ExampleMarginsTest {

    @TempDir
    Path directory;

    @Test
    void theWorstOfAllInTheOrderOfTheData() throws IOException {
        MultiLayerNetwork net = MarginNets.mlp(DataType.DOUBLE);
        DataSet data = MarginNets.data(DataType.DOUBLE, 11);
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(data, 4))
                .hardest(3)
                .byClass()
                .test(MarginNets.iterator(MarginNets.data(DataType.DOUBLE, 5), 2))
                .build();
        MarginSnapshot s = tracker.measure(net, 1, 0);
        List<ExampleMargin> all = tracker.margins(net);
        assertThat(all).extracting(ExampleMargin::example).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        double[][] logits = Logits.of(net).of(data);
        for (ExampleMargin m : all) {
            double[] row = logits[m.example()];
            assertThat(data.getLabels().getDouble(m.example(), m.label())).isEqualTo(1);
            assertThat(m.runnerUp()).isNotEqualTo(m.label());
            for (int j = 0; j < row.length; j++) {
                assertThat(j == m.label() || row[j] <= row[m.runnerUp()]).isTrue();
            }
            assertThat(m.margin()).isCloseTo(row[m.label()] - row[m.runnerUp()], within(1e-12));
        }
        List<ExampleMargin> sorted = all.stream()
                .sorted(Comparator.comparingDouble(ExampleMargin::margin))
                .toList();
        assertThat(s.hardest()).isEqualTo(sorted.subList(0, 3));
        assertThat(s.hardest().get(0).margin()).isEqualTo(s.minimumMargin());
        assertThat(s.largestMargin()).isEqualTo(sorted.get(10).margin());
        for (ClassMargins c : s.classes()) {
            double[] own = all.stream()
                    .filter(m -> m.label() == c.label())
                    .mapToDouble(ExampleMargin::margin)
                    .toArray();
            assertThat(c.margins()).isEqualTo(own.length);
            assertThat(c.minimumMargin()).isEqualTo(Arrays.stream(own).min().getAsDouble());
            assertThat(c.meanMargin()).isCloseTo(Arrays.stream(own).average().getAsDouble(), within(1e-12));
            assertThat(c.accuracy() * own.length)
                    .isCloseTo(Arrays.stream(own).filter(q -> q > 0).count(), within(1e-12));
        }
        assertThat(s.classes().stream().mapToInt(ClassMargins::margins).sum()).isEqualTo(11);
        // the first five examples of the same seeds
        assertThat(s.counts()).isEqualTo(new MarginCounts(11, 11, 0, 1));
        assertThat(s.test().orElseThrow().counts()).isEqualTo(new MarginCounts(5, 5, 0, 1));
        assertThat(s.test().orElseThrow().minimumMargin())
                .isEqualTo(tracker.testMargins(net).stream()
                        .mapToDouble(ExampleMargin::margin)
                        .min()
                        .getAsDouble());
        assertThat(tracker.history().size()).isEqualTo(1);
        assertThat(MarginJson.read(MarginJson.write(s))).isEqualTo(s);
        Path path = directory.resolve("new/all.csv");
        MarginFile.writeMargins(path, all);
        List<String> lines = Files.readAllLines(path);
        assertThat(lines).hasSize(12);
        assertThat(lines.get(0)).isEqualTo("example,position,output,label,runnerUp,margin");
        assertThat(lines.get(1)).startsWith("0,0,0,").endsWith("," + all.get(0).margin());
    }

    @Test
    void maskedTimeStepsKeepTheirNumbers() {
        MultiLayerNetwork net = new MultiLayerNetwork(MarginNets.base(DataType.DOUBLE)
                .list()
                .layer(new LSTM.Builder().nOut(4).activation(Activation.TANH).build())
                .layer(new RnnOutputLayer.Builder(new LossMCXENT(0, null))
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.recurrent(2))
                .build());
        net.init();
        INDArray features = MarginNets.normal(DataType.DOUBLE, 3, 2, 2, 5);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, 2, 3, 5);
        for (int t = 0; t < 5; t++) {
            labels.putScalar(new int[] {0, t % 3, t}, 1);
            labels.putScalar(new int[] {1, 2, t}, 1);
        }
        INDArray mask = Nd4j.createFromArray(new double[][] {{0, 0, 0, 0, 0}, {0, 0, 0, 1, 1}});
        DataSet data = new DataSet(features, labels, null, mask);
        MarginTracker tracker = MarginTracker.builder(new ExistingDataSetIterator(List.of(data)))
                .inMemory()
                .build();
        MarginSnapshot s = tracker.measure(net, 1, 0);
        // two examples of five time steps, of which eight are masked
        assertThat(s.counts()).isEqualTo(new MarginCounts(2, 10, 8, 1));
        assertThat(s.examples()).isEqualTo(2);
        assertThat(s.counts().margins()).isEqualTo(2);
        assertThat(s.histogram().orElseThrow().counts().stream()
                        .mapToInt(n -> n)
                        .sum())
                .isEqualTo(2);
        assertThat(s.hardestExample()).isEqualTo(1);
        assertThat(MarginJson.read(MarginJson.write(s))).isEqualTo(s);
        assertThat(tracker.margins(net)).extracting(ExampleMargin::position).containsExactly(3, 4);
        assertThat(tracker.margins(net)).extracting(ExampleMargin::label).containsExactly(2, 2);
        assertThat(s.hardest().get(0).position()).isBetween(3, 4);
    }

    /** Of three independent outputs at each of two time steps, with one time step masked. */
    @Test
    void outputsAndTimeStepsAreToldApart() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(DataType.DOUBLE),
                new RnnLossLayer.Builder(new LossBinaryXENT(0))
                        .activation(Activation.SIGMOID)
                        .build());
        // the logits themselves: of example 1 at time 1, the second output is the worst; that at time 0 is masked
        INDArray features = Nd4j.ones(DataType.DOUBLE, 2, 3, 2);
        features.putScalar(new int[] {1, 2, 0}, -9);
        features.putScalar(new int[] {1, 1, 1}, -2);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1}, {0, 1}});
        DataSet data = new DataSet(features, Nd4j.ones(DataType.DOUBLE, 2, 3, 2), null, mask);
        MarginTracker tracker = MarginTracker.builder(new ExistingDataSetIterator(List.of(data)))
                .independentOutputs()
                .inMemory()
                .build();
        assertThat(tracker.margins(net)).hasSize(9).contains(new ExampleMargin(1, 1, 1, 1, 0, -2));
        assertThat(tracker.margins(net).stream().min(Comparator.comparingDouble(ExampleMargin::margin)))
                .contains(new ExampleMargin(1, 1, 1, 1, 0, -2));
        assertThat(tracker.margins(net)).noneMatch(m -> m.example() == 1 && m.position() == 0);
    }

    @Test
    void independentOutputsHaveTheirNumbers() {
        MultiLayerNetwork net = MarginNets.network(MarginNets.base(DataType.DOUBLE), MarginNets.sigmoid(1, 2));
        net.params().assign(Nd4j.createFromArray(2.0, -1.0));
        DataSet data = new DataSet(Nd4j.ones(DataType.DOUBLE, 1, 1), Nd4j.ones(DataType.DOUBLE, 1, 2));
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(data, 1))
                .independentOutputs()
                .byClass()
                .build();
        assertThat(tracker.measure(net, 1, 0).hardest()).containsExactly(new ExampleMargin(0, 0, 1, 1, 0, -1));
        assertThat(tracker.history().last().counts()).isEqualTo(new MarginCounts(1, 1, 0, 2));
        assertThat(tracker.history().last().counts().margins()).isEqualTo(2);
        assertThat(tracker.history().last().classes())
                .containsExactly(new ClassMargins(0, 1, 1, 2, 2, 1), new ClassMargins(1, 1, 1, -1, -1, 0));
        assertThatThrownBy(() -> tracker.testMargins(net)).hasMessageContaining("test(...)");
        assertThatThrownBy(() -> MarginTracker.free(1).hardest(0)).hasMessageContaining("hardest is 0");
    }
}
