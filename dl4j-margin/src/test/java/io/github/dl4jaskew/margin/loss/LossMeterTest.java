package io.github.dl4jaskew.margin.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.metrics.Loss;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LossMeterTest {

    private static final IActivation IDENTITY = new ActivationIdentity();
    private static final INDArray POSITIVE = Nd4j.createFromArray(new float[][] {{1}, {1}});

    @Test
    void meanOfLossesThatNoDoubleHolds() {
        LossMeter meter = new LossMeter(Loss.EXPONENTIAL);
        add(meter, 2000, 2001);
        add(meter, 2002, 2003);
        double sum = 1 + Math.exp(-1) + Math.exp(-2) + Math.exp(-3);
        assertThat(meter.logMeanLoss()).hasValueCloseTo(Math.log(sum / 4) - 2000, within(1e-9));
    }

    @Test
    void classesAndMasks() {
        LossMeter meter = new LossMeter(Loss.CROSS_ENTROPY);
        INDArray logits = Nd4j.createFromArray(new float[][] {{5, 0, 0}, {0, 100, 0}});
        INDArray labels = Nd4j.createFromArray(new float[][] {{1, 0, 0}, {1, 0, 0}});
        INDArray mask = Nd4j.createFromArray(new float[][] {{1}, {0}});
        assertThat(meter.computeScore(labels, logits, IDENTITY, mask, false)).isZero();
        assertThat(meter.logMeanLoss()).hasValueCloseTo(Math.log(Math.log1p(2 * Math.exp(-5))), within(1e-12));
    }

    @Test
    void aLogitThatIsNotFiniteLeavesNoMean() {
        LossMeter meter = new LossMeter(Loss.LOGISTIC);
        add(meter, 1, Float.NaN);
        add(meter, 1, 1);
        assertThat(meter.logMeanLoss()).isEmpty();
    }

    @Test
    void nothingScored() {
        assertThatIllegalStateException().isThrownBy(() -> new LossMeter(Loss.LOGISTIC).logMeanLoss());
    }

    @Test
    void cannotTrain() {
        LossMeter meter = new LossMeter(Loss.LOGISTIC);
        assertThat(meter.name()).contains("LOGISTIC");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> meter.computeGradient(POSITIVE, POSITIVE, IDENTITY, null));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> meter.computeGradientAndScore(POSITIVE, POSITIVE, IDENTITY, null, true));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> meter.computeScoreArray(POSITIVE, POSITIVE, IDENTITY, null));
    }

    private static void add(LossMeter meter, float first, float second) {
        meter.computeScore(POSITIVE, Nd4j.createFromArray(new float[][] {{first}, {second}}), IDENTITY, null, true);
    }
}
