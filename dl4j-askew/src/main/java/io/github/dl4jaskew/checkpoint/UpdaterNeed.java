package io.github.dl4jaskew.checkpoint;

import java.util.stream.Stream;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the updaters of a configuration keep a state, such as Adam's moments, which DL4J then saves with a network. */
final class UpdaterNeed {

    private static final Logger LOG = LoggerFactory.getLogger(UpdaterNeed.class);

    private UpdaterNeed() {}

    /** Asks the updaters of all parameters; false if DL4J cannot read the configuration, which restoring it will explain. */
    static boolean hasState(String json) {
        try {
            return layers(json).anyMatch(UpdaterNeed::hasState);
        } catch (RuntimeException e) {
            LOG.debug("the configuration of a checkpoint cannot be read", e);
            return false;
        }
    }

    private static Stream<NeuralNetConfiguration> layers(String json) {
        if (json.contains("\"vertexInputs\"")) {
            return ComputationGraphConfiguration.fromJson(json).getVertices().values().stream()
                    .filter(LayerVertex.class::isInstance)
                    .map(vertex -> ((LayerVertex) vertex).getLayerConf());
        }
        return MultiLayerConfiguration.fromJson(json).getConfs().stream();
    }

    private static boolean hasState(NeuralNetConfiguration conf) {
        Layer layer = conf.getLayer();
        return layer.initializer().numParams(conf) > 0
                && layer.initializer().paramKeys(layer).stream().anyMatch(key -> hasState(layer, key));
    }

    private static boolean hasState(TrainingConfig layer, String key) {
        IUpdater updater = layer.getUpdaterByParam(key);
        return updater != null && updater.stateSize(1) > 0;
    }
}
