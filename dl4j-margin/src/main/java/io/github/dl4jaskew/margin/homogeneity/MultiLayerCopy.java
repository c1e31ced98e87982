package io.github.dl4jaskew.margin.homogeneity;

import io.github.dl4jaskew.margin.internal.network.TrainedParameters;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The copy of a MultiLayerNetwork. */
final class MultiLayerCopy extends DoubleCopy {

    private final MultiLayerNetwork network;

    MultiLayerCopy(MultiLayerNetwork source) {
        super(source.params());
        // by JSON, because clone() shares the layers inside wrappers
        String json = source.getLayerWiseConfigurations().toJson();
        MultiLayerConfiguration configuration = MultiLayerConfiguration.fromJson(json);
        configuration.setDataType(DataType.DOUBLE);
        configuration.setBackpropType(BackpropType.Standard);
        int last = configuration.getConfs().size() - 1;
        for (int i = 0; i <= last; i++) {
            silence(configuration.getConf(i).getLayer());
        }
        makeLogits(configuration.getConf(last).getLayer());
        network = new MultiLayerNetwork(configuration);
        network.init(original().dup(), false);
    }

    @Override
    INDArray[] logits(boolean training, INDArray... features) {
        if (features.length != 1) {
            throw new IllegalArgumentException(
                    features.length + " arrays of features were given; the network has 1 input");
        }
        return new INDArray[] {network.output(features[0], training).dup()};
    }

    @Override
    Gradient gradient(INDArray[] features, INDArray[] labels) {
        network.setInput(features[0]);
        network.setLabels(labels[0]);
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
        for (int i = 0; i < network.getnLayers(); i++) {
            visitor.visit(Integer.toString(i), network.getLayerNames().get(i), network.getLayers()[i]);
        }
    }
}
