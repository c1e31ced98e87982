package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.activation.QuantizedActivation;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A quantized function with the clip of each minibatch, whose mean it takes. Lives in a probe, never in a user's network. */
final class ObservedActivation extends BaseActivationFunction {

    private static final long serialVersionUID = 1L;

    private final QuantizedActivation function;
    private final MeanClip mean;

    ObservedActivation(QuantizedActivation function, MeanClip mean) {
        this.function = function;
        this.mean = mean;
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        double clip = function.batchClip(in);
        mean.add(clip);
        return function.withClip(clip).getActivation(in, training);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        throw new UnsupportedOperationException("a probe is not trained");
    }
}
