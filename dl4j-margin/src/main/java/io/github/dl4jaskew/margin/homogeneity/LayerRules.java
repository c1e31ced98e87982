package io.github.dl4jaskew.margin.homogeneity;

import io.github.dl4jaskew.margin.homogeneity.Reason.Kind;
import io.github.dl4jaskew.margin.internal.network.TrainedParameters;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/**
 * What each layer of DL4J does to the degree {@code d} of its input.
 *
 * <p>{@code W x} has degree d + 1 and a trained bias degree 1, so a bias keeps homogeneity only where d = 0: in the first
 * layer, and behind layers that are frozen. Whatever has no trained parameters maps d = 0 to 0, also tanh.
 */
final class LayerRules {

    private final String name;
    private final Layer layer;
    private final org.deeplearning4j.nn.api.Layer instance;
    private final Predicate<String> trained;
    private final boolean output;
    private final boolean nearly;
    private final Set<Reason> reasons = new LinkedHashSet<>();

    private LayerRules(
            String name,
            org.deeplearning4j.nn.api.Layer instance,
            Predicate<String> trained,
            boolean output,
            boolean nearly) {
        this.name = name;
        this.instance = instance;
        this.trained = trained;
        this.output = output;
        this.nearly = nearly;
        layer = TrainedParameters.inner(instance.conf().getLayer());
    }

    /**
     * The degree behind a layer.
     *
     * @param name of the layer
     * @param instance the layer, with wrappers
     * @param trained which of its parameters are trained, by their keys
     * @param output whether it is an output of the network
     * @param input degree d
     * @param nearly whether biases, and all of batch norm but its gains, are taken not to be there
     */
    static Flow apply(
            String name,
            org.deeplearning4j.nn.api.Layer instance,
            Predicate<String> trained,
            boolean output,
            int input,
            boolean nearly) {
        LayerRules rules = new LayerRules(name, instance, trained, output, nearly);
        if (!TrainedParameters.isFrozen(instance)) {
            rules.noise();
        }
        int degree = input == 0 && !rules.hasTrained() ? 0 : rules.degree(input);
        return new Flow(degree, rules.reasons);
    }

    private int degree(int input) {
        if (!layer.getClass().getName().startsWith("org.deeplearning4j.")) {
            return unknown(input);
        } else if (layer instanceof BatchNormalization) {
            return batchNorm(input);
        } else if (layer instanceof PReLULayer) {
            return parametricRelu(input);
        } else if (layer instanceof BaseRecurrentLayer || layer instanceof Bidirectional) {
            boolean proved = hasTrained();
            return broken(input, proved ? Kind.BROKEN : Kind.UNKNOWN, "recurrent weights act once for each time step");
        } else if (layer instanceof LocalResponseNormalization) {
            return broken(input, Kind.BROKEN, "local response normalization is not homogeneous");
        } else if (LayerKinds.isLinear(layer)) {
            return linear(input);
        } else if (LayerKinds.isLoss(layer) || layer instanceof ActivationLayer) {
            return activated(input);
        }
        return LayerKinds.keepsDegree(layer) ? input : unknown(input);
    }

    private int linear(int input) {
        if (layer instanceof DenseLayer dense && dense.hasLayerNorm()) {
            // g (Wx - mean) / deviation + b: of degree 1 in the gains g and the bias b, of degree 0 in all else
            boolean gains = trained.test(DefaultParamInitializer.GAIN_KEY);
            if (dense.hasBias()
                    && !nearly
                    && gains != trained.test(DefaultParamInitializer.BIAS_KEY)
                    && !isZero(DefaultParamInitializer.BIAS_KEY)) {
                broken(input, Kind.BROKEN, "of the gains and the bias of its layer norm only one is trained");
            }
            return activated(gains ? 1 : 0);
        }
        if (layer instanceof OCNNOutputLayer) {
            return unknown(input);
        }
        if (layer instanceof CenterLossOutputLayer) {
            broken(input, Kind.UNKNOWN, "center loss depends on more than the logits");
        }
        int degree = input;
        for (String key : layer.initializer().weightKeys(layer)) {
            degree += trained.test(key) ? 1 : 0;
        }
        for (String key : nearly ? List.<String>of() : layer.initializer().biasKeys(layer)) {
            boolean learns = trained.test(key);
            boolean harmless = learns ? degree == 1 : degree == 0 || isZero(key);
            if (!harmless) {
                broken(
                        input,
                        Kind.BROKEN,
                        (learns ? "trained bias has degree 1" : "fixed bias has degree 0")
                                + " where its weights give degree " + degree
                                + "; " + withoutBias());
                break;
            }
        }
        return activated(degree);
    }

