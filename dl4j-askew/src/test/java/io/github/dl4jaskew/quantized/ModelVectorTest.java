package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

class ModelVectorTest {

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "HALF"})
    void numbersWaitUntilTheirMemoryIsJustified(DataType type) {
        ModelVector vector = new ModelVector(type, 1000);
        double[] block = new double[100];
        for (int first = 0; first < 1000; first += 100) {
            for (int i = 0; i < 100; i++) {
                block[i] = (first + i) * 0.5;
            }
            // 1000 numbers are justified by 32 bytes of half, 63 of float, 125 of double
            vector.put(first, block, 100, first);
        }
        double[] expected = new double[1000];
        for (int i = 0; i < 1000; i++) {
            expected[i] = i * 0.5;
        }
        assertThat(vector.array().dataType()).isEqualTo(type);
        assertThat(vector.array().toDoubleVector()).isEqualTo(expected);
    }

    @Test
    void claimsAreNotAllocated() {
        ModelVector vector = new ModelVector(DataType.FLOAT, 1L << 40);
        long before = Pointer.totalBytes();
        vector.put(0, new double[100], 100, 1000);
        assertThat(Pointer.totalBytes() - before).isLessThan(1_000_000);
    }
}
