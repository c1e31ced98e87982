package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.internal.askewsgd.OpenIntervals;
import io.github.dl4jaskew.internal.network.LayerSite;
import io.github.dl4jaskew.internal.network.NetworkCopy;
import io.github.dl4jaskew.internal.network.TrainingCounts;
import io.github.dl4jaskew.internal.samediff.ConstrainedVariable;
import io.github.dl4jaskew.internal.samediff.SameDiffLink;
import io.github.dl4jaskew.internal.samediff.SameDiffUpdater;
import io.github.dl4jaskew.quantized.ActivationStatistics;
import io.github.dl4jaskew.quantized.BatchNormStatistics;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import io.github.dl4jaskew.quantized.QuantizedSameDiff;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link QuantizedModel} from a copy of a network, which loses the constraint on the way. */
public final class Quantization {

    private static final Logger LOG = LoggerFactory.getLogger(Quantization.class);

    private Quantization() {}

    public static QuantizedModel of(MultiLayerNetwork network, @Nullable DataSetIterator data) {
        MultiLayerNetwork copy = NetworkCopy.of(network);
        List<InstalledParameter> installed = installed(copy);
        List<String> warnings = new ArrayList<>(logged(warnings(copy, installed)));
        List<QuantizedParameter> parameters = snap(MeasuredParameter.of(installed));
        Askew.uninstall(copy);
        if (data != null) {
            warnings.addAll(BatchNormStatistics.estimate(copy, data));
            ActivationStatistics.estimate(copy, data);
        }
        return QuantizedModel.of(copy, parameters).withWarnings(warnings);
    }

    public static QuantizedModel of(ComputationGraph network, @Nullable MultiDataSetIterator data) {
        ComputationGraph copy = NetworkCopy.of(network);
        List<InstalledParameter> installed = installed(copy);
        List<String> warnings = new ArrayList<>(logged(warnings(copy, installed)));
        List<QuantizedParameter> parameters = snap(MeasuredParameter.of(installed));
        Askew.uninstall(copy);
        if (data != null) {
            warnings.addAll(BatchNormStatistics.estimate(copy, data));
            ActivationStatistics.estimate(copy, data);
        }
        return QuantizedModel.of(copy, parameters).withWarnings(warnings);
    }

    public static QuantizedSameDiff of(SameDiff graph) {
        SameDiffUpdater installed = SameDiffUpdater.of(graph);
        if (installed == null) {
            throw new IllegalStateException("no interval constraint is installed on this graph; call install(graph)"
                    + " before training, or load a graph that was saved with it");
        }
        SameDiff copy = QuantizedSameDiff.copyOf(graph);
        Askew.uninstall(copy);
        List<MeasuredParameter> parameters = new ArrayList<>();
        for (ConstrainedVariable v : installed.variables()) {
            INDArray weights = SameDiffLink.weights(copy, v);
            v.requireUnchanged(weights);
            parameters.add(new MeasuredParameter(ConstrainedVariable.LAYER, v.name(), weights, v.grid()));
        }
        int iteration = graph.getTrainingConfig().getIterationCount();
        int epoch = graph.getTrainingConfig().getEpochCount();
        List<String> warnings = warnings(
                parameters,
                OpenIntervals.warning(installed.epsilon(), iteration, epoch),
                installed.epsilon().valueAt(iteration, epoch));
        return QuantizedSameDiff.of(copy, snap(parameters)).withWarnings(logged(warnings));
    }

    public static QuantizedModel insert(QuantizedModel part, MultiLayerNetwork whole) {
        MultiLayerNetwork copy = NetworkCopy.of(whole);
        Askew.uninstall(copy);
        copyParameters(part.toNetwork(), copy);
        return QuantizedModel.of(copy, part.parameters()).withWarnings(part.warnings());
    }

    public static QuantizedModel insert(QuantizedModel part, ComputationGraph whole) {
        ComputationGraph copy = NetworkCopy.of(whole);
        Askew.uninstall(copy);
        copyParameters(part.toNetwork(), copy);
        return QuantizedModel.of(copy, part.parameters()).withWarnings(part.warnings());
    }

    private static void copyParameters(Model part, Model whole) {
        Map<String, LayerSite> targets =
                LayerSite.of(whole).stream().collect(Collectors.toMap(LayerSite::name, site -> site));
        for (LayerSite source : LayerSite.of(part)) {
            LayerSite target = targets.get(source.name());
            if (target == null) {
                throw new IllegalArgumentException("the whole network has no layer '" + source.name()
                        + "' of the part; its layers are " + targets.keySet());
            }
            source.params().forEach((key, values) -> {
                INDArray array = target.params().get(key);
                if (array == null || !array.equalShapes(values)) {
                    throw new IllegalArgumentException(
                            "layer '" + source.name() + "', parameter '" + key + "' has shape "
                                    + Arrays.toString(values.shape()) + " in the part, and in the whole network "
                                    + (array == null ? "it is not there" : Arrays.toString(array.shape())));
                }
                array.assign(values);
            });
        }
    }

    private static List<InstalledParameter> installed(Model copy) {
        List<InstalledParameter> installed = InstalledParameter.of(copy);
        if (installed.isEmpty()) {
            throw new IllegalStateException("no constraint is installed on this network; call install(network) before"
                    + " training, or restore a network that was saved with it");
        }
        return installed;
    }

    private static List<String> warnings(Model network, List<InstalledParameter> installed) {
        TrainingCounts counts = TrainingCounts.of(network);
        GridStep step = installed.get(0).step();
        return warnings(
                MeasuredParameter.of(installed),
                LayerSite.of(network).stream()
                        .flatMap(site -> site.unfinishedAt(counts).stream())
                        .findFirst(),
                step.epsilonAt(counts.iteration(), counts.epoch()));
    }

    /** What rounding is about to spoil. */
    private static List<String> warnings(
            List<MeasuredParameter> parameters, Optional<String> unfinished, double epsilon) {
        List<String> warnings = new ArrayList<>();
        for (MeasuredParameter p : parameters) {
            new LevelUse(p.grid(), p.values()).warning(p.subject()).ifPresent(warnings::add);
        }
        RoundingMoves.warning(parameters, unfinished, epsilon).ifPresent(line -> warnings.add(0, line));
        return warnings;
    }

    private static List<String> logged(List<String> warnings) {
        warnings.forEach(line -> LOG.warn("quantize: {}", line));
        return warnings;
    }

    private static List<QuantizedParameter> snap(List<MeasuredParameter> parameters) {
        return parameters.stream()
                .map(p -> QuantizedParameter.snap(p.layer(), p.name(), p.weights(), p.grid()))
                .toList();
    }
}
