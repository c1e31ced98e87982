package io.github.dl4jaskew.margin.homogeneity;

import io.github.dl4jaskew.margin.internal.network.TrainedParameters;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The copy of a ComputationGraph. */
final class GraphCopy extends DoubleCopy {

    private final ComputationGraph network;

    GraphCopy(ComputationGraph source) {
        super(source.params());
        // by JSON, because clone() shares the layers inside wrappers
        String json = source.getConfiguration().toJson();
        ComputationGraphConfiguration configuration = ComputationGraphConfiguration.fromJson(json);
        configuration.setDataType(DataType.DOUBLE);
        configuration.setBackpropType(BackpropType.Standard);
        configuration.getVertices().forEach((name, vertex) -> {
            if (vertex instanceof LayerVertex layer) {
                silence(layer.getLayerConf().getLayer());
            }
            if (configuration.getNetworkOutputs().contains(name)) {
                makeLogits(vertex);
            }
        });
        network = new ComputationGraph(configuration);
        network.init(original().dup(), false);
    }

    private void makeLogits(org.deeplearning4j.nn.conf.graph.GraphVertex vertex) {
        if (vertex instanceof LayerVertex layer) {
            makeLogits(layer.getLayerConf().getLayer());
        } else {
            withoutLoss();
        }
    }

    @Override
    INDArray[] logits(boolean training, INDArray... features) {
        int inputs = network.getNumInputArrays();
        if (features.length != inputs) {
            throw new IllegalArgumentException(
                    features.length + " arrays of features were given; the network has " + inputs + " inputs");
        }
        INDArray[] logits = network.output(training, features);
        for (int i = 0; i < logits.length; i++) {
            logits[i] = logits[i].dup();
        }
        return logits;
    }

    @Override
    Gradient gradient(INDArray[] features, INDArray[] labels) {
        network.setInputs(features);
        network.setLabels(labels);
        network.computeGradientAndScore();
        return network.gradient();
    }

    @Override
    INDArray parameters() {
        return network.params();
    }

    @Override
    TrainedParameters trained() {
        return TrainedParameters.of(network);
    }

    @Override
    void forEachLayer(Visitor visitor) {
        for (GraphVertex vertex : network.getVertices()) {
            if (vertex.hasLayer()) {
                visitor.visit(vertex.getVertexName(), vertex.getVertexName(), vertex.getLayer());
            }
        }
    }
}
