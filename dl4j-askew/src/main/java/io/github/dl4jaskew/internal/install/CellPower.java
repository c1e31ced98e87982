package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.Set;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaBelief;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The power of the half cell by which an updater's step is multiplied, so that a learning rate of {@link
 * LearningRateUnit#CELL} means the same on every layer: 2 if the step is proportional to the gradient, 1 if it does not
 * depend on the gradient's size.
 */
public final class CellPower {

    private static final Set<Class<? extends IUpdater>> LINEAR = Set.of(Sgd.class, Nesterovs.class, AskewSgd.class);
    private static final Set<Class<? extends IUpdater>> SCALE_FREE =
            Set.of(Adam.class, AdaMax.class, AMSGrad.class, Nadam.class, RmsProp.class, AdaBelief.class);

    private CellPower() {}

    /** Whether the updater's step does not depend on the gradient's size. */
    public static boolean isScaleFree(IUpdater updater) {
        return SCALE_FREE.contains(updater.getClass());
    }

    /**
     * {@return the power}
     *
     * @param subject what messages call the owner of the updater
     * @throws IllegalArgumentException if the updater is not one of DL4J's or this library's
     */
    public static int of(String subject, IUpdater updater) {
        if (LINEAR.contains(updater.getClass())) {
            return 2;
        }
        if (isScaleFree(updater)) {
            return 1;
        }
        throw new IllegalArgumentException(subject + ": whether the step of "
                + updater.getClass().getSimpleName()
                + " depends on the gradient's scale is not known; use LearningRateUnit.WEIGHT");
    }
}
