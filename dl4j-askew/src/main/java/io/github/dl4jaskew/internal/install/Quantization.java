package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.internal.network.LayerSettings;
import io.github.dl4jaskew.internal.network.LayerSite;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.TrainingCounts;
import io.github.dl4jaskew.quantized.ActivationStatistics;
import io.github.dl4jaskew.quantized.BatchNormStatistics;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link QuantizedModel} from a copy of a network, which loses the constraint on the way. */
public final class Quantization {

    private static final Logger LOG = LoggerFactory.getLogger(Quantization.class);

    private Quantization() {}

    /** The quantized model of a network with a constraint; of one input, if it is given data. */
    public static QuantizedModel of(Model network, @Nullable MultiDataSetIterator data) {
        Network copy = Network.of(network).copy();
        Model model = copy.model();
        List<InstalledParameter> installed = installed(model);
        List<String> warnings = new ArrayList<>(logged(warnings(copy, installed)));
        List<QuantizedParameter> parameters = snap(MeasuredParameter.of(installed));
        Uninstallation.from(copy);
        if (data != null) {
            warnings.addAll(BatchNormStatistics.estimate(model, data));
            ActivationStatistics.estimate(model, data);
        }
        return QuantizedModel.of(model, parameters).withWarnings(warnings);
    }

    /** A quantized part within the whole network that it belongs to. */
    public static QuantizedModel mergeInto(Model whole, QuantizedModel part) {
        Network copy = Network.of(whole).copy();
        Uninstallation.from(copy);
        copyParameters(Network.of(part.toNetwork()), copy);
        return QuantizedModel.of(copy.model(), part.parameters()).withWarnings(part.warnings());
    }

    private static void copyParameters(Network part, Network whole) {
        Map<String, LayerSite> targets =
                whole.sites().stream().collect(Collectors.toMap(LayerSite::name, site -> site));
        for (LayerSite source : part.sites()) {
            LayerSite target = targets.get(source.name());
            if (target == null) {
                throw new IllegalArgumentException("the whole network has no layer '" + source.name()
                        + "' of the part; its layers are " + targets.keySet());
            }
            source.params().forEach((key, values) -> {
                INDArray array = target.params().get(key);
                if (array == null || !array.equalShapes(values)) {
                    throw new IllegalArgumentException(source.id(key) + " has shape "
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

    private static List<String> warnings(Network network, List<InstalledParameter> installed) {
        TrainingCounts counts = network.counts();
        GridStep step = installed.get(0).step();
        return warnings(
                MeasuredParameter.of(installed),
                unfinished(network, counts),
                annealed(network)
                        .flatMap(part -> part.restingAt(counts.iteration(), counts.epoch()).stream())
                        .findFirst(),
                step.epsilonAt(counts.iteration(), counts.epoch()));
    }

    /** What is still open; first of all, that a layer is not quantized at all yet. */
    private static Optional<String> unfinished(Network network, TrainingCounts counts) {
        return annealed(network)
                .sorted(Comparator.comparing(part -> !part.isFloatAt(counts.iteration())))
                .flatMap(part -> part.unfinishedAt(counts.iteration(), counts.epoch()).stream())
                .findFirst();
    }

    private static Stream<Annealed> annealed(Network network) {
        return network.sites().stream().flatMap(Quantization::annealed);
    }

    /** What a method has installed on a layer: its step, and what the forward pass sees. */
    private static Stream<Annealed> annealed(LayerSite site) {
        return site.parts().stream()
                .flatMap(part -> Stream.ofNullable(LayerSettings.of(part.conf())))
                .flatMap(settings ->
                        Stream.concat(settings.regularization().stream(), Stream.ofNullable(settings.weightNoise())))
                .filter(Annealed.class::isInstance)
                .map(Annealed.class::cast);
    }

    /** What rounding is about to spoil, and what the training has missed. */
    public static List<String> warnings(
            List<MeasuredParameter> parameters, Optional<String> unfinished, Optional<String> resting, double epsilon) {
        List<String> warnings = new ArrayList<>();
        for (MeasuredParameter p : parameters) {
            new LevelUse(p.grid(), p.values()).warning(p.subject()).ifPresent(warnings::add);
        }
        resting.ifPresent(line -> warnings.add(0, line));
        RoundingMoves.warning(parameters, unfinished, epsilon).ifPresent(line -> warnings.add(0, line));
        return warnings;
    }

    /** Logs them. */
    public static List<String> logged(List<String> warnings) {
        warnings.forEach(line -> LOG.warn("quantize: {}", line));
        return warnings;
    }

    /** Takes every weight to its nearest level. */
    public static List<QuantizedParameter> snap(List<MeasuredParameter> parameters) {
        return parameters.stream()
                .map(p -> QuantizedParameter.snap(p.id().layer(), p.id().key(), p.weights(), p.grid()))
                .toList();
    }
}
