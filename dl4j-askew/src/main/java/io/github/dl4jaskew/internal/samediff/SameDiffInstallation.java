package io.github.dl4jaskew.internal.samediff;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.askewsgd.Recipe;
import io.github.dl4jaskew.internal.askewsgd.UpdaterChecks;
import io.github.dl4jaskew.internal.install.BorrowedScales;
import io.github.dl4jaskew.internal.install.CellPower;
import io.github.dl4jaskew.internal.install.Installation;
import io.github.dl4jaskew.internal.install.LevelUse;
import io.github.dl4jaskew.internal.network.JsonRoundTrip;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.Variables;
import io.github.dl4jaskew.quantized.Deployment;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * One installation on a SameDiff graph: first everything is chosen, estimated and checked, then the training
 * configuration is changed, so that a failure leaves the graph as it was.
 */
public final class SameDiffInstallation {

    private final Recipe recipe;
    private final Variables selection;
    private final SameDiff graph;
    private final List<ConstrainedVariable> chosen = new ArrayList<>();
    private final List<AskewPlan.Entry> entries = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    public SameDiffInstallation(Recipe recipe, SameDiff graph) {
        this.recipe = recipe.forPlainForward();
        this.selection = recipe.variables() == null ? Variables.all() : recipe.variables();
        this.graph = graph;
    }

