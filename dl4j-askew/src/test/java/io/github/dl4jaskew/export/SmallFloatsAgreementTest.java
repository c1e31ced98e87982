package io.github.dl4jaskew.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.packed.ValueType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J converts in the same way. */
class SmallFloatsAgreementTest {

    private static float[] numbers() {
        Random random = new Random(5);
        float[] numbers = new float[200_000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(30) - 20));
        }
        float[] special = {
            0, -0f, 1, 65504, 65519.996f, 0x1p-24f, 0x1p-25f, 0x1.8p-24f, 0x1p-14f, 0x1.ffcp-15f, 2049, 2051
        };
        System.arraycopy(special, 0, numbers, 0, special.length);
        return numbers;
    }

    @Test
    void roundingAgreesWithNd4j() {
        for (ValueType type : new ValueType[] {ValueType.FLOAT16, ValueType.BFLOAT16}) {
            DataType same = type == ValueType.FLOAT16 ? DataType.FLOAT16 : DataType.BFLOAT16;
            float[] numbers = numbers();
            INDArray rounded = Nd4j.createFromArray(numbers).castTo(same).castTo(DataType.FLOAT);
            float[] expected = rounded.toFloatVector();
            for (int i = 0; i < numbers.length; i++) {
                assertThat((float) type.round(numbers[i]))
                        .as("%s of %s", type, numbers[i])
                        .isEqualTo(expected[i]);
            }
        }
    }
}
