package io.github.dl4jaskew.export;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;

/** Layers that treat each example, time step or pixel alike. */
final class DenseNodes {

    private DenseNodes() {}

    /**
     * A product with a matrix. Gemm, with the matrix transposed: behind a DequantizeLinear of 2 bits, ONNX Runtime's MatMul is
     * wrong for output widths that are no multiples of 4, and of 4 and 8 bits inexact.
     */
    static Tensor dense(OnnxLayer layer, BaseLayer conf, Tensor x) {
        if (x.rank() != 2) {
            throw layer.refusal(conf, "its input has " + x.rank() + " axes, not 2");
        }
        boolean norm = conf instanceof DenseLayer dense && dense.hasLayerNorm();
        String weights = layer.parameter("W", 1, 0);
        Map<String, Integer> transposed = Map.of("transB", 1);
        String z;
        if (norm) {
            z = layerNorm(layer, layer.node("Gemm", transposed, x.name(), weights), layer.vector("g"));
            z = layer.has("b") ? layer.node("Add", z, layer.vector("b")) : z;
        } else {
            z = layer.has("b")
                    ? layer.node("Gemm", transposed, x.name(), weights, layer.vector("b"))
                    : layer.node("Gemm", transposed, x.name(), weights);
        }
        return Activations.apply(layer, conf, conf.getActivationFn(), x.as(z), -1);
    }

    /** {@code gain (z - mean) / deviation} over the features; 0 where all are equal, as in DL4J. */
    static String layerNorm(OnnxLayer layer, String z, String gain) {
        OnnxGraph graph = layer.graph();
        String centred = layer.node("Sub", z, graph.reduce("ReduceMean", layer.name(), true, z, -1));
        String squares = layer.node("Mul", centred, centred);
        String deviation = layer.node("Sqrt", graph.reduce("ReduceMean", layer.name(), true, squares, -1));
        String divisor = layer.node("Max", deviation, layer.scalar(Float.MIN_NORMAL));
        return layer.node("Mul", layer.node("Div", centred, divisor), gain);
    }

    /** The same matrix for each time step: a convolution of width 1. */
    static Tensor rnnOutput(OnnxLayer layer, RnnOutputLayer conf, Tensor x) {
        boolean first = conf.getRnnDataFormat() != RNNFormat.NWC;
        Tensor in = layer.graph().channelsFirst(layer.name(), x, first);
        long[] shape = {layer.array("W").size(1), layer.array("W").size(0), 1};
        String weights = layer.parameter("W", shape, OnnxParameters.permuted(layer.array("W"), 1, 0));
        Tensor z = in.as(
                layer.has("b")
                        ? layer.node("Conv", in.name(), weights, layer.vector("b"))
                        : layer.node("Conv", in.name(), weights));
        Tensor y = Activations.apply(layer, conf, conf.getActivationFn(), z, 1);
        return layer.graph().channelsBack(layer.name(), y, first);
    }

    static Tensor multiplication(OnnxLayer layer, ElementWiseMultiplicationLayer conf, Tensor x) {
        String product = layer.node("Mul", x.name(), layer.vector("W"));
        String sum = layer.node("Add", product, layer.vector("b"));
        return Activations.apply(layer, conf, conf.getActivationFn(), x.as(sum), -1);
    }

    /** Rows of the matrix by the indices in the one column of the input. */
    static Tensor embedding(OnnxLayer layer, EmbeddingLayer conf, Tensor x) {
        String rows = rows(layer, layer.graph().reshape(layer.name(), x.name(), -1));
        return Activations.apply(layer, conf, conf.getActivationFn(), new Tensor(rows, 2), -1);
    }

    static Tensor embeddings(OnnxLayer layer, EmbeddingSequenceLayer conf, Tensor x) {
        boolean first = conf.getOutputFormat() != RNNFormat.NWC;
        OnnxGraph graph = layer.graph();
        String indices =
                x.rank() == 3 ? layer.node("Squeeze", x.name(), graph.longs(layer.name() + "/axis", 1)) : x.name();
        Tensor rows = new Tensor(rows(layer, indices), 3);
        Tensor y = first ? rows.as(graph.transpose(layer.name(), rows.name(), 0, 2, 1)) : rows;
        return Activations.apply(layer, conf, conf.getActivationFn(), y, -1);
    }

    private static String rows(OnnxLayer layer, String indices) {
        String integers = layer.node("Cast", Map.of("to", OnnxGraph.INT64), indices);
        String rows = layer.node("Gather", layer.parameter("W", 0, 1), integers);
        return layer.has("b") ? layer.node("Add", rows, layer.vector("b")) : rows;
    }

    static Tensor batchNorm(OnnxLayer layer, BatchNormalization conf, Tensor x) {
        boolean locked = conf.isLockGammaBeta();
        if (locked && (conf.getGamma() != 1 || conf.getBeta() != 0)) {
            throw layer.refusal(
                    conf,
                    "gamma is fixed at " + conf.getGamma() + " and beta at " + conf.getBeta()
                            + "; allowed are 1 and 0");
        }
        boolean first = x.rank() == 2 || conf.getCnn2DFormat() == CNN2DFormat.NCHW;
        if (x.rank() == 5 || (x.rank() == 3 && first)) {
            throw layer.refusal(
                    conf, "its input has " + x.rank() + " axes; allowed are 2, 4, and 3 with channels last");
        }
        double[] mean = layer.numbers("mean");
        double[] variance = conf.isUseLogStd() ? layer.numbers("log10stdev") : layer.numbers("var");
        if (conf.isUseLogStd()) {
            for (int i = 0; i < variance.length; i++) {
                variance[i] = Math.pow(10, 2 * variance[i]);
            }
        }
        double[] gamma = locked ? filled(mean.length, 1) : layer.numbers("gamma");
        double[] beta = locked ? filled(mean.length, 0) : layer.numbers("beta");
        OnnxGraph graph = layer.graph();
        Tensor in = graph.channelsFirst(layer.name(), x, first);
        Tensor y = in.as(layer.node(
                "BatchNormalization",
                Map.of("epsilon", conf.getEps()),
                in.name(),
                graph.floats(layer.name() + "/gamma", gamma, gamma.length),
                graph.floats(layer.name() + "/beta", beta, beta.length),
                graph.floats(layer.name() + "/mean", mean, mean.length),
                graph.floats(layer.name() + "/var", variance, variance.length)));
        return graph.channelsBack(layer.name(), y, first);
    }

    private static double[] filled(int size, double value) {
        double[] numbers = new double[size];
        Arrays.fill(numbers, value);
        return numbers;
    }

    /** {@code x / (k + alpha sum x^2)^beta}; ONNX takes the mean for the sum. */
    static Tensor localResponse(OnnxLayer layer, LocalResponseNormalization conf, Tensor x) {
        boolean first = conf.getDataFormat() == CNN2DFormat.NCHW;
        int depth = 2 * ((int) conf.getN() / 2) + 1;
        Tensor in = layer.graph().channelsFirst(layer.name(), x, first);
        Tensor y = in.as(layer.node(
                "LRN",
                Map.of("alpha", conf.getAlpha() * depth, "beta", conf.getBeta(), "bias", conf.getK(), "size", depth),
                in.name()));
        return layer.graph().channelsBack(layer.name(), y, first);
    }
}
