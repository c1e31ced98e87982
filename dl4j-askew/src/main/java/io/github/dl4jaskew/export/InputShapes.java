package io.github.dl4jaskew.export;

import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.preprocessor.Cnn3DToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.jspecify.annotations.Nullable;

/**
 * The shape of an input, which DL4J's configurations do not keep, from what reads it first. A size that is not known, as that
 * of the batch, is a name.
 */
final class InputShapes {

    private static final String BATCH = "batch";
    private static final String CHANNELS = "channels";
    private static final String TIME = "time";

    private InputShapes() {}

    /** What a preprocessor and a layer tell, or null if input of any shape will do. */
    static @Nullable List<String> of(@Nullable InputPreProcessor before, @Nullable Layer layer) {
        List<String> shape = before == null ? null : behind(before, layer);
        return shape != null || layer == null ? shape : of(layer);
    }

    /** The same without sizes: something stands in between that may change them. */
    static List<String> withoutSizes(List<String> shape) {
        List<String> names = new ArrayList<>();
        for (String size : shape) {
            names.add(Character.isDigit(size.charAt(0)) ? "size" + names.size() : size);
        }
        return names;
    }

    private static @Nullable List<String> behind(InputPreProcessor before, @Nullable Layer layer) {
        if (before instanceof FeedForwardToCnnPreProcessor p) {
            return List.of(BATCH, size(p.getNumChannels() * p.getInputHeight() * p.getInputWidth(), CHANNELS));
        } else if (before instanceof CnnToFeedForwardPreProcessor p) {
            return laidOut(
                    p.getFormat() == CNN2DFormat.NCHW, p.getNumChannels(), p.getInputHeight(), p.getInputWidth());
        } else if (before instanceof Cnn3DToFeedForwardPreProcessor p) {
            return laidOut(p.isNCDHW(), p.getNumChannels(), p.getInputDepth(), p.getInputHeight(), p.getInputWidth());
        } else if (before instanceof CnnToRnnPreProcessor p) {
            return List.of(
                    "rows",
                    size(p.getNumChannels(), CHANNELS),
                    size(p.getInputHeight(), "height"),
                    size(p.getInputWidth(), "width"));
        } else if (before instanceof RnnToCnnPreProcessor p) {
            return series(p.getRnnDataFormat(), (long) p.getNumChannels() * p.getInputHeight() * p.getInputWidth());
        } else if (before instanceof RnnToFeedForwardPreProcessor p) {
            return series(p.getRnnDataFormat(), inputs(layer));
        } else if (before instanceof FeedForwardToRnnPreProcessor) {
            return List.of("rows", size(inputs(layer), CHANNELS));
        }
        return null;
    }

    private static long inputs(@Nullable Layer layer) {
        return layer instanceof FeedForwardLayer known ? known.getNIn() : 0;
    }

    private static @Nullable List<String> of(Layer layer) {
        Layer inner = LayerNodes.wrapped(layer);
        if (layer instanceof Bidirectional both) {
            return of(both.getFwd());
        } else if (layer instanceof TimeDistributed distributed) {
            return series(distributed.getRnnDataFormat(), inputs(distributed.getUnderlying()));
        } else if (inner != null) {
            return of(inner);
        } else if (layer instanceof LSTM lstm) {
            return series(lstm.getRnnDataFormat(), lstm.getNIn());
        } else if (layer instanceof SimpleRnn rnn) {
            return series(rnn.getRnnDataFormat(), rnn.getNIn());
        } else if (layer instanceof RnnOutputLayer output) {
            return series(output.getRnnDataFormat(), output.getNIn());
        } else if (layer instanceof EmbeddingLayer) {
            return List.of(BATCH, "1");
        } else if (layer instanceof EmbeddingSequenceLayer embedding) {
            return List.of(BATCH, embedding.isInferInputLength() ? TIME : size(embedding.getInputLength(), TIME));
        } else if (layer instanceof Convolution1DLayer convolution) {
            return series(convolution.getRnnDataFormat(), convolution.getNIn());
        } else if (layer instanceof Convolution3D convolution) {
            return volume(convolution.getDataFormat(), convolution.getNIn());
        } else if (layer instanceof Deconvolution3D convolution) {
            return volume(convolution.getDataFormat(), convolution.getNIn());
        } else if (layer instanceof ConvolutionLayer convolution) {
            return image(convolution.getCnn2dDataFormat(), convolution.getNIn());
        } else if (layer instanceof DenseLayer
                || (layer instanceof BaseOutputLayer)
                || layer instanceof RepeatVector
                || layer instanceof ElementWiseMultiplicationLayer) {
            return List.of(BATCH, size(inputs(layer), CHANNELS));
        }
        return ofShape(layer);
    }

