package io.github.dl4jaskew.internal.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** A MultiLayerNetwork. */
final class LayerList implements Network {

    private final MultiLayerNetwork network;

    LayerList(MultiLayerNetwork network) {
        this.network = network;
    }

    @Override
    public Model model() {
        return network;
    }

    @Override
    public boolean isInitialised() {
        return network.isInitCalled();
    }

    @Override
    public Network uninitialisedCopy() {
        return new LayerList(new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json())));
    }

    @Override
    public void init(INDArray parameters) {
        network.init(parameters, false);
    }

    @Override
    public Draft draft() {
        MultiLayerConfiguration own = OwnConfiguration.copyOf(network.getLayerWiseConfigurations());
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
    static List<LayerSite> sites(MultiLayerConfiguration configuration, MultiLayerNetwork probe) {
        List<LayerSite> sites = new ArrayList<>();
        for (LayerSite site : new LayerList(probe).sites()) {
            int index = sites.size();
            sites.add(site.withParts(
                    LayerSite.partsOf(configuration.getConf(index).getLayer())));
        }
        return sites;
    }

    @Override
    public List<LayerSite> sites() {
        List<LayerSite> sites = new ArrayList<>();
        for (int i = 0; i < network.getnLayers(); i++) {
            Layer layer = network.getLayer(i);
            String name = layer.conf().getLayer().getLayerName();
            sites.add(LayerSite.of(name == null ? String.valueOf(i) : name, layer));
        }
        return sites;
    }

    @Override
    public List<Layer> layers() {
        return List.of(network.getLayers());
    }

    @Override
    public List<org.deeplearning4j.nn.conf.layers.Layer> configurations() {
        return network.getLayerWiseConfigurations().getConfs().stream()
                .map(NeuralNetConfiguration::getLayer)
                .toList();
    }

    @Override
    public boolean hasBatchNormBehind(String name) {
        List<String> names = sites().stream().map(LayerSite::name).toList();
        List<org.deeplearning4j.nn.conf.layers.Layer> layers = configurations();
        return new BatchNormBehind(
                        layer -> names.subList(
                                names.indexOf(layer) + 1, Math.min(names.indexOf(layer) + 2, names.size())),
                        layer -> layers.get(names.indexOf(layer)))
                .takesOutScaleOf(name);
    }

    @Override
    public String json() {
        return network.getLayerWiseConfigurations().toJson();
    }

    @Override
    public TrainingCounts counts() {
        return new TrainingCounts(network.getIterationCount(), network.getEpochCount());
    }

    @Override
    public void setCounts(TrainingCounts counts) {
        network.setIterationCount(counts.iteration());
        network.setEpochCount(counts.epoch());
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
        Updater updater = network.getUpdater(true);
        INDArray view = updater.getStateViewArray();
        if (view != null && view.length() == state.length()) {
            updater.setStateViewArray(network, state, false);
        }
    }

    @Override
    public void keepUpdaterDuring(Runnable training) {
        Updater updater = network.getUpdater(true);
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
        return new INDArray[] {network.output(features[0], false, first(featureMasks), first(labelMasks))};
    }

    private static @Nullable INDArray first(INDArray @Nullable [] arrays) {
        return arrays == null ? null : arrays[0];
    }

    @Override
    public List<String> inputs() {
        return List.of("input");
    }

    @Override
    public void detach() {
        MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
        if (configurations().stream().anyMatch(OwnConfiguration::isShared)) {
            OwnConfiguration.give(network, OwnConfiguration.copyOf(configuration));
        }
    }
}
