package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.dense;
import static io.github.dl4jaskew.export.EdgeNets.network;
import static io.github.dl4jaskew.export.EdgeNets.output;
import static io.github.dl4jaskew.export.EdgeNets.saved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Classes of networks with one output, and labels for them. */
class EdgeClassifyTest {

    private static final InputType FOUR = InputType.feedForward(4);

    private static MultiLayerNetwork one(IActivation activation) {
        Layer last = new OutputLayer.Builder(LossFunction.MSE)
                .nOut(1)
                .activation(activation)
                .build();
        MultiLayerNetwork net = network(FOUR, dense(6, true), last);
        // The bias would decide most examples.
        net.getLayer(1).getParam("b").assign(0);
        return net;
    }

    private static EdgeModel load(MultiLayerNetwork net, List<String> labels) throws IOException {
        return EdgeModel.load(
                new ByteArrayInputStream(saved(QuantizedModel.of(net, List.of()).withLabels(labels))));
    }

    private static float[] example(Random random) {
        float[] x = new float[4];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    @ParameterizedTest
    @CsvSource({"SIGMOID, 0.5", "HARDSIGMOID, 0.5", "TANH, 0", "HARDTANH, 0", "RATIONALTANH, 0", "SOFTSIGN, 0"})
    void aSingleOutputIsComparedWithTheMiddle(Activation activation, float middle) throws IOException {
        EdgeModel model = load(one(activation.getActivationFunction()), List.of("no", "yes"));
        assertThat(model.labels()).containsExactly("no", "yes");
        Random random = new Random(1);
        int ones = 0;
        for (int n = 0; n < 100; n++) {
            float[] x = example(random);
            assertThat(model.classify(x)).isEqualTo(model.predict(x)[0] > middle ? 1 : 0);
            ones += model.classify(x);
        }
        assertThat(ones).isBetween(10, 90);
    }

    /** DL4J's own count of a single column of probabilities. */
    @Test
    void agreesWithEvaluation() throws IOException {
        MultiLayerNetwork net = one(Activation.SIGMOID.getActivationFunction());
        EdgeModel model = load(net, List.of());
        Random random = new Random(2);
        for (int n = 0; n < 50; n++) {
            float[] x = example(random);
            INDArray y = net.output(Nd4j.createFromArray(x).reshape(1, 4));
            Evaluation evaluation = new Evaluation();
            evaluation.eval(Nd4j.ones(1, 1), y);
            assertThat(model.classify(x)).isEqualTo(evaluation.accuracy() == 1 ? 1 : 0);
        }
    }

    @Test
    void levelsBehindASigmoidKeepItsMiddle() throws IOException {
        MultiLayerNetwork net = network(
                FOUR,
                dense(1, true),
                new LossLayer.Builder(LossFunction.MSE)
                        .activation(QuantizedActivation.unsigned(4)
                                .around(Activation.SIGMOID.getActivationFunction())
                                .withClip(1))
                        .build());
        EdgeModel model = load(net, List.of());
        float[] x = {1, -2, 0.5f, 3};
        assertThat(model.classify(x)).isEqualTo(model.predict(x)[0] > 0.5f ? 1 : 0);
    }

    @Test
    void aRegressionHasNoClasses() throws IOException {
        MultiLayerNetwork net = one(Activation.IDENTITY.getActivationFunction());
        for (List<String> labels : List.of(List.<String>of(), List.of("price"))) {
            EdgeModel model = load(net, labels);
            assertThatIllegalStateException()
                    .isThrownBy(() -> model.classify(new float[4]))
                    .withMessageContaining("as in a regression; use predict");
        }
        EdgeModel margins = load(net, List.of("no", "yes"));
        float[] x = {1, -2, 0.5f, 3};
        assertThat(margins.classify(x)).isEqualTo(margins.predict(x)[0] > 0 ? 1 : 0);
    }

    /** Its number is a sigmoid's, which a threshold of 0 would always call class 1. */
    @Test
    void theLastStepOfARecurrentLayerTellsNoClasses() throws IOException {
        MultiLayerNetwork net = network(
                InputType.recurrent(2, 3),
                new LastTimeStep(new SimpleRnn.Builder()
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build()),
                new LossLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .build());
        QuantizedModel labelled = QuantizedModel.of(net, List.of()).withLabels(List.of("no", "yes"));
        EdgeModel model = EdgeModel.load(new ByteArrayInputStream(saved(labelled)), 3);
        assertThatIllegalStateException()
                .isThrownBy(() -> model.classify(new float[6]))
                .withMessageContaining("no threshold between two classes");
    }

    @ParameterizedTest
    @EnumSource(names = {"RELU", "SOFTPLUS", "ELU", "CUBE"})
    void otherActivationsOfASingleOutputTellNoClasses(Activation activation) throws IOException {
        EdgeModel model = load(one(activation.getActivationFunction()), List.of("no", "yes"));
        assertThatIllegalStateException()
                .isThrownBy(() -> model.classify(new float[4]))
                .withMessageContaining("no threshold between two classes");
    }

    @Test
    void anOutputThatIsNoNumberIsNoClass() throws IOException {
        MultiLayerNetwork net = network(FOUR, output(3));
        net.getLayer(0).getParam("W").assign(3e38);
        EdgeModel model = load(net, List.of());
        assertThatIllegalStateException()
                .isThrownBy(() -> model.classify(new float[] {9, 9, 9, 9}))
                .withMessageContaining("is not a number");
    }

    /** Where the outputs are known, a wrong number of labels is not stored. */
    @Test
    void labelsAreCountedWhereTheyAreGiven() {
        QuantizedModel one = QuantizedModel.of(one(Activation.SIGMOID.getActivationFunction()), List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> one.withLabels(List.of("a", "b", "c")))
                .withMessage("there are 3 labels for 1 outputs; allowed are 1, or 2 for the classes 0 and 1");
        QuantizedModel three = QuantizedModel.of(network(FOUR, dense(6, true), output(3)), List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> three.withLabels(List.of("a", "b")))
                .withMessage("there are 2 labels for 3 outputs");
        QuantizedModel loss = QuantizedModel.of(
                network(
                        FOUR,
                        dense(2, true),
                        new LossLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .build()),
                List.of());
        assertThat(loss.withLabels(List.of("a", "b")).labels()).hasSize(2);
        assertThatIllegalArgumentException().isThrownBy(() -> loss.withLabels(List.of("a")));
    }
}