    private static @Nullable List<String> ofShape(Layer layer) {
        if (layer instanceof Subsampling1DLayer
                || layer instanceof Upsampling1D
                || layer instanceof ZeroPadding1DLayer
                || layer instanceof Cropping1D) {
            return series(RNNFormat.NCW, 0);
        } else if (layer instanceof SubsamplingLayer pooling) {
            return image(pooling.getCnn2dDataFormat(), 0);
        } else if (layer instanceof Upsampling2D upsampling) {
            return image(upsampling.getFormat(), 0);
        } else if (layer instanceof ZeroPaddingLayer padding) {
            return image(padding.getDataFormat(), 0);
        } else if (layer instanceof Cropping2D cropping) {
            return image(cropping.getDataFormat(), 0);
        } else if (layer instanceof LocalResponseNormalization local) {
            return image(local.getDataFormat(), 0);
        } else if (layer instanceof CnnLossLayer loss) {
            return image(loss.getFormat(), 0);
        } else if (layer instanceof RnnLossLayer loss) {
            return series(loss.getRnnDataFormat(), 0);
        } else if (layer instanceof Cnn3DLossLayer loss) {
            return volume(loss.getDataFormat(), 0);
        } else if (layer instanceof Subsampling3DLayer pooling) {
            return volume(pooling.getDataFormat(), 0);
        } else if (layer instanceof Upsampling3D upsampling) {
            return volume(upsampling.getDataFormat(), 0);
        } else if (layer instanceof ZeroPadding3DLayer || layer instanceof Cropping3D) {
            return volume(Convolution3D.DataFormat.NCDHW, 0);
        } else if (layer instanceof PReLULayer relu && relu.getInputShape() != null) {
            List<String> shape = new ArrayList<>(List.of(BATCH));
            Arrays.stream(relu.getInputShape()).forEach(n -> shape.add(size(n, "size" + shape.size())));
            return shape;
        }
        return null;
    }

    /** Whether a layer lets the shape of its input through. */
    static boolean keepsShape(@Nullable Layer layer) {
        return layer instanceof BatchNormalization
                || layer instanceof ActivationLayer
                || layer instanceof DropoutLayer
                || layer instanceof QuantizedActivationLayer;
    }

    private static List<String> series(@Nullable RNNFormat format, long channels) {
        String known = size(channels, CHANNELS);
        return format == RNNFormat.NWC ? List.of(BATCH, TIME, known) : List.of(BATCH, known, TIME);
    }

    private static List<String> image(CNN2DFormat format, long channels) {
        return laidOut(format == CNN2DFormat.NCHW, channels, 0, 0);
    }

    private static List<String> volume(Convolution3D.DataFormat format, long channels) {
        return laidOut(format == Convolution3D.DataFormat.NCDHW, channels, 0, 0, 0);
    }

    private static List<String> laidOut(boolean first, long channels, long... sizes) {
        List<String> names = sizes.length == 2 ? List.of("height", "width") : List.of("depth", "height", "width");
        List<String> shape = new ArrayList<>(List.of(BATCH));
        for (int i = 0; i < sizes.length; i++) {
            shape.add(size(sizes[i], names.get(i)));
        }
        shape.add(first ? 1 : shape.size(), size(channels, CHANNELS));
        return shape;
    }

    private static String size(long size, String otherwise) {
        return size > 0 ? Long.toString(size) : otherwise;
    }
}
