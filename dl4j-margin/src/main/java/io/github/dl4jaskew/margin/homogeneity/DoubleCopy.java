package io.github.dl4jaskew.margin.homogeneity;

import io.github.dl4jaskew.margin.internal.network.TrainedParameters;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A copy of a network in double, without dropout and weight noise, whose outputs are logits. The network itself, and
 * ND4J's random numbers, are left alone. Not thread safe.
 */
abstract class DoubleCopy {

    private final INDArray original;
    private boolean allOutputsHaveLosses = true;

    DoubleCopy(INDArray parameters) {
        original = parameters.castTo(DataType.DOUBLE).dup();
    }

    /** One array for each output, in network order; batch norm takes the statistics of the features if in training. */
    abstract INDArray[] logits(boolean training, INDArray... features);

    /** The gradient of the sum of logits times labels. */
    abstract Gradient gradient(INDArray[] features, INDArray[] labels);

    abstract INDArray parameters();

    /** The prefixes of the layers' parameters in a {@link Gradient}, their names, and they themselves. */
    abstract void forEachLayer(Visitor visitor);

    abstract TrainedParameters trained();

    /** Is shown a layer. */
    interface Visitor {

        void visit(String prefix, String name, Layer layer);
    }

    final boolean allOutputsHaveLosses() {
        return allOutputsHaveLosses;
    }

    final INDArray original() {
        return original;
    }

    final void restore() {
        parameters().assign(original);
    }

    /** Multiplies every trained parameter. */
    final void scale(double factor) {
        forEachTrained((key, parameter) -> parameter.muli(factor));
    }

    /** Adds noise to every trained parameter and to running means: biases are often 0 and hide what they break. */
    final void perturb(long seed, double share) {
        double[] squares = new double[2];
        forEachTrained((key, parameter) -> {
            squares[0] += Math.pow(parameter.norm2Number().doubleValue(), 2);
            squares[1] += parameter.length();
        });
        double size = share * (squares[0] > 0 ? Math.sqrt(squares[0] / squares[1]) : 1);
        Random random = new Random(seed);
        forEachTrained((key, parameter) -> addNoise(parameter, random, size));
        forEachLayer((prefix, name, layer) -> {
            if (layer.conf().getLayer() instanceof BatchNormalization) {
                addNoise(layer.getParam(BatchNormalizationParamInitializer.GLOBAL_MEAN), random, size);
            }
        });
    }

    /** The product of all trained parameters with their gradient. */
    final double product(Gradient gradient) {
        double[] sum = new double[1];
        forEachTrained((key, parameter) -> {
            INDArray slope = gradient.getGradientFor(key);
            sum[0] += slope.reshape('c', parameter.shape())
                    .mul(parameter)
                    .sumNumber()
                    .doubleValue();
        });
        return sum[0];
    }

    private void forEachTrained(BiConsumer<String, INDArray> action) {
        TrainedParameters trained = trained();
        forEachLayer((prefix, name, layer) -> layer.paramTable().forEach((key, parameter) -> {
            if (trained.isTrained(name, key)) {
                action.accept(prefix + "_" + key, parameter);
            }
        }));
    }

    private static void addNoise(INDArray parameter, Random random, double size) {
        double[] noise = random.doubles(parameter.length(), -size, size).toArray();
        parameter.addi(Nd4j.createFromArray(noise).reshape(parameter.shape()));
    }

    /** Takes out what draws random numbers; to be called before the copy is initialised. */
    static void silence(org.deeplearning4j.nn.conf.layers.Layer outer) {
        org.deeplearning4j.nn.conf.layers.Layer layer = TrainedParameters.inner(outer);
        for (org.deeplearning4j.nn.conf.layers.Layer each : List.of(outer, layer)) {
            each.setIDropout(null);
            if (each instanceof BaseLayer base) {
                base.setWeightNoise(null);
            }
        }
    }

    /** Turns an output into logits; to be called before the copy is initialised. */
    final void makeLogits(org.deeplearning4j.nn.conf.layers.Layer layer) {
        if (layer instanceof BaseOutputLayer output) {
            output.setLossFn(new LinearLoss());
        } else if (layer instanceof LossLayer output) {
            output.setLossFn(new LinearLoss());
        } else if (layer instanceof CnnLossLayer output) {
            output.setLossFn(new LinearLoss());
        } else if (layer instanceof Cnn3DLossLayer output) {
            output.setLossFn(new LinearLoss());
        } else if (layer instanceof RnnLossLayer output) {
            output.setLossFn(new LinearLoss());
        } else {
            withoutLoss();
            return;
        }
        BaseLayer base = (BaseLayer) layer;
        if (ActivationRules.belongsToLoss(base.getActivationFn())) {
            base.setActivationFn(new ActivationIdentity());
        }
    }

    final void withoutLoss() {
        allOutputsHaveLosses = false;
    }
}
