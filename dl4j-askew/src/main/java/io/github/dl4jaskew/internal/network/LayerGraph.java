package io.github.dl4jaskew.internal.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** A ComputationGraph. */
final class LayerGraph implements Network {

    private final ComputationGraph network;

    LayerGraph(ComputationGraph network) {
        this.network = network;
    }

    @Override
    public Model model() {
        return network;
    }

    @Override
    public boolean isInitialised() {
        return network.getVertices() != null;
    }

    @Override
    public Network uninitialisedCopy() {
        return new LayerGraph(new ComputationGraph(ComputationGraphConfiguration.fromJson(json())));
    }

    @Override
    public void init(INDArray parameters) {
        network.init(parameters, false);
    }

    @Override
    public Draft draft() {
        ComputationGraphConfiguration own = OwnConfiguration.copyOf(network.getConfiguration());
        return new Draft(
                network,
                sites(own, network),
                () -> {
                    own.setIterationCount(0);
                    own.setEpochCount(0);
                },
                () -> OwnConfiguration.give(network, own));
    }

    /** The layers of a configuration, with the parameters that a network made from a copy of it shows. */
    static List<LayerSite> sites(ComputationGraphConfiguration configuration, ComputationGraph probe) {
        List<LayerSite> sites = new ArrayList<>();
        for (LayerSite site : new LayerGraph(probe).sites()) {
            var vertex = configuration.getVertices().get(site.name());
            if (vertex instanceof LayerVertex layer) {
                sites.add(site.withParts(LayerSite.partsOf(layer.getLayerConf().getLayer())));
            } else if (vertex instanceof SameDiffVertex sameDiff) {
                sites.add(site.withVertex(sameDiff));
            } else {
                sites.add(site);
            }
        }
        return sites;
    }

    @Override
    public List<LayerSite> sites() {
        List<LayerSite> sites = new ArrayList<>();
        for (int index : network.topologicalSortOrder()) {
            GraphVertex vertex = network.getVertices()[index];
            if (vertex.hasLayer()) {
                sites.add(LayerSite.of(vertex.getVertexName(), vertex.getLayer()));
            } else if (vertex.numParams() > 0) {
                SameDiffVertex conf = vertex.getConfig() instanceof SameDiffVertex sameDiff ? sameDiff : null;
                sites.add(new LayerSite(vertex.getVertexName(), List.of(), conf, false, vertex.paramTable(false)));
            }
        }
        return sites;
    }

    @Override
    public List<Layer> layers() {
        return network.getConfiguration().getVertices().entrySet().stream()
                .filter(vertex -> vertex.getValue() instanceof LayerVertex)
                .map(vertex -> network.getLayer(vertex.getKey()))
                .toList();
    }

    @Override
    public List<org.deeplearning4j.nn.conf.layers.Layer> configurations() {
        return network.getConfiguration().getVertices().values().stream()
                .filter(LayerVertex.class::isInstance)
                .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer())
                .toList();
    }

    @Override
    public boolean hasBatchNormBehind(String name) {
        ComputationGraphConfiguration configuration = network.getConfiguration();
        return new BatchNormBehind(
                        vertex -> configuration.getNetworkOutputs().contains(vertex)
                                ? List.of()
                                : configuration.getVertexInputs().entrySet().stream()
                                        .filter(inputs -> inputs.getValue().contains(vertex))
                                        .map(Map.Entry::getKey)
                                        .toList(),
                        vertex -> configuration.getVertices().get(vertex))
                .takesOutScaleOf(name);
    }

    @Override
    public String json() {
        return network.getConfiguration().toJson();
    }

    @Override
    public TrainingCounts counts() {
        return new TrainingCounts(network.getIterationCount(), network.getEpochCount());
    }

    @Override
    public void setCounts(TrainingCounts counts) {
        network.getConfiguration().setIterationCount(counts.iteration());
        network.getConfiguration().setEpochCount(counts.epoch());
    }

    @Override
    public Collection<TrainingListener> listeners() {
        return network.getListeners();
    }

    @Override
    public boolean hasUpdater() {
        return network.getUpdater(false) != null;
    }

    @Override
    public @Nullable INDArray updaterState() {
        return network.getUpdater(true).getStateViewArray();
    }

    @Override
    public void dropUpdater() {
        network.setUpdater(null);
    }

    @Override
    public void setUpdaterState(INDArray state) {
        ComputationGraphUpdater updater = network.getUpdater(true);
        INDArray view = updater.getStateViewArray();
        if (view != null && view.length() == state.length()) {
            updater.setStateViewArray(state);
        }
    }

    @Override
    public void keepUpdaterDuring(Runnable training) {
        ComputationGraphUpdater updater = network.getUpdater(true);
        training.run();
        network.setUpdater(updater);
    }

    @Override
    public double score(DataSet data) {
        return network.score(data, false);
    }

    @Override
    public INDArray[] output(
            INDArray[] features, INDArray @Nullable [] featureMasks, INDArray @Nullable [] labelMasks) {
        return network.output(false, features, featureMasks, labelMasks);
    }

    @Override
    public List<String> inputs() {
        return network.getConfiguration().getNetworkInputs();
    }

    @Override
    public void detach() {
        if (configurations().stream().anyMatch(OwnConfiguration::isShared)) {
            OwnConfiguration.give(network, OwnConfiguration.copyOf(network.getConfiguration()));
        }
    }
}
