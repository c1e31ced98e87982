package io.github.dl4jaskew;

import io.github.dl4jaskew.schedule.PlateauAnnealing;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports a validation score to the {@link PlateauAnnealing} of the network's constraint at the end of every epoch.
 *
 * <p>The state is in the network's configuration, not here: save the network, restore it, add a new listener, and the
 * annealing goes on. Epochs end in {@code fit(iterator)}; for {@code fit(DataSet)} call {@link #report} yourself.
 */
public final class PlateauListener extends BaseTrainingListener {

    private static final Logger LOG = LoggerFactory.getLogger(PlateauListener.class);

    private final ToDoubleFunction<Model> score;

    /**
     * A listener.
     *
     * @param score validation score of the network as it is, lower is better; called at the end of each epoch, and must
     *     not change the network
     */
    public PlateauListener(ToDoubleFunction<Model> score) {
        this.score = score;
    }

    @Override
    public void onEpochEnd(Model model) {
        report(model, score.applyAsDouble(model));
    }

    /**
     * Reports one score.
     *
     * @param model a network with a constraint that anneals by plateau
     * @param score lower is better; finite
     * @return whether eps has fallen
     * @throws IllegalArgumentException if the score is not finite
     * @throws IllegalStateException if no plateau annealing is installed on the network
     */
    public static boolean report(Model model, double score) {
        Set<SkewedStep> steps = new LinkedHashSet<>();
        boolean found = false;
        boolean fallen = false;
        double epsilon = Double.NaN;
        for (InstalledParameter parameter : InstalledParameter.of(model)) {
            // Each layer has its own copy of the schedule; all of them hear the same scores.
            if (parameter.step().epsilon() instanceof PlateauAnnealing plateau && steps.add(parameter.step())) {
                found = true;
                fallen = plateau.report(score);
                epsilon = plateau.epsilon();
            }
        }
        if (!found) {
            throw new IllegalStateException(
                    "no PlateauAnnealing is installed on this network; give one to Askew.builder().epsilon");
        }
        if (fallen) {
            LOG.info("validation score {} has not improved: eps falls to {}", score, epsilon);
        }
        return fallen;
    }
}
