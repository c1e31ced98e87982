package io.github.dl4jaskew.margin.homogeneity;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationPReLU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;

/**
 * Which activation functions are positively homogeneous, {@code a(c x) = c^p a(x)}: identity, ReLU, LeakyReLU and PReLU
 * with p = 1, the cube with p = 3. Those of other classes are taken not to be, as all others of ND4J.
 */
final class ActivationRules {

    private ActivationRules() {}

    /** Whether softmax cross entropy or its binary form takes this activation to be part of the loss. */
    static boolean belongsToLoss(IActivation activation) {
        return activation instanceof ActivationSoftmax || activation instanceof ActivationSigmoid;
    }

    /** Degree p; 1 where there is none. */
    static int power(IActivation activation) {
        return activation instanceof ActivationCube ? 3 : 1;
    }

    /** Why it is not homogeneous, or null. */
    static @Nullable Reason reason(String layer, IActivation activation) {
        if (activation instanceof ActivationRReLU rrelu) {
            return new Reason(
                    layer,
                    Reason.Kind.BROKEN,
                    "activation rrelu draws its slopes at random in training, and at inference ND4J takes the larger of the"
                            + " input and the constant " + (rrelu.getL() + rrelu.getU()) / 2);
        }
        if (isHomogeneous(activation)) {
            return null;
        }
        boolean known = activation.getClass().getName().startsWith("org.nd4j.");
        return new Reason(
                layer,
                known ? Reason.Kind.BROKEN : Reason.Kind.UNKNOWN,
                "activation " + activation + (known ? " is not" : " is not known to be")
                        + " homogeneous; relu, leakyrelu and identity are");
    }

    private static boolean isHomogeneous(IActivation activation) {
        if (activation instanceof ActivationReLU relu) {
            return relu.getMax() == null && (relu.getThreshold() == null || relu.getThreshold() == 0);
        } else if (activation instanceof ActivationThresholdedReLU relu) {
            return relu.getTheta() == 0;
        }
        return activation instanceof ActivationIdentity
                || activation instanceof ActivationLReLU
                || activation instanceof ActivationPReLU
                || activation instanceof ActivationCube;
    }
}
