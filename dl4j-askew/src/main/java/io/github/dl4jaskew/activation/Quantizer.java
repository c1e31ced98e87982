package io.github.dl4jaskew.activation;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * {@code y = s min(n, max(m, floor(x / s + 1/2)))} with {@code s = clip / n}, and its straight-through gradient. {@code x / s}
 * is a product with {@code n / clip}, rounded to the array's type, as {@code s} is. A clip of 0, or one so small that {@code n
 * / clip} is infinite in float32, gives zeros. NaN passes through.
 *
 * @param clip finite, at least 0
 * @param steps n, levels above zero
 * @param signed whether there are as many below, {@code m = -n}; else {@code m = 0}
 */
record Quantizer(double clip, int steps, boolean signed) {

    /** Replaces the numbers of an array by their levels. */
    INDArray apply(INDArray x) {
        if (x.dataType() == DataType.FLOAT || x.dataType() == DataType.DOUBLE) {
            return quantize(x);
        }
        return x.assign(quantize(x.castTo(DataType.FLOAT)));
    }

    private INDArray quantize(INDArray x) {
        double rate = steps / clip;
        if (!(rate <= Float.MAX_VALUE)) {
            return limit(x, 0, 1).muli(0);
        }
        x.muli(rate).addi(0.5);
        return limit(Transforms.floor(x, false), signed ? -steps : 0, steps).muli(clip / steps);
    }

    /** In place, and unlike min and max it leaves NaN. */
    static INDArray limit(INDArray x, int from, int to) {
        Nd4j.exec(DynamicCustomOp.builder("clipbyvalue")
                .addInputs(x)
                .addOutputs(x)
                .addFloatingPointArguments((double) from, (double) to)
                .build());
        return x;
    }

    /** 1 where the gradient passes: {@code m clip / n <= x <= clip}; else 0. */
    INDArray mask(INDArray x) {
        INDArray above = x.gte(signed ? -clip : 0).castTo(x.dataType());
        return above.muli(x.lte(clip).castTo(x.dataType()));
    }
}
