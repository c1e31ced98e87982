package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ArrayWeightsTest {

    private static final String FLOATS = "FLOAT";

    private static INDArray base(DataType type, long... shape) {
        return Nd4j.arange(0, Nd4j.create(shape).length())
                .castTo(type)
                .muli(0.25)
                .reshape('c', shape);
    }

    private static List<INDArray> arrays(DataType type) {
        List<INDArray> arrays = new ArrayList<>();
        arrays.add(base(type, 1, 1));
        arrays.add(base(type, 1, 7));
        arrays.add(base(type, 3, 5));
        arrays.add(base(type, 3, 5).dup('f'));
        arrays.add(base(type, 3, 5).transpose());
        arrays.add(base(type, 8, 9).get(interval(2, 5), all()));
        arrays.add(base(type, 8, 9).get(all(), interval(2, 5)));
        arrays.add(base(type, 8, 9).dup('f').get(all(), interval(2, 5)));
        arrays.add(base(type, 8, 9).dup('f').get(interval(0, 2, 8), all()));
        arrays.add(base(type, 2, 3, 4, 5).permute(3, 1, 0, 2));
        return arrays;
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {FLOATS, "DOUBLE", "HALF"})
    void readsInMemoryOrder(DataType type) {
        for (INDArray array : arrays(type)) {
            double[] expected = inOrder(array);
            ArrayWeights weights = new ArrayWeights(array);
            assertThat(weights.size()).isEqualTo(expected.length);
            for (int i = 0; i < expected.length; i++) {
                assertThat(weights.at(i))
                        .as("%s of %s", i, array.shapeInfoToString())
                        .isEqualTo(expected[i]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {FLOATS, "DOUBLE", "HALF"})
    void replacesInMemoryOrder(DataType type) {
        for (INDArray array : arrays(type)) {
            double[] before = inOrder(array);
            List<Long> elements = new ArrayList<>();
            new ArrayWeights(array).replaceAll((element, value) -> {
                elements.add(element);
                assertThat(value).isEqualTo(before[(int) element]);
                return -2 * value + element;
            });
            double[] after = inOrder(array);
            for (int i = 0; i < after.length; i++) {
                assertThat(elements.get(i)).isEqualTo(i);
                assertThat(after[i]).isEqualTo(-2 * before[i] + i);
            }
            assertThat(elements).hasSize(before.length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4095, 4096, 4097, 12289})
    void moreThanOneBlock(int length) {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            INDArray array = base(type, length);
            ArrayWeights weights = new ArrayWeights(array);
            Random random = new Random(length);
            for (int k = 0; k < 200; k++) {
                int i = random.nextInt(length);
                assertThat(weights.at(i)).isEqualTo(0.25 * i);
            }
            assertThat(weights.at(length - 1)).isEqualTo(0.25 * (length - 1));
            weights.replaceAll((element, value) -> value + 1);
            assertThat(weights.at(0)).isEqualTo(1);
            assertThat(weights.at(length - 1)).isEqualTo(0.25 * (length - 1) + 1);
            assertThat(array).isEqualTo(base(type, length).addi(1));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {FLOATS, "DOUBLE"})
    void writesOnlyTheView(DataType type) {
        INDArray whole = base(type, 10, 10);
        INDArray expected = whole.dup();
        expected.get(interval(2, 4), all()).assign(7);
        expected.get(interval(6, 8), interval(1, 3)).assign(7);
        new ArrayWeights(whole.get(interval(2, 4), all())).replaceAll((element, value) -> 7);
        new ArrayWeights(whole.get(interval(6, 8), interval(1, 3))).replaceAll((element, value) -> 7);
        assertThat(whole).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {FLOATS, "DOUBLE"})
    void valuesAreRoundedToTheArraysType(DataType type) {
        INDArray array = base(type, 3);
        new ArrayWeights(array).replaceAll((element, value) -> 0.1);
        assertThat(array.getDouble(1)).isEqualTo(type == DataType.FLOAT ? (double) 0.1f : 0.1);
    }

    /** Elements by index, in the order that ordering() names. */
    private static double[] inOrder(INDArray array) {
        long[] shape = array.shape();
        double[] values = new double[(int) array.length()];
        for (int i = 0; i < values.length; i++) {
            long[] index = new long[shape.length];
            long rest = i;
            for (int k = 0; k < shape.length; k++) {
                int axis = array.ordering() == 'c' ? shape.length - 1 - k : k;
                index[axis] = rest % shape[axis];
                rest /= shape[axis];
            }
            values[i] = array.getDouble(index);
        }
        return values;
    }
}
