package io.github.dl4jaskew.internal.samediff;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.askewsgd.GridConstraint;
import io.github.dl4jaskew.internal.rule.HullClip;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.ProjectionMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The state and the step of one variable of a SameDiff graph: the user's updater, then the regularizations that act behind
 * it, then the rule (or the rule first, at stage GRADIENT), then the projection. What leaves here is subtracted from the
 * weights at once.
 *
 * <p>SameDiff makes it without saying for which variable. It learns that, and which updater it stands for, when it is first
 * used: it is then in the graph's table under the variable's name.
 */
final class VariableUpdater implements GradientUpdater<SameDiffUpdater> {

    private final SameDiffUpdater config;
    private @Nullable Map<String, INDArray> state;
    private @Nullable View view;
    private @Nullable Bound bound;

    /** Memory for the state of a new updater. */
    private record View(INDArray memory, List<Long> shape, char order) {

        long length() {
            return shape.stream().reduce(1L, (a, b) -> a * b);
        }
    }

    /** What is known once the variable is. */
    private record Bound(
            SameDiff graph,
            String name,
            IUpdater updater,
            GradientUpdater<?> inner,
            @Nullable ConstrainedVariable variable) {

        INDArray weights() {
            SDVariable found = graph.getVariable(name);
            INDArray weights = found == null ? null : found.getArr();
            if (weights == null) {
                throw new IllegalStateException("variable '" + name + "' is gone from the graph");
            }
            return weights;
        }
    }

    VariableUpdater(SameDiffUpdater config) {
        this.config = config;
    }

    VariableUpdater(SameDiffUpdater config, @Nullable Map<String, INDArray> state) {
        this.config = config;
        this.state = state == null ? Map.of() : state;
    }

    /** An updater with the same state, for the same configuration once it is linked to a graph. */
    VariableUpdater linkedTo(SameDiffUpdater linked) {
        VariableUpdater updater = new VariableUpdater(linked);
        updater.state = bound == null ? state : bound.inner().getState();
        updater.view = view;
        return updater;
    }

    /** Whether it has memory for a state but has never been used. */
    boolean isFresh() {
        return bound == null && state == null;
    }

    @Override
    public SameDiffUpdater getConfig() {
        return config;
    }

    @Override
    public void setState(Map<String, INDArray> stateMap, boolean initialize) {
        state = stateMap;
        view = null;
        bound = null;
    }

    /** The state of the updater that it stands for; before that is known, the state that was loaded. */
    @Override
    public Map<String, INDArray> getState() {
        if (bound == null && state != null) {
            return state;
        }
        return bind().inner().getState();
    }

    @Override
    public void setStateViewArray(
            @Nullable INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
        if (viewArray != null && initialize) {
            viewArray.assign(0);
        }
        view = viewArray == null
                ? null
                : new View(viewArray, Arrays.stream(gradientShape).boxed().toList(), gradientOrder);
        bound = null;
    }

