package io.github.dl4jaskew.margin.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.metrics.Loss;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class LogDomainLossTest {

    private static final IActivation SOFTMAX = Activation.SOFTMAX.getActivationFunction();
    private static final IActivation SIGMOID = Activation.SIGMOID.getActivationFunction();
    private static final IActivation IDENTITY = Activation.IDENTITY.getActivationFunction();
    private static final LogDomainLoss CROSS_ENTROPY = new LogDomainLoss(Loss.CROSS_ENTROPY);
    private static final LogDomainLoss LOGISTIC = new LogDomainLoss(Loss.LOGISTIC);

    @Test
    void isMcxentWithSoftmaxWhereThatIsExact() {
        agree(CROSS_ENTROPY, new LossMCXENT(0, null), SOFTMAX, logits(7, 5), oneHot(7, 5));
    }

    @Test
    void isXentWithSigmoidWhereThatIsExact() {
        INDArray labels = Nd4j.createFromArray(new double[][] {{1}, {0}, {0}, {1}});
        agree(LOGISTIC, new LossBinaryXENT(0), SIGMOID, logits(4, 1), labels);
    }

    private static void agree(
            LogDomainLoss ours, ILossFunction theirs, IActivation activation, INDArray logits, INDArray labels) {
        assertThat(ours.computeScore(labels, logits, activation, null, false))
                .isCloseTo(theirs.computeScore(labels, logits, activation, null, false), within(1e-12));
        assertThat(ours.computeScore(labels, logits, activation, null, true))
                .isCloseTo(theirs.computeScore(labels, logits, activation, null, true), within(1e-12));
        close(
                ours.computeScoreArray(labels, logits, activation, null),
                theirs.computeScoreArray(labels, logits, activation, null));
        close(
                ours.computeGradient(labels, logits, activation, null),
                theirs.computeGradient(labels, logits, activation, null));
        INDArray mask = Nd4j.zeros(DataType.DOUBLE, logits.size(0), 1);
        mask.putScalar(1, 0, 1);
        close(
                ours.computeGradientAndScore(labels, logits, activation, mask, false)
                        .getSecond(),
                theirs.computeGradientAndScore(labels, logits, activation, mask, false)
                        .getSecond());
        assertThat(ours.computeScore(labels, logits, activation, mask, false))
                .isCloseTo(theirs.computeScore(labels, logits, activation, mask, false), within(1e-12));
        // columns as rows in memory, as DL4J hands them over
        INDArray transposed = logits.dup('f');
        close(
                ours.computeGradient(labels, transposed, activation, null),
                theirs.computeGradient(labels, logits, activation, null));
    }

    private static void close(INDArray actual, INDArray expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.sub(expected).norm2Number().doubleValue()).isLessThan(1e-12);
        assertThat(expected.norm2Number().doubleValue()).isGreaterThan(0.01);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 15, 17, 50, 100, 500, 700})
    void gradientIsExactWhateverTheMargin(double margin) {
        INDArray labels = Nd4j.createFromArray(new double[][] {{0, 1, 0}});
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, margin, -1}});
        double wrong = Math.exp(-margin) + Math.exp(-margin - 1);
        INDArray gradient = CROSS_ENTROPY.computeGradient(labels, logits, SOFTMAX, null);
        assertThat(gradient.getDouble(0)).isCloseTo(Math.exp(-margin) / (1 + wrong), relative(1e-12, -margin));
        assertThat(gradient.getDouble(1)).isCloseTo(-wrong / (1 + wrong), relative(1e-12, -margin));
        assertThat(CROSS_ENTROPY.computeScore(labels, logits, SOFTMAX, null, false))
                .isCloseTo(Math.log1p(wrong), relative(1e-12, -margin));
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void scaleKeepsFloat32FromUnderflow(Loss loss) {
        boolean several = loss == Loss.CROSS_ENTROPY;
        INDArray labels = Nd4j.createFromArray(new float[][] {several ? new float[] {1, 0} : new float[] {1}});
        INDArray logits = Nd4j.createFromArray(new float[][] {several ? new float[] {500, 0} : new float[] {500}});
        LogDomainLoss plain = new LogDomainLoss(loss);
        assertThat(plain.computeGradient(labels, logits, IDENTITY, null)
                        .maxNumber()
                        .doubleValue())
                .isZero();
        INDArray gradient = plain.withLogScale(500).computeGradient(labels, logits, IDENTITY, null);
        assertThat(gradient.dataType()).isEqualTo(DataType.FLOAT);
        assertThat(gradient.getDouble(0)).isCloseTo(-1, within(1e-6));
        assertThat(plain.withLogScale(500).computeScore(labels, logits, IDENTITY, null, false))
                .as("the score has no factor")
                .isEqualTo(plain.computeScore(labels, logits, IDENTITY, null, false))
                .isCloseTo(Math.exp(-500), relative(1e-12, -500));
    }

    @Test
    void dl4jsOwnGradientIsZeroThere() {
        INDArray labels = Nd4j.createFromArray(new float[][] {{1, 0}});
        INDArray logits = Nd4j.createFromArray(new float[][] {{18, 0}});
        assertThat(new LossMCXENT(0, null)
                        .computeGradient(labels, logits, SOFTMAX, null)
                        .getDouble(0))
                .isZero();
        assertThat(CROSS_ENTROPY.computeGradient(labels, logits, SOFTMAX, null).getDouble(0))
                .isCloseTo(-Math.exp(-18), relative(1e-6, -18));
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void gradientIsTheDerivativeOfTheScore(Loss loss) {
        int outputs = loss == Loss.CROSS_ENTROPY ? 3 : 1;
        INDArray labels = outputs == 3 ? oneHot(4, 3) : Nd4j.createFromArray(new double[][] {{1}, {0}, {1}, {0}});
        INDArray logits = logits(4, outputs);
        LogDomainLoss function = new LogDomainLoss(loss);
        INDArray gradient = function.computeGradient(labels, logits, IDENTITY, null);
        double h = 1e-6;
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < outputs; j++) {
                INDArray up = logits.dup().putScalar(i, j, logits.getDouble(i, j) + h);
                INDArray down = logits.dup().putScalar(i, j, logits.getDouble(i, j) - h);
                double slope = (function.computeScore(labels, up, IDENTITY, null, false)
                                - function.computeScore(labels, down, IDENTITY, null, false))
                        / (2 * h);
                assertThat(gradient.getDouble(i, j)).isCloseTo(slope, within(1e-8));
            }
        }
    }

    @Test
    void logitsThatAreNotFiniteGiveNanInTheirRowAlone() {
        INDArray labels = Nd4j.createFromArray(new double[][] {{1}, {0}});
        INDArray logits = Nd4j.createFromArray(new double[][] {{Double.POSITIVE_INFINITY}, {1}});
        INDArray gradient = LOGISTIC.computeGradient(labels, logits, SIGMOID, null);
        assertThat(gradient.getDouble(0)).isNaN();
        assertThat(gradient.getDouble(1)).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-12));
        assertThat(LOGISTIC.computeScore(labels, logits, SIGMOID, null, true)).isNaN();
    }

    @Test
    void survivesJsonInAConfiguration() {
        LogDomainLoss loss = new LogDomainLoss(Loss.CROSS_ENTROPY, 12.5);
        MultiLayerConfiguration conf = network(loss, 3).getLayerWiseConfigurations();
        MultiLayerConfiguration copy = MultiLayerConfiguration.fromJson(conf.toJson());
        assertThat(((OutputLayer) copy.getConf(1).getLayer()).getLossFn()).isEqualTo(loss);
        assertThat(copy).isEqualTo(conf);
    }

    @Test
    void isAValue() {
        LogDomainLoss loss = new LogDomainLoss(Loss.LOGISTIC, 2);
        assertThat(loss).isEqualTo(LOGISTIC.withLogScale(2)).hasSameHashCodeAs(LOGISTIC.withLogScale(2));
        assertThat(loss).isNotEqualTo(LOGISTIC).isNotEqualTo(new LogDomainLoss(Loss.EXPONENTIAL, 2));
        assertThat(loss.name()).contains("LOGISTIC", "2.0");
        assertThat(loss.loss()).isEqualTo(Loss.LOGISTIC);
        assertThat(loss.logScale()).isEqualTo(2);
    }

    @Test
    void refusesWhatDoesNotFit() {
        INDArray two = Nd4j.createFromArray(new double[][] {{1, 0}});
        INDArray one = Nd4j.createFromArray(new double[][] {{1}});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LOGISTIC.withLogScale(Double.NaN))
                .withMessageContaining("logScale is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CROSS_ENTROPY.computeGradient(one, one, IDENTITY, null))
                .withMessageContaining("outputs are 1; allowed for CROSS_ENTROPY is 2 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LOGISTIC.computeGradient(two, two, SIGMOID, null))
                .withMessageContaining("allowed for LOGISTIC is 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LOGISTIC.computeScore(two, one, SIGMOID, null, true))
                .withMessageContaining("[1, 2]", "[1, 1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LOGISTIC.computeScore(one, one, SOFTMAX, null, true))
                .withMessageContaining("ActivationSigmoid and ActivationIdentity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LOGISTIC.computeScore(one.mul(0.5), one, SIGMOID, null, true))
                .withMessageContaining("the labels of example 0 are [0.5]; allowed is 0 or 1");
        for (double[] labels : new double[][] {{1, 1}, {0, 0}, {0.5, 0.5}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CROSS_ENTROPY.computeScore(
                            Nd4j.createFromArray(new double[][] {labels}), two, SOFTMAX, null, true))
                    .withMessageContaining("allowed is a single 1 among 0s");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LOGISTIC.computeScore(one, one, SIGMOID, two, true))
                .withMessageContaining("mask is [1, 2]; allowed is one value for each of 1 examples");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LOGISTIC.computeScore(one, one, SIGMOID, one.mul(2), true))
                .withMessageContaining("mask is [2.0]; allowed are 0 and 1");
    }

    private static MultiLayerNetwork network(LogDomainLoss loss, int outputs) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(2)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(4)
                        .nOut(outputs)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static INDArray logits(int rows, int columns) {
        Random random = new Random(3);
        double[][] logits = new double[rows][columns];
        for (double[] row : logits) {
            for (int j = 0; j < columns; j++) {
                row[j] = 2 * random.nextGaussian();
            }
        }
        return Nd4j.createFromArray(logits);
    }

    private static INDArray oneHot(int rows, int columns) {
        double[][] labels = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            labels[i][i * 2 % columns] = 1;
        }
        return Nd4j.createFromArray(labels);
    }

    private static org.assertj.core.data.Offset<Double> relative(double precision, double logarithm) {
        return within(precision * Math.exp(logarithm));
    }
}
