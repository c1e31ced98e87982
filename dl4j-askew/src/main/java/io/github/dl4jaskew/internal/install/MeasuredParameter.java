package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.packed.ParameterId;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A constrained parameter of any engine.
 *
 * @param id which one; its layer is {@link AskewPlan#VARIABLES} in a SameDiff graph
 * @param weights the engine's own array
 * @param grid its levels
 */
public record MeasuredParameter(ParameterId id, INDArray weights, ScaledGrid grid) {

    /** The weights in memory order. */
    Weights values() {
        return new ArrayWeights(weights);
    }

    /** What messages call it. */
    String subject() {
        return id.layer().equals(AskewPlan.VARIABLES) ? "variable '" + id.key() + "'" : id.toString();
    }

    public static List<MeasuredParameter> of(Model network) {
        return of(InstalledParameter.of(network));
    }

    public static List<MeasuredParameter> of(List<InstalledParameter> installed) {
        return installed.stream()
                .map(p -> new MeasuredParameter(p.id(), p.weights(), p.grid()))
                .toList();
    }
}
