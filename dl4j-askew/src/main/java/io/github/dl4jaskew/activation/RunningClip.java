package io.github.dl4jaskew.activation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The one parameter of a {@link QuantizedActivationLayer}. */
final class RunningClip implements ParamInitializer {

    static final RunningClip INSTANCE = new RunningClip();

    static final String KEY = "clip";

    private RunningClip() {}

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return 1;
    }

    @Override
    public long numParams(Layer layer) {
        return 1;
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.of(KEY);
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of();
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return List.of();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return false;
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return false;
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray view, boolean initialize) {
        conf.addVariable(KEY);
        INDArray clip = view.reshape(1);
        if (initialize) {
            clip.assign(RunningClipLayer.NO_CLIP);
        }
        Map<String, INDArray> table = new LinkedHashMap<>();
        table.put(KEY, clip);
        return Collections.synchronizedMap(table);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray view) {
        Map<String, INDArray> table = new LinkedHashMap<>();
        table.put(KEY, view.reshape(1));
        return table;
    }
}
