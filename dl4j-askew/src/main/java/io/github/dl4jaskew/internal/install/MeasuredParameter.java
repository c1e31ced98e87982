package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A constrained parameter of any engine.
 *
 * @param layer the layer's name
 * @param name the parameter's
 * @param weights the engine's own array
 * @param grid its levels
 */
public record MeasuredParameter(String layer, String name, INDArray weights, ScaledGrid grid) {

    /** The weights in memory order. */
    Weights values() {
        return new ArrayWeights(weights);
    }

    /** What messages call it. */
    String subject() {
        return layer.equals(AskewPlan.VARIABLES)
                ? "variable '" + name + "'"
                : "layer '" + layer + "', parameter '" + name + "'";
    }

    public static List<MeasuredParameter> of(Model network) {
        return of(InstalledParameter.of(network));
    }

    public static List<MeasuredParameter> of(List<InstalledParameter> installed) {
        return installed.stream()
                .map(p -> new MeasuredParameter(p.layer(), p.name(), p.weights(), p.grid()))
                .toList();
    }
}
