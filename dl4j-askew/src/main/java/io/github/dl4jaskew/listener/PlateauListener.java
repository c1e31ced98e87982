package io.github.dl4jaskew.listener;

import io.github.dl4jaskew.internal.askewsgd.GridConstraint;
import io.github.dl4jaskew.internal.askewsgd.SkewedForward;
import io.github.dl4jaskew.internal.askewsgd.SkewedStep;
import io.github.dl4jaskew.internal.network.LayerSettings;
import io.github.dl4jaskew.internal.network.LayerSite;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.samediff.SameDiffUpdater;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports a validation score to the {@link PlateauAnnealing} of the network's constraint at the end of every epoch.
 *
 * <p>The state is in the network's configuration, not here: save the network, restore it, add a new listener, and the
 * annealing continues. Epochs end in {@code fit(iterator)}; for {@code fit(DataSet)} call {@link #report} yourself.
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
        Network.of(model).detach();
        List<PlateauAnnealing> schedules = schedules(model);
        if (schedules.isEmpty()) {
            throw new IllegalStateException(
                    "no PlateauAnnealing is installed on this network; give one to Askew.builder().epsilon");
        }
        boolean fallen = false;
        for (PlateauAnnealing schedule : schedules) {
            fallen = schedule.report(score);
        }
        followSchedule(model, schedules.get(0));
        if (fallen) {
            LOG.info(
                    "validation score {} has not improved: eps falls to {}",
                    score,
                    schedules.get(0).epsilon());
        }
        return fallen;
    }

    /**
     * Reports one score to a SameDiff graph; call it after each epoch.
     *
     * @param graph a graph with a constraint that anneals by plateau
     * @param score lower is better; finite
     * @return whether eps has fallen
     * @throws IllegalArgumentException if the score is not finite
     * @throws IllegalStateException if no plateau annealing is installed on the graph
     */
    public static boolean report(SameDiff graph, double score) {
        SameDiffUpdater installed = SameDiffUpdater.of(graph);
        if (installed == null || !(installed.skew().epsilon() instanceof PlateauAnnealing plateau)) {
            throw new IllegalStateException(
                    "no PlateauAnnealing is installed on this graph; give one to Askew.builder().epsilon");
        }
        boolean fallen = plateau.report(score);
        if (fallen) {
            LOG.info("validation score {} has not improved: eps falls to {}", score, plateau.epsilon());
        }
        return fallen;
    }

    /** Each layer has its own copy of the schedule; all copies receive the same scores. */
    private static List<PlateauAnnealing> schedules(Model model) {
        List<PlateauAnnealing> found = new ArrayList<>();
        for (LayerSettings settings : settings(model)) {
            for (Regularization r : settings.regularization()) {
                if (r instanceof SkewedStep step && step.skew().epsilon() instanceof PlateauAnnealing plateau) {
                    found.add(plateau);
                }
            }
        }
        return found;
    }

    /** Replaces projections and forward weights instead of changing them: DL4J's clone() of a network shares them with the original. */
    private static void followSchedule(Model model, PlateauAnnealing state) {
        for (LayerSettings settings : settings(model)) {
            List<LayerConstraint> constraints = new ArrayList<>(settings.constraints());
            constraints.replaceAll(c -> c instanceof GridConstraint grid && grid.epsilon() instanceof PlateauAnnealing
                    ? grid.withEpsilon(state.clone())
                    : c);
            if (!constraints.equals(settings.constraints())) {
                settings.setConstraints(constraints);
            }
            if (settings.weightNoise() instanceof SkewedForward forward
                    && forward.skew().epsilon() instanceof PlateauAnnealing) {
                settings.setWeightNoise(forward.withEpsilon(state.clone()));
            }
        }
    }

    private static List<LayerSettings> settings(Model model) {
        List<LayerSettings> all = new ArrayList<>();
        for (LayerSite site : Network.of(model).sites()) {
            for (LayerSite.Part part : site.parts()) {
                LayerSettings settings = LayerSettings.of(part.conf());
                if (settings != null) {
                    all.add(settings);
                }
            }
        }
        return all;
    }
}