    private String withoutBias() {
        if (layer instanceof RnnOutputLayer) {
            return "DL4J's RnnOutputLayer cannot do without: use a DenseLayer with hasBias(false) and an RnnLossLayer";
        } else if (layer instanceof ElementWiseMultiplicationLayer || layer instanceof AutoEncoder) {
            return "DL4J's " + layer.getClass().getSimpleName()
                    + " cannot do without: give it biasUpdater(new NoOp()) and a bias of 0";
        }
        return "use hasBias(false) behind the first layer";
    }

    private int activated(int degree) {
        IActivation activation = activation();
        boolean ofLoss = output && (LayerKinds.isLoss(layer) || layer instanceof BaseOutputLayer);
        if (activation == null || degree == 0 || (ofLoss && ActivationRules.belongsToLoss(activation))) {
            return degree;
        }
        Reason reason = ActivationRules.reason(name, activation);
        if (reason != null) {
            reasons.add(reason);
        }
        return degree * ActivationRules.power(activation);
    }

    private @Nullable IActivation activation() {
        if (layer instanceof ActivationLayer it) {
            return it.getActivationFn();
        } else if (layer instanceof LocallyConnected1D it) {
            return it.getActivation().getActivationFunction();
        } else if (layer instanceof LocallyConnected2D it) {
            return it.getActivation().getActivationFunction();
        }
        return layer instanceof BaseLayer it ? it.getActivationFn() : null;
    }

    private int batchNorm(int input) {
        if (nearly && TrainedParameters.isFrozen(instance)) {
            return input; // it multiplies by constants
        } else if (nearly) {
            return trained.test(BatchNormalizationParamInitializer.GAMMA) ? 1 : 0;
        }
        if (input == 0) {
            return 1;
        }
        return broken(input, Kind.BROKEN, "batch norm subtracts and divides by statistics and adds a trained shift");
    }

    private int parametricRelu(int input) {
        if (!hasTrained()) {
            return input;
        }
        return broken(
                input,
                Kind.BROKEN,
                "trained slopes of PReLU give degree " + (input + 1) + " below 0 and " + input
                        + " above; give them the updater NoOp or use leakyrelu");
    }

    private int unknown(int input) {
        String type = layer.getClass().getSimpleName();
        return broken(input, Kind.UNKNOWN, "layers of class " + type + " are not known to be homogeneous");
    }

    private int broken(int degree, Kind kind, String text) {
        reasons.add(new Reason(name, kind, text));
        return degree;
    }

    private void noise() {
        if (layer.getIDropout() != null) {
            broken(0, Kind.TRAINING, "dropout at training (" + layer.getIDropout() + ")");
        }
        IWeightNoise weightNoise = layer instanceof BaseLayer base ? base.getWeightNoise() : null;
        if (weightNoise != null) {
            broken(0, Kind.TRAINING, "weight noise at training (" + weightNoise + ")");
        }
    }

    private boolean hasTrained() {
        return layer.initializer() != null
                && layer.initializer().paramKeys(layer).stream().anyMatch(trained);
    }

    private boolean isZero(String key) {
        return instance.getParam(key).amaxNumber().doubleValue() == 0;
    }

    /** The type of the layer inside all wrappers. */
    static String type(org.deeplearning4j.nn.api.Layer instance) {
        String inner =
                TrainedParameters.inner(instance.conf().getLayer()).getClass().getSimpleName();
        return TrainedParameters.isFrozen(instance) ? inner + " (frozen)" : inner;
    }
}
