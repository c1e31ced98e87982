package io.github.dl4jaskew.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.activation.ActivationNets;
import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import io.github.dl4jaskew.activation.SignActivation;
import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.packed.ActivationKind;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.PortableNetwork;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Quantized activations without DL4J: the same numbers, bit for bit, from the same input. */
class EdgeLevelsTest {

    private static final float LARGEST = 3e38f;

    private static EdgeModel load(MultiLayerNetwork network) throws IOException {
        return EdgeModel.load(new ByteArrayInputStream(EdgeNets.saved(QuantizedModel.of(network, List.of()))));
    }

    static Stream<IActivation> frozen() {
        return Stream.of(
                QuantizedActivation.unsigned(1).withClip(0.7),
                QuantizedActivation.unsigned(4).withClip(1.3),
                QuantizedActivation.unsigned(5).around(new ActivationIdentity()).withClip(3e-7),
                QuantizedActivation.signed(2).withClip(1e5),
                QuantizedActivation.signed(4).withClip(0.1),
                QuantizedActivation.signed(6).withClip(0.9999),
                QuantizedActivation.signed(6).withClip(0),
                QuantizedActivation.signed(6).withClip(1e-44),
                SignActivation.tanh(),
                SignActivation.clipped());
    }

    @ParameterizedTest
    @MethodSource("frozen")
    void theFunctionIsTheSameBitForBit(IActivation function) throws IOException {
        Random random = new Random(1);
        float[] x = new float[5000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 5));
        }
        x[0] = -0f;
        x[1] = LARGEST;
        x[2] = -LARGEST;
        INDArray expected = function.getActivation(Nd4j.createFromArray(x).reshape(1, x.length), false);
        PortableLayer same = function instanceof QuantizedActivation q
                ? new PortableLayer.Activation(
                        ActivationKind.LEVELS,
                        List.of(q.clip(), (double) q.steps(), q.isSigned() ? -(double) q.steps() : 0.0))
                : new PortableLayer.Activation(ActivationKind.SIGN, List.of());
        float[] y = EdgeNets.load(PortableNetwork.of(List.of(x.length), List.of(same)))
                .predict(x);
        float[] dl4j = expected.dup('c').data().asFloat();
        for (int i = 0; i < x.length; i++) {
            // -0 and 0 are one level
            assertThat(Float.valueOf(y[i] + 0f)).as("number %d", i).isEqualTo(Float.valueOf(dl4j[i] + 0f));
        }
        // the predictor's inputs are finite; what its steps make of others, LevelsTest shows
        INDArray beyond = Nd4j.createFromArray(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
        assertThat(function.getActivation(beyond.reshape(1, 3), false).add(0).toFloatVector())
                .containsExactly(Float.NaN, y[1] + 0f, y[2] + 0f);
    }

    @Test
    void networksAgree() throws IOException {
        for (IActivation function : frozen().toList()) {
            Layer hidden = EdgeNets.dense(12, true);
            EdgeNets.assertAgrees(null, InputType.feedForward(7), new ActivationLayer(function), hidden);
            EdgeNets.assertAgrees(
                    null,
                    InputType.convolutional(6, 5, 2),
                    new ActivationLayer(function),
                    EdgeNets.conv(3, 2),
                    EdgeNets.output(3));
        }
    }

    @Test
    void aTrainedNetworkIsServedWithItsRunningClips() throws IOException {
        MultiLayerNetwork network = ActivationNets.network(
                new QuantizedActivationLayer(QuantizedActivation.unsigned(4)),
                new QuantizedActivationLayer(QuantizedActivation.signed(4)));
        network.fit(ActivationNets.batches(ActivationNets.ring(1, 300), 30), 3);
        EdgeModel model = load(network);
        INDArray x = ActivationNets.ring(2, 200).getFeatures();
        INDArray expected = network.output(x);
        int same = 0;
        for (int i = 0; i < 200; i++) {
            float[] y = model.predict(x.getRow(i).toFloatVector());
            same += Math.abs(y[0] - expected.getFloat(i, 0)) < 1e-5 ? 1 : 0;
        }
        // A sum that BLAS rounds otherwise can land on the next level: 64 roundings of 2^-24 are some 1e-5 of a step
        // between
        // levels, so 1e-3 of the examples with their 128 sums are to be expected, and 25 times as many are allowed.
        assertThat(same).isGreaterThanOrEqualTo(195);
    }

    @Test
    void clipsThatAreNotFrozenAreRefusedWithTheReason() {
        MultiLayerNetwork functions = ActivationNets.network(
                new ActivationLayer(QuantizedActivation.unsigned(4)), new ActivationLayer(SignActivation.tanh()));
        assertThatThrownBy(() -> load(functions))
                .isInstanceOf(PackedFormatException.class)
                .hasMessageContaining("A4(relu), whose clip is not frozen");
        MultiLayerNetwork layers = ActivationNets.network(
                new QuantizedActivationLayer(QuantizedActivation.unsigned(4)),
                new ActivationLayer(SignActivation.tanh()));
        assertThatThrownBy(() -> load(layers))
                .isInstanceOf(PackedFormatException.class)
                .hasMessageContaining("that has seen no minibatch");
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of(Double.POSITIVE_INFINITY, 15.0, 0.0),
                Arguments.of(-1.0, 15.0, 0.0),
                Arguments.of(1.0, 0.0, 0.0),
                Arguments.of(1.0, 1.5, 0.0),
                Arguments.of(1.0, 256.0, 0.0),
                Arguments.of(1.0, 15.0, -7.0),
                Arguments.of(1.0, 15.0, 1.0));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void numbersThatNoWriterMakesAreRefused(double clip, double above, double least) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new PortableLayer.Activation(ActivationKind.LEVELS, Arrays.asList(clip, above, least)))
                .withMessageContaining("levels have clip");
    }
}
