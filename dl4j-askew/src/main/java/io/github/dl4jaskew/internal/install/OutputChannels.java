package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.Channels;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where the output channels of a weight parameter lie, by the layer's type and the parameter's key.
 *
 * <table>
 * <caption>Shapes in DL4J and the axes of their output channels</caption>
 * <tr><th>layer</th><th>shape</th><th>channels</th></tr>
 * <tr><td>dense, output, embedding, recurrent (gates side by side)</td><td>[in, out]</td><td>out</td></tr>
 * <tr><td>convolution 1D</td><td>[out, in, k, 1], read as [k, in, out]</td><td>out</td></tr>
 * <tr><td>convolution 2D, 3D; separable pW</td><td>[out, in, ...]</td><td>out</td></tr>
 * <tr><td>separable W</td><td>[mult, in, kH, kW]</td><td>mult x in</td></tr>
 * <tr><td>depthwise</td><td>[kH, kW, in, mult]</td><td>in x mult</td></tr>
 * <tr><td>deconvolution 2D</td><td>[in, out, kH, kW]</td><td>out</td></tr>
 * <tr><td>deconvolution 3D</td><td>[kD, kH, kW, out, in]</td><td>out</td></tr>
 * <tr><td>attention Wq, Wk, Wv</td><td>[heads, size, in]</td><td>heads x size</td></tr>
 * <tr><td>other SameDiff layers</td><td>[..., out]</td><td>out</td></tr>
 * </table>
 */
public final class OutputChannels {

    private OutputChannels() {}

    static Channels of(Layer layer, String key, INDArray weights) {
        if (layer instanceof DepthwiseConvolution2D) {
            return axes(weights, 2, 3);
        }
        if (layer instanceof SeparableConvolution2D && key.equals("W")) {
            return axes(weights, 0, 1);
        }
        if (layer instanceof Deconvolution2D) {
            return axes(weights, 1, 1);
        }
        if (layer instanceof Deconvolution3D) {
            return axes(weights, 3, 3);
        }
        if (layer instanceof Convolution1DLayer) {
            // The shape says [out, in, k, 1], but the layer reads the same memory as [k, in, out].
            return new Channels(Math.toIntExact(weights.size(0)), 1);
        }
        if (layer instanceof ConvolutionLayer) {
            return axes(weights, 0, 0);
        }
        if (weights.rank() == 3 && (key.equals("Wq") || key.equals("Wk") || key.equals("Wv"))) {
            return axes(weights, 0, 1);
        }
        return axes(weights, weights.rank() - 1, weights.rank() - 1);
    }

    /** The channels along one axis. */
    public static Channels axes(INDArray weights, int axis) {
        return axes(weights, axis, axis);
    }

    /** The channels along one axis, or along two neighbouring axes of a c-ordered array as one. */
    public static Channels axes(INDArray weights, int first, int last) {
        Channels inner = Channels.alongAxis(weights.shape(), last, weights.ordering());
        if (first == last) {
            return inner;
        }
        if (weights.ordering() != 'c') {
            throw new IllegalArgumentException(
                    "channels over two axes need c order, but the weights are in " + weights.ordering() + " order");
        }
        return new Channels(Math.toIntExact(weights.size(first) * inner.count()), inner.stride());
    }
}
