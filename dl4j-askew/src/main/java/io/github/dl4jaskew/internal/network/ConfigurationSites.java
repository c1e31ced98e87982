package io.github.dl4jaskew.internal.network;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** The layers of a configuration, with the parameters that a network made from a copy of it shows. */
public final class ConfigurationSites {

    private ConfigurationSites() {}

    public static List<LayerSite> of(MultiLayerConfiguration configuration, MultiLayerNetwork probe) {
        List<LayerSite> sites = new ArrayList<>();
        for (LayerSite site : LayerSite.of(probe)) {
            int index = sites.size();
            sites.add(site.withParts(
                    LayerSite.partsOf(configuration.getConf(index).getLayer())));
        }
        return sites;
    }

    public static List<LayerSite> of(ComputationGraphConfiguration configuration, ComputationGraph probe) {
        List<LayerSite> sites = new ArrayList<>();
        for (LayerSite site : LayerSite.of(probe)) {
            GraphVertex vertex = configuration.getVertices().get(site.name());
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
}
