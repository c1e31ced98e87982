package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.Doubles;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Counts the inputs of ReLU and LeakyReLU that are near 0, while a replica computes its gradient. Near is what is at most a
 * share of the root mean square of all inputs of that layer in that minibatch, which no scale of the weights changes. Not
 * thread safe.
 */
final class NearKinks {

    private final double share;
    private long near;
    private long all;

    private NearKinks(double share) {
        this.share = share;
    }

    /** Puts a counter into each such layer of a network that is nobody else's. */
    static NearKinks in(Model replica, double share) {
        NearKinks kinks = new NearKinks(share);
        Layer[] layers = replica instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getLayers()
                : ((ComputationGraph) replica).getLayers();
        for (Layer layer : layers) {
            org.deeplearning4j.nn.conf.layers.Layer conf = layer.conf().getLayer();
            if (conf instanceof BaseLayer base && hasKink(base.getActivationFn())) {
                base.setActivationFn(kinks.new Counted(base.getActivationFn()));
            } else if (conf instanceof ActivationLayer activation && hasKink(activation.getActivationFn())) {
                activation.setActivationFn(kinks.new Counted(activation.getActivationFn()));
            }
        }
        return kinks;
    }

    private static boolean hasKink(IActivation activation) {
        return activation instanceof ActivationReLU || activation instanceof ActivationLReLU;
    }

    void reset() {
        near = 0;
        all = 0;
    }

    /** The share of inputs that are near 0; NaN if no layer has a kink. */
    double value() {
        return (double) near / all;
    }

    private void count(INDArray inputs) {
        double[] z = Doubles.of(inputs);
        double bound = share * Norm.of(z) / Math.sqrt(z.length);
        for (double value : z) {
            near += Math.abs(value) <= bound ? 1 : 0;
        }
        all += z.length;
    }

    /** The replica's margins are computed in inference mode, its gradient in training mode. */
    private final class Counted implements IActivation {

        private static final long serialVersionUID = 1;

        private final transient IActivation activation;

        private Counted(IActivation activation) {
            this.activation = activation;
        }

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            if (training) {
                count(in);
            }
            return activation.getActivation(in, training);
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            return activation.backprop(in, epsilon);
        }

        @Override
        public int numParams(int inputSize) {
            return activation.numParams(inputSize);
        }
    }
}
