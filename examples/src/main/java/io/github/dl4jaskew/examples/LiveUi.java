package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.cli.GridOption;
import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.DrawnDigits;
import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.margin.MarginListener;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.storage.MarginStorage;
import io.github.dl4jaskew.margin.ui.MarginPage;
import io.github.dl4jaskew.pages.HtmlReport;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.storage.AskewStorage;
import io.github.dl4jaskew.ui.AskewPage;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.api.UIServer;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Trains a network on drawn digits, first in float and then towards few levels, while DL4J's user interface shows its
 * weights, its margins and DL4J's own charts.
 *
 * <p>Page {@code /margin} asks for a homogeneous network, so there is no batch norm, without which {@link
 * Askew#fromTrained} is the safer recipe: it begins with weights that work and moves those that rounding hurts.
 */
@Command(
        name = "LiveUi",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = "Trains a small quantized network and shows it in a browser, during training and afterwards.")
public final class LiveUi implements Callable<Integer> {

    private static final int TRAIN = 2_000;
    private static final int TEST = 1_000;
    private static final int BATCH = 100;
    private static final int UNITS = 64;
    private static final int MEASURED = 500;
    private static final int EVERY = 10;

    /** In float, and then as many under the constraint. */
    static final int EPOCHS = 30;

    @Option(
            names = "--grid",
            converter = GridOption.class,
            defaultValue = "ternary",
            description = "Levels of the weights: binary, ternary, uniform1 to uniform8, powers2 to powers6."
                    + " Default: ${DEFAULT-VALUE}.")
    private Grid grid = Grid.ternary();

    @Mixin
    private TrainingOptions options = new TrainingOptions(EPOCHS);

    @Option(names = "--port", defaultValue = "9000", description = "Port of the pages. Default: ${DEFAULT-VALUE}.")
    private int port = 9000;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "How long the pages stay after the training. Default: until the program is stopped.")
    private @Nullable Long seconds;

    @Option(
            names = "--storage",
            paramLabel = "FILE",
            description = "Keeps all numbers in a file, which DL4J's FileStatsStorage opens again. Default: in memory.")
    private @Nullable Path storageFile;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description =
                    "After the training, both pages are written into one HTML file. Default: liveui.html among the"
                            + " results.")
    private @Nullable Path report;

    /**
     * Runs the program and ends the JVM.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs the program.
     *
     * @param args see {@code --help}
     * @return 0 if all went well, 2 for bad arguments, 1 for any other error
     */
    public static int run(String... args) {
        return Program.run(new LiveUi(), args);
    }

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > 65_535 || (seconds != null && seconds < 0)) {
            throw new IllegalArgumentException(
                    "--port is " + port + " and --seconds is " + seconds + "; allowed are 0 to 65535 and at least 0");
        }
        SmallNetworks.useOneThread();
        StatsStorage storage =
                storageFile == null ? new InMemoryStatsStorage() : new FileStatsStorage(storageFile.toFile());
        VertxUIServer.getInstance(port, false, null);
        try {
            URI weights = AskewPage.attach(storage);
            System.out.println("Weights: " + weights);
            System.out.println("Margins: " + MarginPage.attach(storage));
            System.out.println("Training, DL4J's own pages: " + weights + "/train");
            System.out.println(train(storage, grid, options.epochs(), options.seed()));
            Path file = report == null ? options.file("liveui.html") : report;
            HtmlReport.builder(storage)
                    .title("Drawn digits, " + grid)
                    .page(AskewPage.page())
                    .page(MarginPage.page())
                    .write(file);
            System.out.println("Results: " + file);
            stay();
        } finally {
            UIServer.stopInstance();
            storage.close();
        }
        return 0;
    }

    /**
     * What a run comes to.
     *
     * @param unconstrained test accuracy of the float network that the training under the constraint begins with
     * @param quantized test accuracy of the quantized network
     */
    record Outcome(double unconstrained, double quantized) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "Test accuracy: %.1f %% in float, %.1f %% quantized",
                    100 * unconstrained,
                    100 * quantized);
        }
    }

    static Outcome train(StatsStorage storage, Grid grid, int epochs, long seed) {
        Split digits = DrawnDigits.generate(TRAIN, TEST, seed);
        Batches train = Batches.shuffled(digits.train(), BATCH, seed);
        MultiLayerNetwork network = network(seed);
        fit(network, train, "in float", epochs);
        double unconstrained = accuracy(network, digits);

        Askew askew = Askew.fromTrained(epochs, train.count())
                .grid(grid)
                .layers(Layers.all().except("output"))
                .build();
        System.out.print(askew.install(network));
        String session = grid + ", seed " + seed;
        DataSet measured = (DataSet) digits.train().getRange(0, MEASURED);
        MarginTracker tracker = MarginTracker.builder(Batches.whole(measured))
                .every(EVERY)
                .iterations()
                .gradients()
                .neuralCollapse()
                .build();
        AskewListener weights = new AskewListener(EVERY).scoring(measured).to(new AskewStorage(storage, session));
        network.setListeners(
                new StatsListener(storage, EVERY, session),
                weights,
                new MarginListener(tracker).to(new MarginStorage(storage, session)));
        fit(network, train, "under the constraint", epochs);
        // the listener counts from 0, so that the last iteration is not one of its tens
        weights.report(network, network.getIterationCount() - 1, network.getEpochCount() - 1);
        return new Outcome(unconstrained, accuracy(askew.quantize(network).toMultiLayerNetwork(), digits));
    }

    private static void fit(MultiLayerNetwork network, Batches train, String name, int epochs) {
        try (ProgressBar bar = Progress.of(name, epochs)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                network.fit(train);
                bar.step();
            }
        }
    }

    private static double accuracy(MultiLayerNetwork network, Split digits) {
        return network.evaluate(Batches.whole(digits.test())).accuracy();
    }

    /** Homogeneous, so that margins can be normalized: ReLU, and no biases. */
    private static MultiLayerNetwork network(long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(1e-3))
                .list()
                .layer(dense("hidden", Mnist.SIDE * Mnist.SIDE))
                .layer(dense("second", UNITS))
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .name("output")
                        .nIn(UNITS)
                        .nOut(Mnist.CLASSES)
                        .hasBias(false)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static DenseLayer dense(String name, int inputs) {
        return new DenseLayer.Builder()
                .name(name)
                .nIn(inputs)
                .nOut(UNITS)
                .hasBias(false)
                .activation(Activation.RELU)
                .build();
    }

    private void stay() throws InterruptedException {
        if (seconds != null) {
            TimeUnit.SECONDS.sleep(seconds);
            return;
        }
        System.out.println("The pages stay until you stop the program, with Ctrl-C.");
        Thread.currentThread().join();
    }
}
