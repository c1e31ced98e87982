package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.packed.CombinationKind;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.Window;
import io.github.dl4jaskew.quantized.PortableChain.Branch;
import io.github.dl4jaskew.quantized.PortableChain.Form;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.IActivation;

/** DL4J's layers for sequences in simple terms. */
final class PortableSequences {

    private final PortableChain chain;

    PortableSequences(PortableChain chain) {
        this.chain = chain;
    }

    /** A layer for sequences reads the axes of DL4J's array as its own layout has them. */
    static void align(PortableChain chain, String name, Object layer, boolean last) {
        PortableChain.require(chain.form() == Form.SEQUENCE, name, layer, "behind layers for other than sequences");
        chain.align(last);
    }

    private void align(String name, Object layer, boolean last) {
        align(chain, name, layer, last);
    }

    /** Whether a softmax of this layer is over the channels, whatever the layout is. */
    static boolean isOutput(Layer layer) {
        return layer instanceof RnnOutputLayer || layer instanceof RnnLossLayer;
    }

    /** Adds a preprocessor, or says that it is none of those between sequences and features. */
    boolean add(String name, InputPreProcessor before) {
        if (before instanceof ComposableInputPreProcessor several) {
            for (InputPreProcessor one : several.getInputPreProcessors()) {
                chain.add(name, one);
            }
        } else if (before instanceof RnnToFeedForwardPreProcessor p) {
            // DL4J lets features through.
            if (chain.form() != Form.FEATURES || !chain.hasInput()) {
                align(name, p, p.getRnnDataFormat() == RNNFormat.NWC);
                chain.is(Form.ROWS, true);
            }
        } else if (before instanceof FeedForwardToRnnPreProcessor p && chain.form() == Form.ROWS) {
            chain.is(Form.SEQUENCE, p.getRnnDataFormat() == RNNFormat.NWC);
        } else {
            return false;
        }
        return true;
    }

    /** Adds a layer, or says that it is of another class. */
    boolean add(String name, Layer layer) {
        Class<?> type = layer.getClass();
        if (type == LSTM.class) {
            LSTM lstm = (LSTM) layer;
            recurrent(name, lstm, true, lstm.getGateActivationFn());
        } else if (type == SimpleRnn.class) {
            SimpleRnn rnn = (SimpleRnn) layer;
            PortableChain.require(!rnn.hasLayerNorm(), name, layer, "with layer normalization");
            recurrent(name, rnn, false, rnn.getActivationFn());
        } else if (type == LastTimeStep.class) {
            chain.add(name, ((LastTimeStep) layer).getUnderlying());
            PortableChain.require(chain.form() == Form.SEQUENCE, name, layer, "around a layer without time steps");
            chain.put(new PortableLayer.LastStep());
            chain.is(Form.FEATURES, false);
        } else if (type == Bidirectional.class) {
            bidirectional(name, (Bidirectional) layer);
        } else if (type == TimeDistributed.class) {
            timeDistributed(name, (TimeDistributed) layer);
        } else if (type == RnnOutputLayer.class) {
            RnnOutputLayer output = (RnnOutputLayer) layer;
            begin(name, output, output.getRnnDataFormat());
            new PortableKernels(chain).dense(name, output, output.hasBias());
            chain.activation(name, layer, output.getActivationFn());
        } else if (type == RnnLossLayer.class) {
            RnnLossLayer loss = (RnnLossLayer) layer;
            align(name, layer, loss.getRnnDataFormat() == RNNFormat.NWC);
            chain.activation(name, layer, loss.getActivationFn());
        } else if (type == EmbeddingLayer.class) {
            EmbeddingLayer embedding = (EmbeddingLayer) layer;
            chain.begin(Form.FEATURES, List.of(1), false);
            PortableChain.require(chain.form() == Form.FEATURES, name, layer, "on images or sequences");
            embedding(name, embedding, embedding.hasBias());
        } else if (type == EmbeddingSequenceLayer.class) {
            embeddings(name, (EmbeddingSequenceLayer) layer);
        } else {
            return addShape(name, layer);
        }
        return true;
    }

