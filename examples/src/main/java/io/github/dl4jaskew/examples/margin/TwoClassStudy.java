package io.github.dl4jaskew.examples.margin;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.TwoClasses;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.margin.MarginHistory;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.latestage.LateStageReport;
import io.github.dl4jaskew.margin.latestage.LossBasedTraining;
import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.plan.Layers;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** A ReLU network of float32 without biases on two classes: trained late, trained by plain SGD, trained on a grid. */
public final class TwoClassStudy {

    /** Name of the hidden layer. */
    public static final String HIDDEN_LAYER = "hidden";

    /** Name of the output layer. */
    public static final String OUTPUT_LAYER = "output";

    private static final int HIDDEN = 64;
    private static final int BATCH = 50;
    private static final int MEASURE_BATCH = 500;
    private static final double LEARNING_RATE = 0.1;

    private final TwoClasses data;
    private final int epochs;
    private final long seed;
    private final Progress progress;

    /**
     * A study.
     *
     * @param data the two classes
     * @param epochs length of each training, at least 1
     * @param seed decides first weights and the order of examples
     * @param progress told of every epoch
     */
    public TwoClassStudy(TwoClasses data, int epochs, long seed, Progress progress) {
        this.data = data;
        this.epochs = epochs;
        this.seed = seed;
        this.progress = progress;
    }

    /**
     * A training and what it led to.
     *
     * @param history margins after each epoch, of a quantized training before and after the rounding
     * @param rejected epochs that were taken back
     * @param testAccuracy in [0, 1]
     */
    public record Run(MarginHistory history, int rejected, double testAccuracy) {}

    /**
     * By SGD with a constant learning rate until every example is on its side, then with the loss-based learning rate. That
     * begins with the steps that SGD has ended with: from larger ones, of which an epoch has hundreds, most epochs
     * would be taken back.
     *
     * @return margins after each accepted epoch; those of SGD alone if the epochs do not last to 100 %
     */
    public Run late() {
        MultiLayerNetwork network = network();
        MarginTracker tracker = tracker();
        Batches train = train();
        int used = 0;
        while (used < epochs && (used == 0 || tracker.history().last().accuracy() < 1)) {
            fit(network, train, tracker, used++);
        }
        if (used == epochs) {
            return new Run(tracker.history(), 0, testAccuracy(network));
        }
        LateStageReport report = LossBasedTraining.builder()
                .epochs(epochs - used)
                .initialRate(LEARNING_RATE * meanLoss(tracker.history().last()))
                .tracker(tracker)
                .onEpoch(epoch -> progress.step())
                .build()
                .fit(network, train);
        return new Run(tracker.history(), report.rejected(), testAccuracy(network));
    }

    private static double meanLoss(MarginSnapshot s) {
        return Math.exp(s.logLossSum().orElseThrow()) / s.examples();
    }

    /**
     * By SGD with a constant learning rate.
     *
     * @return margins after each epoch
     */
    public Run plain() {
        MultiLayerNetwork network = network();
        return new Run(fit(network).history(), 0, testAccuracy(network));
    }

    /**
     * With weights drawn to -s and s.
     *
     * @param layers all, or some of {@link #HIDDEN_LAYER} and {@link #OUTPUT_LAYER}
     * @return margins after each epoch, then those of the quantized network
     */
    public Run binary(Layers layers) {
        MultiLayerNetwork network = network();
        Askew recipe = Askew.fromScratch(epochs, train().count())
                .grid(Grid.binary())
                .layers(layers)
                .build();
        recipe.install(network);
        MarginTracker tracker = fit(network);
        MultiLayerNetwork quantized = recipe.quantize(network).toMultiLayerNetwork();
        tracker.measure(quantized, network.getIterationCount() + 1, epochs);
        return new Run(tracker.history(), 0, testAccuracy(quantized));
    }

    private MarginTracker fit(MultiLayerNetwork network) {
        MarginTracker tracker = tracker();
        Batches train = train();
        for (int epoch = 0; epoch < epochs; epoch++) {
            fit(network, train, tracker, epoch);
        }
        return tracker;
    }

    private void fit(MultiLayerNetwork network, Batches train, MarginTracker tracker, int epoch) {
        network.fit(train);
        tracker.measure(network, network.getIterationCount(), epoch);
        progress.step();
    }

    private Batches train() {
        return Batches.shuffled(data.split().train(), BATCH, seed);
    }

    /** Reads an iterator of its own: one that shuffles must not be read between the epochs. */
    private MarginTracker tracker() {
        return MarginTracker.builder(Batches.inOrder(data.split().train(), MEASURE_BATCH))
                .gradients()
                .build();
    }

    private double testAccuracy(MultiLayerNetwork network) {
        DataSet test = data.split().test();
        return MarginTracker.builder(Batches.inOrder(test, MEASURE_BATCH))
                .build()
                .measure(network, 1, 0)
                .accuracy();
    }

    /** DL4J's XENT without clip divides 0 by 0 where a float32 sigmoid is 1, and with its clip the margin stops growing. */
    private MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Sgd(LEARNING_RATE))
                .list()
                .layer(new DenseLayer.Builder()
                        .name(HIDDEN_LAYER)
                        .nIn(data.split().train().getFeatures().size(1))
                        .nOut(HIDDEN)
                        .hasBias(false)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(new LogDomainLoss(Loss.LOGISTIC))
                        .name(OUTPUT_LAYER)
                        .nIn(HIDDEN)
                        .nOut(1)
                        .hasBias(false)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();
        return network;
    }
}
