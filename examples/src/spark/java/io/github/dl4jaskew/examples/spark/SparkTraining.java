package io.github.dl4jaskew.examples.spark;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.examples.TrainingOptions;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.DrawnDigits;
import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.report.BarChart;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains binary weights on Spark, next to the same network trained float and rounded. */
@Command(
        name = "SparkTraining",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = "Trains a binary network on Spark, on digits that the program draws.")
public final class SparkTraining implements Callable<Integer> {

    private static final int BATCH = 32;
    private static final int TEST = 500;
    private static final int HIDDEN = 64;
    private static final int EPOCHS = 8;
    private static final String OUTPUT = "output";

    /** What {@code spark.json} holds. */
    private record Summary(
            @JsonProperty("master") String master,
            @JsonProperty("engine") SparkEngine engine,
            @JsonProperty("workers") int workers,
            @JsonProperty("epochs") int epochs,
            @JsonProperty("seed") long seed,
            @JsonProperty("float_accuracy") double floatAccuracy,
            @JsonProperty("rounded_accuracy") double roundedAccuracy,
            @JsonProperty("askew_accuracy") double askewAccuracy,
            @JsonProperty("seconds") double seconds) {}

    @Option(
            names = "--master",
            defaultValue = "local[2]",
            description =
                    "Spark's master: local[2], local-cluster[2,1,1024] or a cluster's. Default: ${DEFAULT-VALUE}.")
    private String master = "local[2]";

    @Option(
            names = "--engine",
            defaultValue = "averaging",
            description = "${COMPLETION-CANDIDATES}. SHARED needs executors of their own. Default: ${DEFAULT-VALUE}.")
    private SparkEngine engine = SparkEngine.AVERAGING;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Copies that are trained. Default: ${DEFAULT-VALUE}.")
    private int workers = 2;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "2048",
            description = "Digits to train on. Default: ${DEFAULT-VALUE}.")
    private int examples = 2048;

    @Mixin
    private TrainingOptions options = new TrainingOptions(EPOCHS);

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
        return Program.run(new SparkTraining(), args);
    }

    @Override
    public Integer call() throws IOException {
        if (workers < 1 || examples < BATCH * workers) {
            throw new IllegalArgumentException("--workers is " + workers + ", --examples is " + examples
                    + "; allowed are at least 1, and " + BATCH + " a worker");
        }
        if (engine == SparkEngine.SHARED && master.startsWith("local[")) {
            throw new IllegalArgumentException(
                    "SharedTrainingMaster counts iterations per process, and two tasks of one"
                            + " process can wait for each other forever; give it executors: --master local-cluster[2,1,1024]");
        }
        int epochs = options.epochs();
        Split digits = DrawnDigits.generate(examples - examples % (BATCH * workers), TEST, options.seed());
        List<DataSet> minibatches = new ArrayList<>();
        Batches train = Batches.shuffled(digits.train(), BATCH, options.seed());
        train.forEachRemaining(minibatches::add);

        MultiLayerNetwork plain = network();
        MultiLayerNetwork net = network();
        int iterations = minibatches.size() / workers;
        Askew.Builder recipe = Askew.fromScratch(epochs, iterations)
                .grid(Grid.binary())
                .layers(Layers.all().except(OUTPUT));
        Askew askew = engine.adapt(recipe, epochs * iterations, workers).build();
        System.out.println(askew.install(net));
        double seconds;
        try (ProgressBar bar = Progress.of("epochs", 2L * epochs)) {
            for (int i = 0; i < epochs; i++) {
                minibatches.forEach(plain::fit);
                bar.step();
            }
            bar.setExtraMessage("on Spark");
            long start = System.nanoTime();
            try (JavaSparkContext context = SparkContexts.start(master)) {
                engine.run(new SparkEngine.Training(context, net, minibatches, BATCH, workers, epochs, List.of()));
            }
            seconds = (System.nanoTime() - start) / 1e9;
            bar.stepBy(epochs);
        }

        double floatAccuracy = plain.evaluate(Batches.whole(digits.test())).accuracy();
        PostTrainingQuantization rounding = PostTrainingQuantization.builder()
                .grid(Grid.binary())
                .layers(Layers.all().except(OUTPUT))
                .build();
        Summary summary = new Summary(
                master,
                engine,
                workers,
                epochs,
                options.seed(),
                floatAccuracy,
                accuracy(rounding.quantize(plain, train), digits.test()),
                accuracy(askew.quantize(net, train), digits.test()),
                seconds);
        ResultsFile.write(options.file("spark.json"), summary);
        chart(summary).draw(options.file("spark.png"));
        System.out.println();
        System.out.printf(
                Locale.ROOT,
                "accuracy: float %.3f, rounded %.3f, AskewSGD on Spark %.3f, in %.0f s%n",
                summary.floatAccuracy(),
                summary.roundedAccuracy(),
                summary.askewAccuracy(),
                seconds);
        System.out.println("Results: " + options.file("spark.json"));
        return 0;
    }

    private static BarChart chart(Summary summary) {
        return new BarChart("Drawn digits, binary weights, " + summary.workers() + " workers", "test accuracy")
                .bar("accuracy", "float", summary.floatAccuracy())
                .bar("accuracy", "rounded", summary.roundedAccuracy())
                .bar("accuracy", "AskewSGD on Spark", summary.askewAccuracy());
    }

    private static double accuracy(QuantizedModel model, DataSet test) {
        return model.evaluate(Batches.whole(test)).accuracy();
    }

    private MultiLayerNetwork network() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .updater(new Adam(0.003))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(Mnist.SIDE * Mnist.SIDE)
                        .nOut(HIDDEN)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                // With the logarithm of its deviation, which updates that were rounded to a threshold cannot make
                // negative.
                .layer(new BatchNormalization.Builder()
                        .nIn(HIDDEN)
                        .nOut(HIDDEN)
                        .useLogStd(true)
                        .build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .name(OUTPUT)
                        .nIn(HIDDEN)
                        .nOut(Mnist.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        net.init();
        return net;
    }
}
