package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.RunningClipLayer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Estimates the clips of quantized activations over data: each becomes the mean of the clips of the minibatches. The clip of a
 * {@link QuantizedActivation} in {@code .activation(...)} of a layer is frozen thereby, and that of a {@link
 * io.github.dl4jaskew.activation.QuantizedActivationLayer} takes the place of its running average.
 *
 * <p>One pass at inference, so after {@link BatchNormStatistics}, in which every minibatch is rounded with clips of its own.
 * Masks are not considered. Found are the activation functions of layers, also of those in wrappers; not gate functions of
 * recurrent layers, nor running averages within wrappers.
 */
public final class ActivationStatistics {

    private ActivationStatistics() {}

    /**
     * Replaces the clips of a network in place. Does nothing, and reads nothing, if it has no quantized activations.
     *
     * @param network changed: only its clips
     * @param data is reset, if it can be, and read once
     * @throws IllegalArgumentException if the data is empty, or a feature or an activation is not finite
     */
    public static void estimate(MultiLayerNetwork network, DataSetIterator data) {
        MultiLayerConfiguration conf = MultiLayerConfiguration.fromJson(
                network.getLayerWiseConfigurations().toJson());
        MultiLayerNetwork probe = new MultiLayerNetwork(conf);
        run(network, probe, data);
    }

    /**
     * Replaces the clips of a graph with one input in place. Does nothing, and reads nothing, if it has no quantized
     * activations.
     *
     * @param network changed: only its clips
     * @param data is reset, if it can be, and read once
     * @throws IllegalArgumentException if the data is empty, or a feature or an activation is not finite
     */
    public static void estimate(ComputationGraph network, DataSetIterator data) {
        ComputationGraphConfiguration conf = ComputationGraphConfiguration.fromJson(
                network.getConfiguration().toJson());
        ComputationGraph probe = new ComputationGraph(conf);
        run(network, probe, data);
    }

    private static void run(Model network, Model probe, DataSetIterator data) {
        List<MeanClip> frozen = new ArrayList<>();
        for (ActivationSlot slot : slots(probe)) {
            MeanClip mean = new MeanClip();
            frozen.add(mean);
            slot.setter().accept(new ObservedActivation(slot.function(), mean));
        }
        init(probe, network);
        Map<RunningClipLayer, MeanClip> running = new LinkedHashMap<>();
        runningClips(probe).forEach(layer -> running.put(layer, new MeanClip()));
        if (frozen.isEmpty() && running.isEmpty()) {
            return;
        }
        running.keySet().forEach(layer -> layer.setClip(RunningClipLayer.NO_CLIP));
        collect(probe, running, data);
        freeze(slots(network), frozen);
        freeze(liveSlots(network), frozen);
        List<RunningClipLayer> targets = runningClips(network);
        int i = 0;
        for (MeanClip mean : running.values()) {
            targets.get(i++).setClip(mean.value());
        }
    }

    private static void collect(Model probe, Map<RunningClipLayer, MeanClip> running, DataSetIterator data) {
        if (data.resetSupported()) {
            data.reset();
        }
        if (!data.hasNext()) {
            throw new IllegalArgumentException("the data for the clips of activations is empty");
        }
        FiniteFeatures finite = new FiniteFeatures();
        while (data.hasNext()) {
            INDArray features = finite.require(data.next().getFeatures());
            if (probe instanceof MultiLayerNetwork multiLayer) {
                multiLayer.output(features);
            } else {
                ((ComputationGraph) probe).output(features);
            }
            running.forEach((layer, mean) -> mean.add(layer.batchClip()));
        }
    }

    private static void freeze(List<ActivationSlot> slots, List<MeanClip> clips) {
        for (int i = 0; i < slots.size(); i++) {
            if (!clips.get(i).isEmpty()) {
                ActivationSlot slot = slots.get(i);
                slot.setter().accept(slot.function().withClip(clips.get(i).value()));
            }
        }
    }

    /** Those of the configuration, which is saved. */
    private static List<ActivationSlot> slots(Model network) {
        List<ActivationSlot> slots = new ArrayList<>();
        if (network instanceof MultiLayerNetwork multiLayer) {
            multiLayer
                    .getLayerWiseConfigurations()
                    .getConfs()
                    .forEach(conf -> slots.addAll(ActivationSlot.of(conf.getLayer())));
        } else {
            ComputationGraphConfiguration conf = ((ComputationGraph) network).getConfiguration();
            for (GraphVertex vertex : conf.getVertices().values()) {
                if (vertex instanceof LayerVertex layer) {
                    slots.addAll(ActivationSlot.of(layer.getLayerConf().getLayer()));
                }
            }
        }
        return slots;
    }

    /** Those that the layers use, which after transfer learning are not always the configuration's. */
    private static List<ActivationSlot> liveSlots(Model network) {
        List<ActivationSlot> slots = new ArrayList<>();
        if (network instanceof MultiLayerNetwork multiLayer) {
            for (Layer layer : multiLayer.getLayers()) {
                slots.addAll(ActivationSlot.of(layer.conf().getLayer()));
            }
        } else {
            ComputationGraph graph = (ComputationGraph) network;
            graph.getConfiguration().getVertices().forEach((name, vertex) -> {
                if (vertex instanceof LayerVertex) {
                    slots.addAll(ActivationSlot.of(graph.getLayer(name).conf().getLayer()));
                }
            });
        }
        return slots;
    }

    private static void init(Model probe, Model network) {
        if (probe instanceof MultiLayerNetwork multiLayer) {
            multiLayer.init(network.params().dup(), false);
        } else {
            ((ComputationGraph) probe).init(network.params().dup(), false);
        }
    }

    private static List<RunningClipLayer> runningClips(Model network) {
        Layer[] layers = network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getLayers()
                : ((ComputationGraph) network).getLayers();
        List<RunningClipLayer> found = new ArrayList<>();
        for (Layer layer : layers) {
            if (layer instanceof RunningClipLayer clip) {
                found.add(clip);
            }
        }
        return found;
    }
}
