package io.github.dl4jaskew.export;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Recurrent layers and their wrappers. ONNX' own lie as [time, batch, features]. */
final class RecurrentNodes {

    private static final int GATES = 4;
    /** DL4J has candidate, forget, output, input gate; ONNX wants input, output, forget, candidate. */
    private static final int[] BLOCKS = {3, 2, 1, 0};

    private RecurrentNodes() {}

    static Tensor lstm(OnnxLayer layer, LSTM conf, Tensor x) {
        long size = conf.getNOut();
        String gate = function(layer, conf, conf.getGateActivationFn());
        String cell = function(layer, conf, conf.getActivationFn());
        Map<String, Object> attributes = attributes(
                size,
                List.of(gate, cell, cell),
                List.of(conf.getGateActivationFn(), conf.getActivationFn(), conf.getActivationFn()));
        return recurrent(
                layer,
                conf,
                "LSTM",
                attributes,
                x,
                weights(layer, "W", GATES, size),
                weights(layer, "RW", GATES, size),
                bias(layer, GATES, size));
    }

    static Tensor simpleRnn(OnnxLayer layer, SimpleRnn conf, Tensor x) {
        if (conf.hasLayerNorm()) {
            throw layer.refusal(conf, "layer normalization inside the recurrence has no counterpart");
        }
        long size = conf.getNOut();
        Map<String, Object> attributes = attributes(
                size, List.of(function(layer, conf, conf.getActivationFn())), List.of(conf.getActivationFn()));
        return recurrent(
                layer,
                conf,
                "RNN",
                attributes,
                x,
                weights(layer, "W", 1, size),
                weights(layer, "RW", 1, size),
                bias(layer, 1, size));
    }

    private static Tensor recurrent(
            OnnxLayer layer,
            BaseRecurrentLayer conf,
            String op,
            Map<String, Object> attributes,
            Tensor x,
            String weights,
            String recurrentWeights,
            String bias) {
        OnnxGraph graph = layer.graph();
        boolean first = conf.getRnnDataFormat() != RNNFormat.NWC;
        String in = first
                ? graph.transpose(layer.name(), x.name(), 2, 0, 1)
                : graph.transpose(layer.name(), x.name(), 1, 0, 2);
        String y = layer.node(op, attributes, in, weights, recurrentWeights, bias);
        String steps = layer.node("Squeeze", y, graph.longs(layer.name() + "/direction", 1));
        return x.as(
                first ? graph.transpose(layer.name(), steps, 1, 2, 0) : graph.transpose(layer.name(), steps, 1, 0, 2));
    }

    /** [1, gates * size, inputs] of DL4J's [inputs, gates * size]. */
    private static String weights(OnnxLayer layer, String key, int gates, long size) {
        var array = layer.array(key);
        long inputs = array.size(0);
        LongUnaryOperator transposed = OnnxParameters.permuted(array, 1, 0);
        return layer.parameter(
                key,
                new long[] {1, gates * size, inputs},
                i -> transposed.applyAsLong(source(i / inputs, gates, size) * inputs + i % inputs));
    }

    private static long source(long row, int gates, long size) {
        return gates == 1 ? row : BLOCKS[(int) (row / size)] * size + row % size;
    }

    /** Of the inputs, then of the recurrence, which DL4J does not have. */
    private static String bias(OnnxLayer layer, int gates, long size) {
        double[] own = layer.numbers("b");
        double[] both = new double[2 * own.length];
        for (int i = 0; i < own.length; i++) {
            both[i] = own[(int) source(i, gates, size)];
        }
        return layer.graph().floats(layer.name() + "/b", both, 1, both.length);
    }

    private static Map<String, Object> attributes(long size, List<String> names, List<IActivation> functions) {
        Map<String, Object> attributes = new TreeMap<>();
        attributes.put("hidden_size", size);
        attributes.put("activations", names);
        float[] alphas = new float[functions.size()];
        float[] betas = new float[functions.size()];
        boolean any = false;
        for (int i = 0; i < alphas.length; i++) {
            alphas[i] = alpha(functions.get(i));
            betas[i] = functions.get(i) instanceof ActivationHardSigmoid ? 0.5f : 0;
            any |= alphas[i] != 0;
        }
        if (any) {
            attributes.put("activation_alpha", alphas);
            attributes.put("activation_beta", betas);
        }
        return attributes;
    }

    private static float alpha(IActivation f) {
        if (f instanceof ActivationHardSigmoid) {
            return 0.2f;
        }
        if (f instanceof ActivationIdentity) {
            return 1;
        }
        if (f instanceof ActivationLReLU leaky) {
            return (float) leaky.getAlpha();
        }
        return f instanceof ActivationELU elu ? (float) elu.getAlpha() : 0;
    }