    private boolean addShape(String name, Layer layer) {
        Class<?> type = layer.getClass();
        if (type == Subsampling1DLayer.class) {
            Subsampling1DLayer pooling = (Subsampling1DLayer) layer;
            align(name, layer, pooling.getCnn2dDataFormat() == CNN2DFormat.NHWC);
            Window w = PortableChain.window(
                    name,
                    layer,
                    pooling.getConvolutionMode(),
                    new int[] {1, pooling.getKernelSize()[0]},
                    new int[] {1, pooling.getStride()[0]},
                    new int[] {0, pooling.getPadding()[0]},
                    new int[] {1, pooling.getDilation()[0]});
            chain.pooling(name, pooling, w);
        } else if (type == Upsampling1D.class) {
            align(name, layer, false);
            chain.put(new PortableLayer.Upsampling(1, ((Upsampling1D) layer).getSize()[0]));
        } else if (type == ZeroPadding1DLayer.class) {
            align(name, layer, false);
            int[] p = ((ZeroPadding1DLayer) layer).getPadding();
            chain.put(new PortableLayer.Padding(0, 0, p[0], p[1]));
        } else if (type == Cropping1D.class) {
            align(name, layer, false);
            int[] c = ((Cropping1D) layer).getCropping();
            chain.put(new PortableLayer.Padding(0, 0, -c[0], -c[1]));
        } else if (type == RepeatVector.class) {
            RepeatVector repeat = (RepeatVector) layer;
            int n = PortableChain.size(name, repeat.getNIn());
            chain.begin(Form.FEATURES, List.of(n), false);
            PortableChain.require(chain.form() == Form.FEATURES, name, layer, "on images or sequences");
            chain.put(new PortableLayer.ToImage(n, 1, 1));
            chain.put(new PortableLayer.Upsampling(1, repeat.getN()));
            chain.is(Form.SEQUENCE, repeat.getDataFormat() == RNNFormat.NWC);
        } else {
            return false;
        }
        return true;
    }

    private void begin(String name, FeedForwardLayer layer, RNNFormat format) {
        boolean last = format == RNNFormat.NWC;
        chain.begin(Form.SEQUENCE, List.of(PortableChain.size(name, layer.getNIn()), 0), last);
        align(name, layer, last);
    }

    private void recurrent(String name, BaseRecurrentLayer layer, boolean gated, IActivation gate) {
        begin(name, layer, layer.getRnnDataFormat());
        chain.put(new PortableLayer.Recurrent(
                gated,
                PortableChain.size(name, layer.getNIn()),
                PortableChain.size(name, layer.getNOut()),
                chain.parameter(name, "W"),
                chain.parameter(name, "RW"),
                chain.parameter(name, "b"),
                function(name, layer, layer.getActivationFn()),
                function(name, layer, gate)));
    }

    private static PortableLayer.Activation function(String name, Layer layer, IActivation function) {
        PortableLayer.Activation known = PortableActivations.of(function);
        if (known == null) {
            throw PortableChain.refusal(name, layer, "with activation " + function);
        }
        return known;
    }

    private void bidirectional(String name, Bidirectional layer) {
        Layer first = layer.getFwd() instanceof LastTimeStep wrapper ? wrapper.getUnderlying() : layer.getFwd();
        if (first instanceof BaseRecurrentLayer recurrent) {
            begin(name, recurrent, recurrent.getRnnDataFormat());
        }
        Branch input = chain.keep();
        chain.addPart("f", name, layer.getFwd());
        Branch forward = chain.keep();
        chain.take(input);
        chain.put(new PortableLayer.Reverse());
        chain.addPart("b", name, layer.getBwd());
        if (chain.form() == Form.SEQUENCE) {
            chain.put(new PortableLayer.Reverse());
        }
        Branch backward = chain.keep();
        chain.combine(
                switch (layer.getMode()) {
                    case CONCAT -> CombinationKind.CONCAT;
                    case ADD -> CombinationKind.ADD;
                    case MUL -> CombinationKind.PRODUCT;
                    case AVERAGE -> CombinationKind.AVERAGE;
                },
                List.of(forward, backward));
    }

    private void timeDistributed(String name, TimeDistributed layer) {
        boolean last = layer.getRnnDataFormat() == RNNFormat.NWC;
        if (layer.getUnderlying() instanceof DenseLayer dense) {
            begin(name, dense, layer.getRnnDataFormat());
        }
        align(name, layer, last);
        chain.is(Form.ROWS, true);
        chain.add(name, layer.getUnderlying());
        PortableChain.require(chain.form() == Form.ROWS, name, layer, "around a layer for other than features");
        chain.is(Form.SEQUENCE, last);
    }

    private void embeddings(String name, EmbeddingSequenceLayer layer) {
        PortableChain.require(!chain.hasInput(), name, layer, "behind other layers");
        int length = layer.isInferInputLength() ? 0 : PortableChain.size(name, layer.getInputLength());
        chain.begin(Form.SEQUENCE, List.of(1, length), false);
        chain.is(Form.SEQUENCE, layer.getOutputFormat() == RNNFormat.NWC);
        embedding(name, layer, layer.hasBias());
    }

    private void embedding(String name, FeedForwardLayer layer, boolean hasBias) {
        chain.put(new PortableLayer.Embedding(
                PortableChain.size(name, layer.getNIn()),
                PortableChain.size(name, layer.getNOut()),
                chain.parameter(name, "W"),
                hasBias ? chain.parameter(name, "b") : PortableLayer.NONE));
        chain.activation(name, layer, layer.getActivationFn());
    }
}
