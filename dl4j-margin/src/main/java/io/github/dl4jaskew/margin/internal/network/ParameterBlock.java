package io.github.dl4jaskew.margin.internal.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A parameter of a layer, and where its elements are among all parameters of the network.
 *
 * @param layer the layer's name
 * @param from first element
 * @param to behind the last element
 * @param bias whether it is added: a bias, or the shift of batch norm
 * @param trained whether it belongs to the weights; not so running statistics and what is frozen
 */
public record ParameterBlock(String layer, int from, int to, boolean bias, boolean trained) {

    public static List<ParameterBlock> of(String name, Layer layer, INDArray all, TrainedParameters parameters) {
        List<ParameterBlock> blocks = new ArrayList<>();
        for (Map.Entry<String, INDArray> entry : layer.paramTable().entrySet()) {
            INDArray view = entry.getValue();
            int from = (int) (view.offset() - all.offset());
            boolean trained = parameters.isTrained(name, entry.getKey());
            boolean bias = isBias(layer, entry.getKey());
            blocks.add(new ParameterBlock(name, from, from + (int) view.length(), bias, trained));
        }
        return blocks;
    }

    private static boolean isBias(Layer layer, String key) {
        org.deeplearning4j.nn.conf.layers.Layer conf =
                TrainedParameters.inner(layer.conf().getLayer());
        return conf instanceof BatchNormalization
                ? key.equals(BatchNormalizationParamInitializer.BETA)
                : conf.initializer().isBiasParam(conf, key);
    }
}