    private static String function(OnnxLayer layer, Layer conf, IActivation f) {
        Class<?> type = f.getClass();
        boolean plain = !(f instanceof ActivationReLU relu)
                || (none(relu.getMax()) && none(relu.getThreshold()) && none(relu.getNegativeSlope()));
        Map<Class<?>, String> names = Map.of(
                ActivationSigmoid.class, "Sigmoid",
                ActivationTanH.class, "Tanh",
                ActivationReLU.class, "Relu",
                ActivationHardSigmoid.class, "HardSigmoid",
                ActivationIdentity.class, "Affine",
                ActivationLReLU.class, "LeakyRelu",
                ActivationELU.class, "Elu",
                ActivationSoftSign.class, "Softsign",
                ActivationSoftPlus.class, "Softplus");
        String name = names.get(type);
        if (name == null || !plain) {
            throw layer.refusal(conf, "activation " + f + " has no counterpart inside a recurrence");
        }
        return name;
    }

    private static boolean none(@Nullable Double number) {
        return number == null || number == 0 || Double.isInfinite(number);
    }

    /** Runs the second half over the reversed series, and reverses what it makes of it. */
    static Tensor bidirectional(OnnxLayer layer, Bidirectional conf, Tensor x) {
        OnnxGraph graph = layer.graph();
        boolean first = conf.getRNNDataFormat() != RNNFormat.NWC;
        int time = first ? 2 : 1;
        Tensor forward = LayerNodes.of(layer.part("f"), conf.getFwd(), x);
        Tensor reversed = x.as(graph.reverse(layer.name(), x.name(), time));
        Tensor backward = LayerNodes.of(layer.part("b"), conf.getBwd(), reversed);
        String f = forward.name();
        String b = backward.rank() == 3 ? graph.reverse(layer.name(), backward.name(), time) : backward.name();
        int features = forward.rank() == 3 && !first ? 2 : 1;
        return forward.as(
                switch (conf.getMode()) {
                    case CONCAT -> layer.node("Concat", Map.of("axis", features), f, b);
                    case ADD -> layer.node("Add", f, b);
                    case MUL -> layer.node("Mul", f, b);
                    case AVERAGE -> layer.node("Mul", layer.node("Add", f, b), layer.scalar(0.5));
                });
    }

    static Tensor lastTimeStep(OnnxLayer layer, LastTimeStep conf, Tensor x) {
        Tensor y = LayerNodes.of(layer, conf.getUnderlying(), x);
        return last(layer, y, isChannelsFirst(conf.getUnderlying()) ? 2 : 1);
    }

    static Tensor last(OnnxLayer layer, Tensor x, int time) {
        String last = layer.graph().index(layer.name() + "/last", -1);
        return new Tensor(layer.node("Gather", Map.of("axis", time), x.name(), last), 2);
    }

    static boolean isChannelsFirst(Layer conf) {
        if (conf instanceof BaseRecurrentLayer recurrent) {
            return recurrent.getRnnDataFormat() != RNNFormat.NWC;
        }
        if (conf instanceof Bidirectional both) {
            return both.getRNNDataFormat() != RNNFormat.NWC;
        }
        return !(conf instanceof BaseWrapperLayer wrapper) || isChannelsFirst(wrapper.getUnderlying());
    }

    /** Each time step as an example of its own. */
    static Tensor timeDistributed(OnnxLayer layer, TimeDistributed conf, Tensor x) {
        OnnxGraph graph = layer.graph();
        boolean first = conf.getRnnDataFormat() != RNNFormat.NWC;
        String last = first ? graph.transpose(layer.name(), x.name(), 0, 2, 1) : x.name();
        String batchAndTime =
                layer.node("Gather", layer.node("Shape", last), graph.longs(layer.name() + "/axes", 0, 1));
        long features = nIn(layer, conf);
        Tensor rows = new Tensor(graph.reshape(layer.name(), last, -1, features), 2);
        Tensor y = LayerNodes.of(layer, conf.getUnderlying(), rows);
        String shape =
                layer.node("Concat", Map.of("axis", 0), batchAndTime, graph.longs(layer.name() + "/features", -1));
        String back = layer.node("Reshape", y.name(), shape);
        return x.as(first ? graph.transpose(layer.name(), back, 0, 2, 1) : back);
    }

    private static long nIn(OnnxLayer layer, TimeDistributed conf) {
        if (conf.getUnderlying() instanceof FeedForwardLayer inner && inner.getNIn() > 0) {
            return inner.getNIn();
        }
        throw layer.refusal(
                conf, "around a " + conf.getUnderlying().getClass().getSimpleName() + " that does not tell its inputs");
    }
}