    /**
     * Turns the gradient into the update.
     *
     * @throws IllegalStateException if the graph was loaded or copied and not linked since, or its training configuration
     *     was changed behind the constraint's back
     * @throws IllegalArgumentException if a weight or update is not finite; names the variable
     */
    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        Bound b = bind();
        requireLastWord(b.graph());
        INDArray weights = b.weights();
        ConstrainedVariable variable = b.variable();
        if (variable == null) {
            b.inner().applyUpdater(gradient, iteration, epoch);
            decay(b, weights, gradient, iteration, epoch);
            return;
        }
        variable.requireUnchanged(weights);
        try {
            constrained(b, variable.grid(), weights, gradient, iteration, epoch);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "variable '" + b.name() + "', iteration " + iteration + ": " + e.getMessage(), e);
        }
    }

    private void constrained(Bound b, ScaledGrid grid, INDArray weights, INDArray gradient, int iteration, int epoch) {
        boolean gradientStage = config.skew().stage() == Stage.GRADIENT;
        int power = config.cellPower();
        // The gradient of the cell coordinate is half the cell times that of the weight, whatever the updater.
        int rulePower = gradientStage && power > 0 ? 2 : power;
        Consumer<INDArray> rule = v -> config.skew()
                .apply(
                        grid,
                        AskewPlan.VARIABLES + "/" + b.name(),
                        weights,
                        v,
                        rate(b, iteration, epoch),
                        rulePower,
                        iteration,
                        epoch,
                        0);
        if (gradientStage) {
            alignedWith(weights, gradient, b, rule);
        }
        b.inner().applyUpdater(gradient, iteration, epoch);
        decay(b, weights, gradient, iteration, epoch);
        alignedWith(weights, gradient, b, v -> {
            if (!gradientStage) {
                rule.accept(v);
            } else if (power > 0) {
                HullClip.multiply(power, grid, v);
            }
            project(grid, weights, v, iteration, epoch);
        });
    }

    /** Changes the update so that it ends where the projection of its end is, up to rounding. */
    private void project(ScaledGrid grid, INDArray weights, INDArray v, int iteration, int epoch) {
        ProjectionMode mode = config.projection();
        if (mode != null) {
            INDArray end = weights.dup(weights.ordering()).subi(v);
            // DL4J projects after it has counted the iteration.
            new GridConstraint(mode, grid, config.skew().epsilon(), null).apply(end, iteration + 1, epoch);
            v.assign(weights).subi(end);
        }
    }

    /** Runs a step on the velocity in the weights' memory order, and with the sign of an update that is subtracted. */
    private static void alignedWith(INDArray weights, INDArray velocity, Bound b, Consumer<INDArray> step) {
        boolean aligned = Arrays.equals(weights.stride(), velocity.stride());
        boolean negative = !b.graph().getTrainingConfig().isMinimize();
        INDArray v = aligned ? velocity : velocity.dup(weights.ordering());
        if (negative) {
            v.negi();
        }
        step.accept(v);
        if (negative) {
            v.negi();
        }
        if (!aligned) {
            velocity.assign(v);
        }
    }

    private void decay(Bound b, INDArray weights, INDArray update, int iteration, int epoch) {
        for (Regularization regularization : b.graph().getTrainingConfig().getRegularization()) {
            if (regularization instanceof DeferredRegularization moved) {
                moved.original().apply(weights, update, rate(b, iteration, epoch), iteration, epoch);
            }
        }
    }

    private static double rate(Bound b, int iteration, int epoch) {
        return b.updater().hasLearningRate() ? b.updater().getLearningRate(iteration, epoch) : 1;
    }

    /** Refuses a regularization that would move weights after the rule has spoken. */
    private void requireLastWord(SameDiff graph) {
        if (graph.getTrainingConfig().getUpdater() != config) {
            throw new IllegalStateException("the graph's training configuration was replaced after install;"
                    + " set it before, and call Askew.uninstall(graph) before you replace it");
        }
        for (Regularization r : graph.getTrainingConfig().getRegularization()) {
            if (r.applyStep() == Regularization.ApplyStep.POST_UPDATER && !(r instanceof DeferredRegularization)) {
                throw new IllegalStateException(
                        r.getClass().getSimpleName() + " was added to the training configuration"
                                + " after install; it would move weights behind the constraint");
            }
        }
    }

    private Bound bind() {
        if (bound == null) {
            SameDiff graph = config.graph();
            if (graph == null) {
                throw new IllegalStateException(
                        "this graph has an interval constraint but was loaded or copied:"
                                + " call Askew.resume(graph) before you train it, or Askew.uninstall(graph) to remove the constraint");
            }
            String name = nameIn(graph);
            IUpdater updater = config.updaterOf(name);
            bound = new Bound(graph, name, updater, inner(updater), config.variable(name));
            state = null;
            view = null;
        }
        return Objects.requireNonNull(bound);
    }

    @SuppressWarnings("rawtypes") // SameDiff's
    private String nameIn(SameDiff graph) {
        Map<String, GradientUpdater> updaters = graph.getUpdaterMap();
        if (updaters != null) {
            for (Map.Entry<String, GradientUpdater> entry : updaters.entrySet()) {
                if (entry.getValue() == this) {
                    return entry.getKey();
                }
            }
        }
        throw new IllegalStateException("this updater belongs to another graph; a training configuration with an"
                + " interval constraint cannot be shared: give each graph its own, and install the recipe on each");
    }

    private GradientUpdater<?> inner(IUpdater updater) {
        if (state != null) {
            return updater.instantiate(state, false);
        }
        View memory = view;
        long size = memory == null ? 0 : updater.stateSize(memory.length());
        if (memory == null || size == 0) {
            return updater.instantiate((INDArray) null, false);
        }
        INDArray flat = memory.memory().reshape(memory.memory().length());
        INDArray part = flat.get(NDArrayIndex.interval(0, size)).reshape(1, size);
        GradientUpdater<?> inner = updater.instantiate(part, false);
        inner.setStateViewArray(part, memory.shape().stream().mapToLong(n -> n).toArray(), memory.order(), true);
        return inner;
    }
}