    public AskewPlan run() {
        TrainingConfig training = requireReady();
        recipe.schedules().forEach(JsonRoundTrip::require);
        IUpdater own = recipe.target().updater();
        if (own != null) {
            JsonRoundTrip.require(own);
        }
        selection.names().forEach(this::requireTrained);
        List<SDVariable> all = inOrderOfUse();
        List<String> weights = all.stream()
                .filter(SameDiffInstallation::isTrained)
                .filter(v -> isWeight(v.getArr()))
                .map(SDVariable::name)
                .toList();
        all.forEach(v -> plan(v, weights));
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("the recipe's variables (" + selection
                    + ") select no variable of this graph:\n" + new AskewPlan(entries, List.of(), List.of()));
        }
        int power = checkUpdater(own == null ? training.getUpdater() : own);
        SameDiffUpdater updater = new SameDiffUpdater(
                markConstrained(training.getUpdater(), true),
                own == null ? null : markConstrained(own.clone(), true),
                recipe.skew().copy(),
                power,
                recipe.projection(),
                chosen);
        SameDiffLink.install(graph, updater);
        return new AskewPlan(entries, Installation.settings(recipe), List.copyOf(warnings), Deployment.of(graph));
    }

    private TrainingConfig requireReady() {
        if (!recipe.target().layers().isAll()) {
            throw new IllegalArgumentException(
                    "the recipe selects layers (" + recipe.target().layers()
                            + "), which a SameDiff graph does not have; select variables(...) instead");
        }
        if (recipe.delay() != null && !recipe.delay().preset()) {
            throw new IllegalArgumentException("quantizationDelay is for networks of layers, not for SameDiff graphs;"
                    + " train the graph in float first, then install Askew.fromTrained");
        }
        if (recipe.skew().changesForward()) {
            throw new IllegalArgumentException("straightThrough and weightNoise change the weights of the forward pass,"
                    + " which SameDiff cannot; leave them out for a SameDiff graph");
        }
        TrainingConfig training = graph.getTrainingConfig();
        if (training == null || training.getUpdater() == null) {
            throw new IllegalStateException("set a TrainingConfig with an updater on the graph before install");
        }
        SameDiffUpdater installed = SameDiffUpdater.of(graph);
        if (installed != null && installed.graph() != null && !installed.isLinkedTo(graph)) {
            throw new IllegalStateException(
                    "the graph shares its TrainingConfig with another graph that has an interval"
                            + " constraint; set one of its own on each graph before install");
        }
        if (installed != null) {
            throw new IllegalStateException("the graph has an interval constraint already; call "
                    + (installed.graph() == null ? "Askew.resume(graph) to continue with it, or " : "")
                    + "Askew.uninstall(graph) first");
        }
        return training;
    }

    /** As the operations read them, then those that none reads: SameDiff itself gives them in the order of their names. */
    private List<SDVariable> inOrderOfUse() {
        Set<String> names = new LinkedHashSet<>();
        graph.getOps().values().forEach(op -> {
            if (op.getInputsToOp() != null) {
                names.addAll(op.getInputsToOp());
            }
        });
        graph.variables().forEach(v -> names.add(v.name()));
        return names.stream().map(graph::getVariable).toList();
    }

    private void requireTrained(String name) {
        if (!graph.hasVariable(name)) {
            throw new IllegalArgumentException("the graph has no variable '" + name + "'; its trained variables are "
                    + graph.variables().stream()
                            .filter(SameDiffInstallation::isTrained)
                            .map(SDVariable::name)
                            .toList());
        }
        SDVariable variable = graph.getVariable(name);
        if (!isTrained(variable)) {
            throw new IllegalArgumentException("'" + name + "' is of kind " + variable.getVariableType() + " and type "
                    + variable.dataType() + "; only a floating point VARIABLE is trained and can be constrained");
        }
    }

    /** Whether SameDiff trains it; a variable that was declared without numbers gets them here. */
    public static boolean isTrained(SDVariable variable) {
        return variable.getVariableType() == VariableType.VARIABLE
                && variable.dataType().isFPType()
                && variable.getArr() != null;
    }

    private static boolean isWeight(INDArray array) {
        int rank = array.rank();
        if (rank < 2) {
            return false;
        }
        long longAxes = Arrays.stream(array.shape()).filter(n -> n > 1).count();
        boolean column = rank == 2 && array.size(1) == 1 && array.size(0) > 1;
        return longAxes >= 2 || column;
    }

    private void plan(SDVariable variable, List<String> weights) {
        VariableType kind = variable.getVariableType();
        boolean constant = kind == VariableType.CONSTANT && variable.dataType().isFPType();
        INDArray array = constant || kind == VariableType.VARIABLE ? variable.getArr() : null;
        if (array == null) {
            return;
        }
        String exclusionReason = exclusionReason(variable, array, weights);
        ScaledGrid grid = exclusionReason == null ? fit(variable.name(), array) : null;
        List<Long> levels = List.of();
        if (grid != null) {
            chosen.add(ConstrainedVariable.of(variable.name(), array, grid));
            LevelUse use = new LevelUse(grid, new ArrayWeights(array));
            levels = use.counts();
            use.warning(subject(variable.name())).ifPresent(warnings::add);
        }
        entries.add(new AskewPlan.Entry(
                AskewPlan.VARIABLES,
                variable.name(),
                ConstrainedVariable.shapeOf(array),
                grid,
                exclusionReason,
                levels));
    }

    /** Why a variable is not constrained, or null if it is. */
    private @Nullable String exclusionReason(SDVariable variable, INDArray array, List<String> weights) {
        if (variable.getVariableType() == VariableType.CONSTANT) {
            return "a constant, not trained";
        }
        if (!isTrained(variable)) {
            return "not floating point";
        }
        int place = weights.indexOf(variable.name());
        Variables.VariableInfo info = new Variables.VariableInfo(
                variable.name(),
                ConstrainedVariable.shapeOf(array),
                variable.dataType(),
                place >= 0,
                place == 0,
                place >= 0 && place == weights.size() - 1);
        if (selection.claims(info)) {
            return null;
        }
        return place >= 0
                ? selection.exclusionReason(info)
                : "a bias or gain by its shape; Variables.named selects it nevertheless";
    }

    private ScaledGrid fit(String name, INDArray weights) {
        try {
            Channels channels = recipe.target().scale().isPerChannel()
                    ? VariableAxes.of(graph, name, weights, selection.axisOf(name))
                    : Channels.perTensor();
            BorrowedScales borrowed = new BorrowedScales(subject(name));
            ScaledGrid grid =
                    recipe.target().scale().fit(recipe.target().grid(), new ArrayWeights(weights), channels, borrowed);
            borrowed.warning(grid).ifPresent(warnings::add);
            return grid;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(subject(name) + ": " + e.getMessage(), e);
        }
    }

    private static String subject(String variable) {
        return "variable '" + variable + "'";
    }

    /** The power of the half cell that the updater's step is multiplied by. */
    private int checkUpdater(IUpdater updater) {
        int power = 0;
        for (ConstrainedVariable variable : chosen) {
            UpdaterChecks checks = new UpdaterChecks("variable '" + variable.name() + "'", updater);
            checks.requireUsableRate(recipe.skew());
            checks.slowness(recipe, recipe.target().initialScale(), 0, List.of(variable.grid()))
                    .ifPresent(warnings::add);
            power = recipe.target().unit() == LearningRateUnit.CELL
                    ? CellPower.of("variable '" + variable.name() + "'", updater)
                    : 0;
        }
        return power;
    }

    /** Tells an AskewSgd whether its graph has a constraint. */
    static IUpdater markConstrained(IUpdater updater, boolean constrained) {
        return updater instanceof AskewSgd sgd ? sgd.constrained(constrained) : updater;
    }
}
