package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.TrainableNetwork;
import io.github.dl4jaskew.margin.internal.network.TrainedParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaBelief;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.regularization.Regularization;

/** What a training does besides gradient descent on the loss, which the theory of the euclidean margin assumes. */
final class TrainingCaveats {

    private static final Set<Class<?>> ADAPTIVE = Set.of(
            Adam.class,
            AdaMax.class,
            AMSGrad.class,
            Nadam.class,
            AdaBelief.class,
            AdaGrad.class,
            AdaDelta.class,
            RmsProp.class);

    private final Map<String, Set<String>> layersOf = new LinkedHashMap<>();

    private TrainingCaveats() {}

    /** One text for each kind, with its layers. */
    static List<String> of(Model network) {
        TrainingCaveats caveats = new TrainingCaveats();
        for (Layer layer : TrainableNetwork.of(network).layers()) {
            if (!TrainedParameters.isFrozen(layer)) {
                caveats.read(layer);
            }
        }
        List<String> texts = new ArrayList<>();
        caveats.layersOf.forEach((text, layers) -> texts.add("training: " + String.format(text, layers)));
        return texts;
    }

    private void read(Layer layer) {
        org.deeplearning4j.nn.conf.layers.Layer conf =
                TrainedParameters.inner(layer.conf().getLayer());
        String name = String.valueOf(conf.getLayerName());
        if (conf.getIDropout() != null) {
            add("dropout of the layers %s trains other networks than the one that is measured", name);
        }
        if (conf instanceof BaseLayer base && base.getWeightNoise() != null) {
            add("weight noise of the layers %s trains other networks than the one that is measured", name);
        }
        if (conf.getConstraints() != null && !conf.getConstraints().isEmpty()) {
            add("constraints of the layers %s move the weights, which then need not approach a larger margin", name);
        }
        for (String parameter : layer.paramTable().keySet()) {
            // batch norm has no list at all
            List<Regularization> penalties = layer.getConfig().getRegularizationByParam(parameter);
            if (penalties != null && !penalties.isEmpty()) {
                add(
                        "weight decay or another regularization of the layers %s bounds the norm; the margin then need not"
                                + " settle as it does by the loss alone",
                        name);
            }
            IUpdater updater = layer.getConfig().getUpdaterByParam(parameter);
            if (updater instanceof Nesterovs) {
                add("momentum of the layers %s is not covered by the theory of gradient descent", name);
            } else if (updater != null && ADAPTIVE.contains(updater.getClass())) {
                add(
                        updater.getClass().getSimpleName()
                                + " of the layers %s does not favour the euclidean margin; see"
                                + " linfNormalizedMargin",
                        name);
            }
        }
    }

    private void add(String text, String layer) {
        layersOf.computeIfAbsent(text, key -> new LinkedHashSet<>()).add(layer);
    }
}
