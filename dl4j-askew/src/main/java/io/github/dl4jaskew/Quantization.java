package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.quantized.ActivationStatistics;
import io.github.dl4jaskew.quantized.BatchNormStatistics;
import io.github.dl4jaskew.quantized.NetworkCopy;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import io.github.dl4jaskew.quantized.QuantizedSameDiff;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** Makes a {@link QuantizedModel} from a copy of a network, which loses the constraint on the way. */
final class Quantization {

    private Quantization() {}

    static QuantizedModel of(MultiLayerNetwork network, @Nullable DataSetIterator data) {
        MultiLayerNetwork copy = NetworkCopy.of(network);
        List<QuantizedParameter> parameters = quantize(copy);
        Askew.uninstall(copy);
        if (data != null) {
            BatchNormStatistics.estimate(copy, data);
            ActivationStatistics.estimate(copy, data);
        }
        return QuantizedModel.of(copy, parameters);
    }

    static QuantizedModel of(ComputationGraph network, @Nullable MultiDataSetIterator data) {
        ComputationGraph copy = NetworkCopy.of(network);
        List<QuantizedParameter> parameters = quantize(copy);
        Askew.uninstall(copy);
        if (data != null) {
            BatchNormStatistics.estimate(copy, data);
            ActivationStatistics.estimate(copy, data);
        }
        return QuantizedModel.of(copy, parameters);
    }

    static QuantizedSameDiff of(SameDiff graph) {
        SameDiffUpdater installed = SameDiffUpdater.of(graph);
        if (installed == null) {
            throw new IllegalStateException("no interval constraint is installed on this graph; call install(graph)"
                    + " before training, or load a graph that was saved with it");
        }
        SameDiff copy = QuantizedSameDiff.copyOf(graph);
        Askew.uninstall(copy);
        List<QuantizedParameter> parameters = new ArrayList<>();
        for (ConstrainedVariable v : installed.variables()) {
            INDArray weights = SameDiffLink.weights(copy, v);
            v.requireUnchanged(weights);
            parameters.add(QuantizedParameter.snap(ConstrainedVariable.LAYER, v.name(), weights, v.grid()));
        }
        return QuantizedSameDiff.of(copy, parameters);
    }

    static QuantizedModel insert(QuantizedModel part, MultiLayerNetwork whole) {
        MultiLayerNetwork copy = NetworkCopy.of(whole);
        Askew.uninstall(copy);
        copyParameters(part.toNetwork(), copy);
        return QuantizedModel.of(copy, part.parameters());
    }

    static QuantizedModel insert(QuantizedModel part, ComputationGraph whole) {
        ComputationGraph copy = NetworkCopy.of(whole);
        Askew.uninstall(copy);
        copyParameters(part.toNetwork(), copy);
        return QuantizedModel.of(copy, part.parameters());
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

    private static List<QuantizedParameter> quantize(Model copy) {
        List<InstalledParameter> installed = InstalledParameter.of(copy);
        if (installed.isEmpty()) {
            throw new IllegalStateException("no constraint is installed on this network; call install(network) before"
                    + " training, or restore a network that was saved with it");
        }
        List<QuantizedParameter> parameters = new ArrayList<>();
        for (InstalledParameter p : installed) {
            ScaledGrid grid = p.grid();
            parameters.add(QuantizedParameter.snap(p.layer(), p.name(), p.weights(), grid));
        }
        return parameters;
    }
}
