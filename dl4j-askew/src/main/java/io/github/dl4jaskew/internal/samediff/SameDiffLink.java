package io.github.dl4jaskew.internal.samediff;

import io.github.dl4jaskew.internal.install.MeasuredParameter;
import io.github.dl4jaskew.packed.ParameterId;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/** Puts a {@link SameDiffUpdater} on a graph and takes it off, with the state that the graph's updaters have. */
public final class SameDiffLink {

    private SameDiffLink() {}

    /** Puts a constraint on; all schedules count from here. */
    static void install(SameDiff graph, SameDiffUpdater updater) {
        TrainingConfig training = copyOf(graph.getTrainingConfig());
        graph.setTrainingConfig(training);
        SameDiffUpdater linked = updater.linkedTo(graph);
        training.setUpdater(linked);
        training.setRegularization(regularizations(
                training,
                r -> r.applyStep() == Regularization.ApplyStep.POST_UPDATER ? new DeferredRegularization(r) : r));
        training.setIterationCount(0);
        training.setEpochCount(0);
        renew(
                graph,
                (name, old) -> linked.replacesUpdaterOf(name)
                        ? fresh(graph, name, linked)
                        : new VariableUpdater(linked, old.getState()));
    }

    /** Other graphs may hold the same object, whose counts, updater and regularizations are changed on this one alone. */
    private static TrainingConfig copyOf(TrainingConfig c) {
        return new TrainingConfig(
                c.getUpdater(),
                c.getRegularization(),
                c.isMinimize(),
                c.getDataSetFeatureMapping(),
                c.getDataSetLabelMapping(),
                c.getDataSetFeatureMaskMapping(),
                c.getDataSetLabelMaskMapping(),
                c.getLossVariables(),
                c.getIterationCount(),
                c.getEpochCount(),
                c.getInitialLossDataType(),
                c.getTrainEvaluations(),
                c.getTrainEvaluationLabels(),
                c.getValidationEvaluations(),
                c.getValidationEvaluationLabels());
    }

    /**
     * Links the constraint of a loaded graph.
     *
     * @throws IllegalStateException if it has none, or its variables have changed
     */
    public static void resume(SameDiff graph) {
        SameDiffUpdater saved = SameDiffUpdater.of(graph);
        if (saved == null) {
            throw new IllegalStateException("no interval constraint is installed on this graph; call install(graph),"
                    + " or load a graph that was saved with it");
        }
        if (saved.isLinkedTo(graph)) {
            return;
        }
        for (ConstrainedVariable variable : saved.variables()) {
            variable.requireUnchanged(weights(graph, variable));
        }
        SameDiffUpdater linked = saved.linkedTo(graph);
        graph.getTrainingConfig().setUpdater(linked);
        renew(
                graph,
                (name, old) -> old instanceof VariableUpdater updater
                        ? updater.linkedTo(linked)
                        : new VariableUpdater(linked, old.getState()));
    }

    /** Takes the constraint off; whether there was one. */
    public static boolean uninstall(SameDiff graph) {
        SameDiffUpdater installed = SameDiffUpdater.of(graph);
        if (installed == null) {
            return false;
        }
        TrainingConfig training = graph.getTrainingConfig();
        IUpdater base = SameDiffInstallation.markConstrained(installed.base(), false);
        renew(
                graph,
                (name, old) -> installed.replacesUpdaterOf(name) || isFresh(old)
                        ? fresh(graph, name, base)
                        : base.instantiate(old.getState(), false));
        training.setUpdater(base);
        training.setRegularization(
                regularizations(training, r -> r instanceof DeferredRegularization moved ? moved.original() : r));
        return true;
    }

    /** The constrained variables of a graph; none if it has no constraint. */
    public static List<MeasuredParameter> parameters(SameDiff graph) {
        SameDiffUpdater installed = SameDiffUpdater.of(graph);
        return installed == null ? List.of() : parameters(graph, installed);
    }

    /** The variables of a graph that a constraint names. */
    static List<MeasuredParameter> parameters(SameDiff graph, SameDiffUpdater installed) {
        return installed.variables().stream()
                .map(v -> new MeasuredParameter(
                        new ParameterId(AskewPlan.VARIABLES, v.name()), weights(graph, v), v.grid()))
                .toList();
    }

    public static INDArray weights(SameDiff graph, ConstrainedVariable variable) {
        INDArray weights = graph.hasVariable(variable.name())
                ? graph.getVariable(variable.name()).getArr()
                : null;
        if (weights == null) {
            throw new IllegalStateException("the graph has no variable '" + variable.name()
                    + "' any more; call Askew.uninstall(graph) and install the recipe again");
        }
        return weights;
    }

    private interface Change {
        Regularization of(Regularization regularization);
    }

    private static List<Regularization> regularizations(TrainingConfig training, Change change) {
        List<Regularization> changed = new ArrayList<>();
        if (training.getRegularization() != null) {
            training.getRegularization().forEach(r -> changed.add(change.of(r)));
        }
        return changed;
    }

    /** Recreates updaters; a graph that has not been trained has none yet, and will ask for them itself. */
    @SuppressWarnings({"rawtypes", "unchecked"}) // SameDiff's
    private static void renew(SameDiff graph, BiFunction<String, GradientUpdater<?>, GradientUpdater<?>> change) {
        Map<String, GradientUpdater> updaters = graph.getUpdaterMap();
        if (updaters != null) {
            updaters.replaceAll((name, old) -> change.apply(name, old));
        }
    }

    private static boolean isFresh(GradientUpdater<?> updater) {
        return updater instanceof VariableUpdater ours && ours.isFresh();
    }

    /** An updater without history, made as SameDiff makes it. */
    private static GradientUpdater<?> fresh(SameDiff graph, String name, IUpdater updater) {
        INDArray weights = graph.getVariable(name).getArr();
        long size = updater.stateSize(weights.length());
        INDArray memory = size == 0 ? null : Nd4j.create(weights.dataType(), 1, size);
        GradientUpdater<?> made = updater.instantiate(memory, false);
        if (memory != null) {
            made.setStateViewArray(memory, weights.shape(), weights.ordering(), true);
        }
        return made;
    }
}
