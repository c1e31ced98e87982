package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.RunningClipLayer;
import io.github.dl4jaskew.internal.network.Network;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Estimates the clips of quantized activations over data: each becomes the mean of the clips of the minibatches. The clip of a
 * {@link QuantizedActivation} in {@code .activation(...)} of a layer is frozen thereby, and that of a {@link
 * io.github.dl4jaskew.activation.QuantizedActivationLayer} takes the place of its running average.
 *
 * <p>One pass at inference, so after {@link BatchNormStatistics}, in which every minibatch is rounded with clips of its own.
 * Masked time steps count like all others; masks reach the layers in front of them. Found are the activation functions of layers, also of those in wrappers; not gate functions of
 * recurrent layers, nor running averages within wrappers.
 */
public final class ActivationStatistics {

    private static final String PURPOSE = "the clips of activations";

    private ActivationStatistics() {}

    /**
     * Replaces the clips of a network of one input in place, as {@link #estimate(Model, MultiDataSetIterator)} does.
     *
     * @param network a MultiLayerNetwork or ComputationGraph; only its clips change
     * @param data is reset, if it can be, and read once
     * @throws IllegalArgumentException as for several inputs
     */
    public static void estimate(Model network, DataSetIterator data) {
        estimate(network, new MultiDataSetIteratorAdapter(data));
    }

    /**
     * Replaces the clips of a network in place. Does nothing, and reads nothing, if it has no quantized activations.
     *
     * @param network a MultiLayerNetwork or ComputationGraph; only its clips change
     * @param data an array of features for each input; is reset, if it can be, and read once
     * @throws IllegalArgumentException if the data is empty or has not one array for each input, or an activation is not
     *     finite
     */
    public static void estimate(Model network, MultiDataSetIterator data) {
        Network adapter = Network.of(network);
        run(adapter, adapter.uninitialisedCopy(), new Minibatches(network, data, PURPOSE));
    }

    private static void run(Network network, Network probe, Minibatches data) {
        List<MeanClip> frozen = new ArrayList<>();
        for (ActivationSlot slot : slots(probe.configurations())) {
            MeanClip mean = new MeanClip();
            frozen.add(mean);
            slot.setter().accept(new ObservedActivation(slot.function(), mean));
        }
        probe.init(network.model().params().dup());
        Map<RunningClipLayer, MeanClip> running = new LinkedHashMap<>();
        runningClips(probe).forEach(layer -> running.put(layer, new MeanClip()));
        if (frozen.isEmpty() && running.isEmpty()) {
            return;
        }
        running.keySet().forEach(ActivationStatistics::forget);
        collect(probe, running, data);
        freeze(slots(network.configurations()), frozen);
        // after transfer learning, what the layers use is not always the configuration's, which is saved
        freeze(
                slots(network.layers().stream()
                        .map(layer -> layer.conf().getLayer())
                        .toList()),
                frozen);
        List<RunningClipLayer> targets = runningClips(network);
        int i = 0;
        for (MeanClip mean : running.values()) {
            targets.get(i++).setClip(mean.value());
        }
    }

    private static void collect(Network probe, Map<RunningClipLayer, MeanClip> running, Minibatches data) {
        data.forEach(batch -> {
            probe.output(batch.features(), batch.featureMasks(), batch.labelMasks());
            running.forEach((layer, mean) -> mean.add(layer.batchClip()));
        });
    }

    private static void freeze(List<ActivationSlot> slots, List<MeanClip> clips) {
        for (int i = 0; i < slots.size(); i++) {
            if (!clips.get(i).isEmpty()) {
                ActivationSlot slot = slots.get(i);
                slot.setter().accept(slot.function().withClip(clips.get(i).value()));
            }
        }
    }

    private static List<ActivationSlot> slots(List<org.deeplearning4j.nn.conf.layers.Layer> configurations) {
        return configurations.stream()
                .flatMap(configuration -> ActivationSlot.of(configuration).stream())
                .toList();
    }

    /** From then on, each minibatch is rounded with a clip of its own. */
    static void forget(RunningClipLayer layer) {
        layer.setClip(RunningClipLayer.NO_CLIP);
    }

    static List<RunningClipLayer> runningClips(Network network) {
        return network.layers().stream()
                .filter(RunningClipLayer.class::isInstance)
                .map(RunningClipLayer.class::cast)
                .toList();
    }
}
