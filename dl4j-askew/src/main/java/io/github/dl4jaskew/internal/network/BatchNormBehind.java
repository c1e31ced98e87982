package io.github.dl4jaskew.internal.network;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/**
 * Whether batch norm takes out the scale of a layer's weights: everything that reads the layer's output is a batch norm, or
 * maps a multiple of its input to the same multiple of its output and is read by one.
 */
final class BatchNormBehind {

    /** Vertices whose output is made of elements of their inputs. */
    private static final Set<Class<?>> REARRANGING = Set.of(
            MergeVertex.class,
            PoolHelperVertex.class,
            PreprocessorVertex.class,
            ReshapeVertex.class,
            SubsetVertex.class,
            UnstackVertex.class);

    private static final Set<Class<?>> HOMOGENEOUS_LAYERS = Set.of(
            DropoutLayer.class,
            SubsamplingLayer.class,
            Subsampling1DLayer.class,
            GlobalPoolingLayer.class,
            ZeroPaddingLayer.class,
            ZeroPadding1DLayer.class,
            Cropping1D.class,
            Cropping2D.class,
            Upsampling1D.class,
            Upsampling2D.class);

    private static final Set<Class<?>> HOMOGENEOUS_ACTIVATIONS =
            Set.of(ActivationIdentity.class, ActivationReLU.class, ActivationLReLU.class);

    private final Function<String, List<String>> readers;
    private final Function<String, Object> configurations;

    /**
     * Looks at a network.
     *
     * @param readers the names of what reads the output of a layer or vertex
     * @param configurations the configuration of a layer or vertex, by its name
     */
    BatchNormBehind(Function<String, List<String>> readers, Function<String, Object> configurations) {
        this.readers = readers;
        this.configurations = configurations;
    }

    /** Whether the scale of a dense or convolutional layer does not matter. */
    boolean takesOutScaleOf(String name) {
        Object layer = layer(name);
        return (layer instanceof DenseLayer || layer instanceof ConvolutionLayer)
                && isHomogeneous(((BaseLayer) layer).getActivationFn())
                && areAllNormalized(name);
    }

    private boolean areAllNormalized(String name) {
        List<String> all = readers.apply(name);
        return !all.isEmpty() && all.stream().allMatch(this::isNormalized);
    }

    private boolean isNormalized(String name) {
        Object reader = layer(name);
        return reader instanceof BatchNormalization || (passesScale(reader) && areAllNormalized(name));
    }

    private static boolean passesScale(Object reader) {
        return reader instanceof ActivationLayer activation
                ? isHomogeneous(activation.getActivationFn())
                : HOMOGENEOUS_LAYERS.contains(reader.getClass()) || REARRANGING.contains(reader.getClass());
    }

    private static boolean isHomogeneous(IActivation activation) {
        return HOMOGENEOUS_ACTIVATIONS.contains(activation.getClass());
    }

    private Object layer(String name) {
        Object configuration = configurations.apply(name);
        return configuration instanceof LayerVertex vertex
                ? vertex.getLayerConf().getLayer()
                : configuration;
    }
}
