package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.packed.ParameterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.constraint.BaseConstraint;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Whether DL4J's own constraints of a layer leave weights on the levels of its grid. DL4J applies them after every step, so
 * one that moves weights off their levels, such as a unit norm, is never overcome.
 */
final class ConstraintChecks {

    /** How far a level may be moved, in mean half cells: MaxNorm divides by a norm plus 1e-6. */
    private static final double TOLERANCE = 1e-3;

    private final ParameterId parameter;
    private final ScaledGrid grid;
    private final INDArray weights;

    ConstraintChecks(ParameterId parameter, ScaledGrid grid, INDArray weights) {
        this.parameter = parameter;
        this.grid = grid;
        this.weights = weights;
    }

    /** Refuses constraints that leave no choice of levels; warns of those that take some away. */
    List<String> warnings(String keyInPart, List<LayerConstraint> constraints) {
        List<String> warnings = new ArrayList<>();
        for (LayerConstraint constraint : constraints) {
            if (constraint instanceof BaseConstraint base && base.getParams().contains(keyInPart)) {
                warning(base).ifPresent(warnings::add);
            }
        }
        return warnings;
    }

    private Optional<String> warning(BaseConstraint constraint) {
        Set<Integer> codes = probes();
        List<Integer> lost =
                codes.stream().filter(code -> !keeps(constraint, code)).toList();
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        int kept = codes.size() - lost.size();
        String name = constraint.getClass().getSimpleName();
        if (kept == 0 || grid.grid().size() == 2) {
            throw new IllegalArgumentException(
                    parameter + ": " + name + " moves weights off the levels " + levels(lost)
                            + " after every step, so that training cannot end on the grid; remove it from this layer, or exclude the layer from the recipe");
        }
        return Optional.of(parameter + ": " + name + " moves weights off the levels " + levels(lost)
                + " where all of them are on it; if training ends there, it does not end on the grid");
    }

    /** The ends of the hull, and the level nearest to 0. */
    private Set<Integer> probes() {
        int top = grid.grid().size() - 1;
        return new TreeSet<>(List.of(0, grid.code(0, 0), top));
    }

    private List<Float> levels(List<Integer> codes) {
        return codes.stream().map(code -> (float) grid.level(0, code)).toList();
    }

    private boolean keeps(BaseConstraint constraint, int code) {
        INDArray moved = weights.dup(weights.ordering());
        new ArrayWeights(moved).replaceAll((i, w) -> grid.level(grid.channels().of(i), code));
        ArrayWeights before = new ArrayWeights(moved.dup(moved.ordering()));
        constraint.clone().apply(moved);
        ArrayWeights after = new ArrayWeights(moved);
        for (long i = 0; i < before.size(); i++) {
            double allowed =
                    TOLERANCE * SkewRule.meanHalfCell(grid, grid.channels().of(i));
            if (!(Math.abs(after.at(i) - before.at(i)) <= allowed)) {
                return false;
            }
        }
        return true;
    }
}
