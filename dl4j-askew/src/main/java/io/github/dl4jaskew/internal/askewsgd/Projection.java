package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.TrainingCounts;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Puts a live network's constrained weights back where its own training steps would have left them. */
public final class Projection {

    private Projection() {}

    public static long run(Model network) {
        TrainingCounts counts = Network.of(network).counts();
        INDArray before = network.params().dup();
        boolean installed = false;
        for (InstalledParameter p : InstalledParameter.of(network)) {
            installed = true;
            if (p.step() instanceof SkewedStep step && !step.isFloatAt(counts.iteration())) {
                GridConstraint.interval(p.grid(), step.skew().epsilon())
                        .applyInOpenHull(
                                p.weights(),
                                step.overhangAt(counts.iteration(), counts.epoch()),
                                counts.iteration(),
                                counts.epoch());
            }
        }
        if (!installed) {
            throw new IllegalStateException("no constraint is installed on this network; call install(network)"
                    + " before training, or restore a network that was saved with it");
        }
        network.applyConstraints(counts.iteration(), counts.epoch());
        return before.neq(network.params())
                .castTo(before.dataType())
                .sumNumber()
                .longValue();
    }
}
