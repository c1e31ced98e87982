package io.github.dl4jaskew.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The digits that a program draws. */
class DrawnDigitsTest {

    @Test
    void theSeedDecidesThem() {
        Split digits = DrawnDigits.generate(60, 20, 5);
        assertThat(DrawnDigits.generate(60, 20, 5).test().getFeatures())
                .isEqualTo(digits.test().getFeatures());
        assertThat(DrawnDigits.generate(60, 20, 6).test().getFeatures())
                .isNotEqualTo(digits.test().getFeatures());
    }

    @Test
    void theyHaveTheShapeOfMnist() {
        Split digits = DrawnDigits.generate(400, 20, 1);
        INDArray images = digits.train().getFeatures();
        assertThat(images.shape()).containsExactly(400, 784);
        assertThat(images.minNumber().doubleValue()).isNotNegative();
        assertThat(images.maxNumber().doubleValue()).isBetween(0.9, 1.0);
        assertThat(digits.train().getLabels().sum(1).minNumber().doubleValue()).isEqualTo(1);
        assertThat(digits.train().getLabels().sum(0).minNumber().doubleValue()).isGreaterThan(10);
        assertThat(digits.test().getFeatures().shape()).containsExactly(20, 784);
    }

    /** A one has less ink than an eight, whatever noise and thickness do. */
    @Test
    void theInkFollowsTheSegments() {
        Split digits = DrawnDigits.generate(500, 1, 2);
        INDArray labels = digits.train().getLabels();
        INDArray ink =
                digits.train().getFeatures().gt(0.4).castTo(labels.dataType()).sum(1);
        INDArray mean =
                labels.transpose().mmul(ink.reshape(500, 1)).div(labels.sum(0).reshape(10, 1));
        for (int digit = 0; digit < 10; digit++) {
            assertThat(mean.getDouble(1, 0)).isLessThanOrEqualTo(mean.getDouble(digit, 0));
            assertThat(mean.getDouble(8, 0)).isGreaterThanOrEqualTo(mean.getDouble(digit, 0));
        }
    }

    @Test
    void noneIsRefused() {
        assertThatThrownBy(() -> DrawnDigits.generate(0, 1, 1)).hasMessageContaining("train is 0");
        assertThatThrownBy(() -> DrawnDigits.generate(1, 0, 1)).hasMessageContaining("test is 0");
    }
}
