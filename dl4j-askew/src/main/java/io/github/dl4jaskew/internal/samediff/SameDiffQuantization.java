package io.github.dl4jaskew.internal.samediff;

import io.github.dl4jaskew.internal.install.MeasuredParameter;
import io.github.dl4jaskew.internal.install.Quantization;
import io.github.dl4jaskew.quantized.QuantizedSameDiff;
import java.util.List;
import org.nd4j.autodiff.samediff.SameDiff;

/** Makes a {@link QuantizedSameDiff} from a copy of a graph, which loses the constraint on the way. */
public final class SameDiffQuantization {

    private SameDiffQuantization() {}

    /** {@return the quantized model of a graph with a constraint} */
    public static QuantizedSameDiff of(SameDiff graph) {
        SameDiffUpdater installed = SameDiffUpdater.of(graph);
        if (installed == null) {
            throw new IllegalStateException("no interval constraint is installed on this graph; call install(graph)"
                    + " before training, or load a graph that was saved with it");
        }
        SameDiff copy = QuantizedSameDiff.copyOf(graph);
        List<MeasuredParameter> parameters = SameDiffLink.parameters(copy, installed);
        for (int i = 0; i < parameters.size(); i++) {
            installed.variables().get(i).requireUnchanged(parameters.get(i).weights());
        }
        SameDiffLink.uninstall(copy);
        int iteration = graph.getTrainingConfig().getIterationCount();
        int epoch = graph.getTrainingConfig().getEpochCount();
        List<String> warnings = Quantization.warnings(
                parameters,
                installed.skew().unfinishedAt(iteration, epoch),
                installed.skew().restingAt(iteration, epoch, 0),
                installed.skew().epsilon().valueAt(iteration, epoch));
        return QuantizedSameDiff.of(copy, Quantization.snap(parameters)).withWarnings(Quantization.logged(warnings));
    }
}
