package io.github.dl4jaskew.examples.margin;

import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.report.MarginResult;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.homogeneity.Homogeneity;
import io.github.dl4jaskew.margin.latestage.LossBasedTraining;
import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import io.github.dl4jaskew.margin.metrics.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Case F, what must fail: a bias or a tanh of a hidden layer leaves no degree of homogeneity, with the layer named; and equal
 * inputs with different labels never let training into its late stage. A measured value is 1 for yes and 0 for no.
 */
final class Refusals {

    private Refusals() {}

    static List<MarginResult> run(int epochs, Progress progress, Consumer<String> remarks) {
        List<MarginResult> results = new ArrayList<>();
        homogeneous(results, "F ReLU without bias", Activation.RELU, false, true, remarks);
        homogeneous(results, "F hidden bias", Activation.RELU, true, false, remarks);
        homogeneous(results, "F hidden tanh", Activation.TANH, false, false, remarks);
        results.add(contradiction(epochs, progress));
        return results;
    }

    private static void homogeneous(
            List<MarginResult> results,
            String problem,
            Activation activation,
            boolean bias,
            boolean expected,
            Consumer<String> remarks) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(dense("first", 2, Activation.RELU, false))
                .layer(dense("second", 4, activation, bias))
                .layer(new OutputLayer.Builder(LossFunction.XENT)
                        .nIn(4)
                        .nOut(1)
                        .hasBias(false)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();
        Homogeneity homogeneity = Homogeneity.of(network);
        homogeneity.reasons().forEach(reason -> remarks.accept(problem + ": " + reason));
        results.add(verdict(problem, "is homogeneous", 0, homogeneity.isHomogeneous(), expected));
        if (!expected) {
            boolean named = homogeneity.reasons().stream()
                    .anyMatch(reason -> reason.toString().contains("second"));
            results.add(verdict(problem, "the layer is named", 0, named, true));
        }
    }

    private static DenseLayer dense(String name, int inputs, Activation activation, boolean bias) {
        return new DenseLayer.Builder()
                .name(name)
                .nIn(inputs)
                .nOut(4)
                .hasBias(bias)
                .activation(activation)
                .build();
    }

    private static MarginResult contradiction(int epochs, Progress progress) {
        DataSet data = DoubleNetworks.data(new double[][] {{1, 1}, {1, 1}, {-1, 1}}, true, false, true);
        MultiLayerNetwork network =
                DoubleNetworks.twoLayers(2, 8, Activation.RELU, new LogDomainLoss(Loss.LOGISTIC), 1, 1);
        MarginTracker tracker = MarginTracker.builder(Batches.whole(data)).build();
        LossBasedTraining.builder()
                .epochs(epochs)
                .tracker(tracker)
                .onEpoch(epoch -> progress.step())
                .build()
                .fit(network, Batches.whole(data));
        boolean entered = tracker.history().snapshots().stream()
                .anyMatch(snapshot -> snapshot.stage().entered());
        return verdict("F equal inputs", "was in the late stage", epochs, entered, false);
    }

    private static MarginResult verdict(String problem, String quantity, long k, boolean measured, boolean expected) {
        return new MarginResult(problem, quantity, k, measured ? 1 : 0, expected ? 1.0 : 0.0, 0.0);
    }
}
