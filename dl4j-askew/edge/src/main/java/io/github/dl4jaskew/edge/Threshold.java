package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.ActivationKind;
import io.github.dl4jaskew.packed.PortableLayer;
import java.util.List;

/** Where a single output turns from class 0 to class 1. */
final class Threshold {

    private Threshold() {}

    /**
     * The threshold, or NaN if there is none. Without an activation it is 0 if there are two classes, behind layers whose output
     * is a score of any size; of what others have inside, such as an average of two sigmoids, nothing is known.
     */
    static float of(List<PortableLayer> layers, boolean binary) {
        ActivationKind last = ActivationKind.IDENTITY;
        boolean scores = false;
        for (PortableLayer layer : layers) {
            if (!(layer instanceof PortableLayer.Activation a)) {
                last = ActivationKind.IDENTITY;
                scores = layer instanceof PortableLayer.Dense
                        || layer instanceof PortableLayer.Convolution
                        || layer instanceof PortableLayer.GroupedConvolution
                        || layer instanceof PortableLayer.BatchNorm;
            } else if (a.kind() != ActivationKind.LEVELS) {
                // Levels round what is before them and have 0 where it is.
                last = a.kind();
            }
        }
        if (last == ActivationKind.SIGMOID || last == ActivationKind.HARD_SIGMOID) {
            return 0.5f;
        }
        boolean isOdd = last == ActivationKind.TANH
                || last == ActivationKind.HARD_TANH
                || last == ActivationKind.RATIONAL_TANH
                || last == ActivationKind.SOFTSIGN
                || last == ActivationKind.SIGN;
        return isOdd || (binary && scores && last == ActivationKind.IDENTITY) ? 0 : Float.NaN;
    }
}
