package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.grid.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The shape and order in which a parameter's memory is read as an array by others, and the shape of its scales, which
 * broadcasts against it.
 *
 * @param shape sizes of the parameter
 * @param order order of its memory: 'c' (last axis varies fastest) or 'f' (first)
 * @param scaleShape sizes of the scales: those of the parameter on the axes of the channels, 1 on all others
 */
record ExportLayout(List<Long> shape, char order, List<Long> scaleShape) {

    /** The layout of a parameter that has no scales. */
    static ExportLayout of(@Nullable Layer layer, INDArray array) {
        return of(layer, array, Channels.perTensor());
    }

    /**
     * The layout of a parameter. It has DL4J's shape, but for convolution 1D, of which DL4J reads the memory as [kernel,
     * in, out] whatever the shape says. If the channels do not follow axes, the shape is [blocks, channels, stride].
     *
     * @param layer configuration of its layer, or null if the parameter belongs to none
     * @param array the parameter
     * @param channels where the channels lie in its memory
     */
    static ExportLayout of(@Nullable Layer layer, INDArray array, Channels channels) {
        List<Long> shape = shape(layer, array);
        List<Long> scales = scaleShape(shape, array.ordering(), channels);
        if (scales != null) {
            return new ExportLayout(shape, array.ordering(), scales);
        }
        long count = channels.count();
        long block = count * channels.stride();
        if (array.length() % block != 0) {
            throw new IllegalArgumentException(channels + " do not divide " + array.length() + " weights evenly");
        }
        List<Long> blocks = List.of(array.length() / block, count, channels.stride());
        return new ExportLayout(blocks, 'c', List.of(1L, count, 1L));
    }

    private static List<Long> shape(@Nullable Layer layer, INDArray array) {
        long[] s = array.shape();
        boolean reversed = layer != null && s.length == 4 && unwrap(layer) instanceof Convolution1DLayer;
        return reversed ? List.of(s[2], s[1], s[0]) : Arrays.stream(s).boxed().toList();
    }

    private static Layer unwrap(Layer layer) {
        if (layer instanceof BaseWrapperLayer wrapper) {
            return unwrap(wrapper.getUnderlying());
        }
        if (layer instanceof org.deeplearning4j.nn.conf.layers.misc.FrozenLayer frozen) {
            return unwrap(frozen.getLayer());
        }
        return layer;
    }

    /** The sizes on the neighbouring axes that channels run along and 1 elsewhere, or null if there are no such axes. */
    private static @Nullable List<Long> scaleShape(List<Long> shape, char order, Channels channels) {
        List<Long> scales = new ArrayList<>(Collections.nCopies(shape.size(), 1L));
        long stride = 1;
        long count = 1;
        for (int i = 0; i < shape.size(); i++) {
            int axis = order == 'f' ? i : shape.size() - 1 - i;
            if (stride < channels.stride()) {
                stride *= shape.get(axis);
            } else if (count < channels.count()) {
                count *= shape.get(axis);
                scales.set(axis, shape.get(axis));
            }
        }
        boolean follows = count == channels.count() && (count == 1 || stride == channels.stride());
        return follows ? scales : null;
    }
}
