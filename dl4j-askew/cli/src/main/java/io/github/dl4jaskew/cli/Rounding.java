package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Quantizes a network of either kind. */
final class Rounding {

    private final Model network;

    Rounding(Model network) {
        this.network = network;
    }

    /** Whether the network was trained with AskewSGD, so that it has grids of its own. */
    boolean hasGrids() {
        return Askew.isInstalled(network);
    }

    /** Gives the network grids; its weights stay as they are. */
    AskewPlan install(Askew recipe) {
        AskewPlan plan = recipe.install(network);
        // settings and warnings are about the training that does not follow
        return new AskewPlan(plan.entries(), List.of(), List.of());
    }

    /**
     * Moves a copy of the network onto its grids.
     *
     * @param recipe any; the network's own grids count
     * @param data what batch-norm statistics are estimated on, or null to keep them
     */
    QuantizedModel quantize(Askew recipe, @Nullable DataSetIterator data) {
        return data == null ? recipe.quantize(network) : recipe.quantize(network, data);
    }

    /** How far the weights were from their levels: the norm of the change over that of the weights. */
    TextTable changes(QuantizedModel model) {
        TextTable table = new TextTable("layer", "parameter", "weights", "grid", "change", "largest change");
        for (QuantizedParameter p : model.parameters()) {
            INDArray array = SavedNetwork.parameter(network, p.layer(), p.name());
            double[] weights = array.dup(array.ordering()).data().asDouble();
            ScaledGrid grid = p.grid();
            double squares = 0;
            double changes = 0;
            double largest = 0;
            for (int i = 0; i < weights.length; i++) {
                double weight = weights[i];
                double change = grid.level(grid.channels().of(i), p.codes().get(i)) - weight;
                squares += weight * weight;
                changes += change * change;
                largest = Math.max(largest, Math.abs(change));
            }
            table.row(
                    p.layer(),
                    p.name(),
                    weights.length,
                    grid.grid(),
                    String.format(Locale.ROOT, "%.2f %%", 100 * Math.sqrt(changes / squares)),
                    String.format(Locale.ROOT, "%.4g", largest));
        }
        return table;
    }
}
