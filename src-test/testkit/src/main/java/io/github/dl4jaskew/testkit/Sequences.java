package io.github.dl4jaskew.testkit;

import java.util.Random;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Recurrent networks and sequences for them: 2 features, 2 classes at each step. */
public final class Sequences {

    public static final int IN = 2;
    public static final int HIDDEN = 4;
    public static final int OUT = 2;

    /** The recurrent layers. */
    public enum Kind {
        LSTM,
        GRAVES_LSTM,
        SIMPLE_RNN,
        BIDIRECTIONAL_LSTM,
        BIDIRECTIONAL_GRAVES,
        BIDIRECTIONAL_SIMPLE;

        public Layer layer() {
            return switch (this) {
                case LSTM -> lstm();
                case GRAVES_LSTM -> graves();
                case SIMPLE_RNN -> simple();
                case BIDIRECTIONAL_LSTM -> new Bidirectional(Bidirectional.Mode.ADD, lstm());
                case BIDIRECTIONAL_GRAVES -> new Bidirectional(Bidirectional.Mode.ADD, graves());
                case BIDIRECTIONAL_SIMPLE -> new Bidirectional(Bidirectional.Mode.ADD, simple());
            };
        }

        public boolean isBidirectional() {
            return name().startsWith("BIDIRECTIONAL");
        }

        private static Layer lstm() {
            return new LSTM.Builder().nIn(IN).nOut(HIDDEN).build();
        }

        @SuppressWarnings("deprecation")
        private static Layer graves() {
            return new GravesLSTM.Builder().nIn(IN).nOut(HIDDEN).build();
        }

        private static Layer simple() {
            return new SimpleRnn.Builder().nIn(IN).nOut(HIDDEN).build();
        }
    }

    private Sequences() {}

    private static Layer output() {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nIn(HIDDEN)
                .nOut(OUT)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** A list of a recurrent layer "layer0" and an output; truncated backpropagation if the length is above 0. */
    public static MultiLayerNetwork list(Kind kind, IUpdater updater, int segment) {
        NeuralNetConfiguration.ListBuilder list =
                Nets.base(updater).list().layer(kind.layer()).layer(output()).setInputType(InputType.recurrent(IN));
        if (segment > 0) {
            list.backpropType(BackpropType.TruncatedBPTT).tBPTTLength(segment);
        }
        return Nets.init(list.build());
    }

    /** The same as a graph. */
    public static ComputationGraph graph(Kind kind, IUpdater updater, int segment) {
        var graph = Nets.base(updater)
                .graphBuilder()
                .addInputs("in")
                .addLayer("layer0", kind.layer(), "in")
                .addLayer("layer1", output(), "layer0")
                .setOutputs("layer1")
                .setInputTypes(InputType.recurrent(IN));
        if (segment > 0) {
            graph.backpropType(BackpropType.TruncatedBPTT).tBPTTLength(segment);
        }
        return Nets.init(graph.build());
    }

    /** Random sequences whose label is whether the sum of the first feature so far is positive. */
    public static DataSet sums(int seed, int rows, int steps) {
        Random random = new Random(seed);
        INDArray features = Nd4j.zeros(rows, IN, steps);
        INDArray labels = Nd4j.zeros(rows, OUT, steps);
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int t = 0; t < steps; t++) {
                double x = random.nextGaussian();
                sum += x;
                features.putScalar(row, 0, t, x);
                features.putScalar(row, 1, t, random.nextGaussian());
                labels.putScalar(row, sum > 0 ? 1 : 0, t, 1);
            }
        }
        return new DataSet(features, labels);
    }

    /** The same with sequences of unequal length; what stands behind their ends is the filler. */
    public static DataSet masked(int seed, int rows, int steps, double filler) {
        DataSet data = sums(seed, rows, steps);
        INDArray mask = Nd4j.zeros(rows, steps);
        for (int row = 0; row < rows; row++) {
            int length = 1 + row % steps;
            for (int t = 0; t < steps; t++) {
                if (t < length) {
                    mask.putScalar(row, t, 1);
                } else {
                    data.getFeatures().putScalar(row, 0, t, filler);
                    data.getFeatures().putScalar(row, 1, t, -filler);
                }
            }
        }
        return new DataSet(data.getFeatures(), data.getLabels(), mask, mask.dup());
    }
}
