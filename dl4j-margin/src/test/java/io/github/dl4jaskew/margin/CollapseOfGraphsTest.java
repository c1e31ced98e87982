package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.datasets.iterator.utilty.SingletonMultiDataSetIterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Neural collapse of ComputationGraphs. */
class CollapseOfGraphsTest {

    private static final DataType F = DataType.FLOAT;

    @Test
    void isThatOfTheSameNetworkAsAList() {
        MultiLayerNetwork net = MarginNets.mlp(F);
        DataSetIterator data = MarginNets.iterator(MarginNets.data(F, 14), 4);
        var asList = MarginTracker.builder(data).neuralCollapse().build().measure(net, 1, 0);
        var asGraph = MarginTracker.builder(data).neuralCollapse().build().measure(net.toComputationGraph(), 1, 0);
        assertThat(asList.collapse()).isPresent();
        assertThat(asGraph.collapse()).isEqualTo(asList.collapse());
    }

    @Test
    void isMeasuredAtTheNamedOutput() {
        ComputationGraph graph = MarginNets.graph(F);
        DataSet rows = MarginNets.data(F, 14);
        INDArray other = rows.getLabels().getColumn(0, true).dup();
        var data = new SingletonMultiDataSetIterator(
                new MultiDataSet(new INDArray[] {rows.getFeatures()}, new INDArray[] {rows.getLabels(), other}));
        for (String output : graph.getConfiguration().getNetworkOutputs()) {
            MarginSnapshot s = MarginTracker.builder(data)
                    .output(output)
                    .neuralCollapse()
                    .build()
                    .measure(graph, 1, 0);
            assertThat(s.collapse().orElseThrow().variability()).isPresent();
            // two classes are always as far apart as can be
            assertThat(s.collapse().orElseThrow().simplexGap().orElseThrow() < 1e-6)
                    .isEqualTo("other".equals(output));
        }
    }
}
