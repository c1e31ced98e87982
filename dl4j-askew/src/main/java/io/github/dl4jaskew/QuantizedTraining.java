package io.github.dl4jaskew;

import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.quantized.QuantizedModel;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * A way to train quantized weights: {@link Askew} itself and, in {@code baseline}, what it is compared with. All of
 * them have the same grids, scales, plans and models, so that one program can run them all:
 *
 * <pre>{@code
 * method.install(network);
 * network.fit(train, epochs);
 * QuantizedModel model = method.quantize(network, train);
 * }</pre>
 *
 * <p>Implementations are immutable and thread safe.
 */
public interface QuantizedTraining {

    /**
     * Installs the method on an initialised network. The scales are estimated from its weights and stored with it; the
     * weights themselves are not changed, unless the method has a start of its own ({@link Askew.Builder#initialScale}, as {@link
     * Askew#fromScratch} has for some layers, which therefore refuses trained networks). The network's iteration and epoch counts are set to 0, as all schedules count from
     * the installation; after a float training, that holds for the schedules of the network's own updater too. If the
     * method has an updater of its own, the network's updater state is reset.
     *
     * <p>The network gets a configuration of its own first, a copy of the one that it has: other networks that were or will
     * be built from the same configuration object, and clones of this one, are not constrained. {@code
     * network.getLayerWiseConfigurations()} is then another object than before.
     *
     * <p>With {@code TransferLearning}: build the new network first, with its {@code FineTuneConfiguration}, and install
     * then; take the constraint off with {@link Askew#uninstall(Model)} before you transfer from a network that
     * has one. Otherwise DL4J keeps it on the layers that it keeps, schedules restart, and where a {@code
     * FineTuneConfiguration} replaces regularization or updater, the first step of training fails and says so. Layers that
     * are frozen, and new ones that are added later, stay in full precision.
     *
     * @param network an initialised MultiLayerNetwork or ComputationGraph, trained or not
     * @return what was done
     * @throws IllegalArgumentException if the method claims no weight or names a layer that is not there, a scale
     *     cannot be estimated, the method cannot work with the layer's updater, a constraint of the layer's own (such as
     *     a unit norm) moves weights off every level, or the method would destroy trained weights; the network is then as
     *     before
     * @throws IllegalStateException if the network is not initialised, or has a constraint already
     */
    AskewPlan install(Model network);

    /**
     * What {@link #install(Model)} would do, and whether the result can be packed and served on the edge. Changes
     * nothing.
     *
     * @param network an initialised MultiLayerNetwork or ComputationGraph, trained or not
     * @return the plan
     * @throws IllegalArgumentException as for an installation
     * @throws IllegalStateException as for an installation
     */
    AskewPlan plan(Model network);

    /**
     * Installs the method on a configuration. Scales that depend on the weights are estimated from those that
     * the configuration's seed gives, which a throw-away network shows. Every network that is built from it afterwards is
     * constrained. One that was built from the same object before continues to train as it was, but shows this configuration, and what
     * is saved or cloned from it has the constraint: install on a {@code clone()} of the configuration if there is one.
     *
     * @param configuration a complete configuration, all sizes known; changed in place
     * @return what was done
     * @throws IllegalArgumentException as for a network
     * @throws IllegalStateException if the configuration has a constraint already
     */
    AskewPlan install(MultiLayerConfiguration configuration);

    /**
     * Installs the method on a graph's configuration, as {@link #install(MultiLayerConfiguration)} does.
     *
     * @param configuration a complete configuration, all sizes known; changed in place
     * @return what was done
     * @throws IllegalArgumentException as for a network
     * @throws IllegalStateException if the configuration has a constraint already
     */
    AskewPlan install(ComputationGraphConfiguration configuration);

    /**
     * The quantized model: every constrained weight on its nearest level of the grid that is installed on the network,
     * by this recipe or another. Works on a copy; the network is not touched.
     *
     * @param network a network with the constraint installed, trained by this recipe or restored from a file
     * @return exact levels, codes and scales
     * @throws IllegalStateException if no constraint is installed
     * @throws IllegalArgumentException if a weight is not finite
     */
    QuantizedModel quantize(Model network);

    /**
     * The quantized model, with batch-norm statistics, then the clips of quantized
     * activations, re-estimated on the quantized weights.
     *
     * @param network as for {@link #quantize(Model)}, of one input
     * @param data training data; is reset and read once for each batch-norm layer
     * @return exact levels, codes and scales
     * @throws IllegalStateException as for {@link #quantize(Model)}
     * @throws IllegalArgumentException if a weight is not finite, or the data is empty or cannot be reset
     */
    default QuantizedModel quantize(Model network, DataSetIterator data) {
        return quantize(network, new MultiDataSetIteratorAdapter(data));
    }

    /**
     * The quantized model of a network of one or several inputs, with batch-norm statistics, then the clips of quantized
     * activations, re-estimated on the quantized weights.
     *
     * @param network a network with the constraint installed
     * @param data training data, an array of features for each input; is reset and read once for each batch-norm layer
     * @return exact levels, codes and scales
     * @throws IllegalStateException if no constraint is installed
     * @throws IllegalArgumentException if a weight is not finite, or the data is empty, has not one array for each input or
     *     cannot be reset
     */
    QuantizedModel quantize(Model network, MultiDataSetIterator data);
}
