package io.github.dl4jaskew.examples;

import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.cli.TextTable;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.Halves;
import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.report.BarChart;
import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.examples.task.Task;
import io.github.dl4jaskew.examples.zoo.FineTuning;
import io.github.dl4jaskew.examples.zoo.Pretrained;
import io.github.dl4jaskew.examples.zoo.ZooDigits;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.AskewPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Fine-tuning of a pretrained network: a model of DL4J's zoo learns the digits 0 to 4, and then 5 to 9: in float for half of
 * the epochs, and for the other half in float or by AskewSGD. The float network is also rounded.
 */
@Command(
        name = "FineTuneZoo",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        sortOptions = false,
        description = "Trains a zoo model on the digits 0 to 4 and fine-tunes it on 5 to 9 with few bits.")
public final class FineTuneZoo implements Callable<Integer> {

    private static final int PRETRAINING_EPOCHS = 3;
    private static final int EPOCHS = 4;
    private static final int FLOAT_BITS = 32;
    private static final int EVALUATION_BATCH = 500;
    private static final double PRETRAINING_RATE = 1e-3;

    /** A line of {@code finetune.json}; the loss is the mean test cross-entropy in nats, bytes are those of the parameters, seconds those of the second half. */
    private record Tuned(
            @JsonProperty("model") String model,
            @JsonProperty("dataset") String dataset,
            @JsonProperty("pretrained") String pretrained,
            @JsonProperty("method") String method,
            @JsonProperty("bits") int bits,
            @JsonProperty("grid") String grid,
            @JsonProperty("scale") String scale,
            @JsonProperty("accuracy") double accuracy,
            @JsonProperty("loss") double loss,
            @JsonProperty("parameters") long parameters,
            @JsonProperty("quantized_parameters") long quantizedParameters,
            @JsonProperty("bytes") long bytes,
            @JsonProperty("seconds") double seconds,
            @JsonProperty("train_images") long trainImages,
            @JsonProperty("test_images") long testImages,
            @JsonProperty("epochs") int epochs,
            @JsonProperty("seed") long seed,
            @JsonProperty("on_grid") boolean onGrid) {}

    @Option(
            names = "--model",
            defaultValue = "LENET",
            description = "A model of the zoo: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private ZooDigits model = ZooDigits.LENET;

    @Option(
            names = "--bits",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,2,4",
            description = "Bits of the constrained weights, 1 to 8; several with commas. Default: ${DEFAULT-VALUE}.")
    private List<Integer> bits = List.of(1, 2, 4);

    @Mixin
    private DigitsOption data = new DigitsOption();

    @Option(
            names = "--train",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Images to train on, of all ten digits: drawn, or the first ones of MNIST."
                    + " Default: ${DEFAULT-VALUE}.")
    private int train = 2000;

    @Option(
            names = "--test",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Digits to draw for the test; of MNIST, all are taken. Default: ${DEFAULT-VALUE}.")
    private int test = 1000;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "8",
            description = "Images of a minibatch. Default: ${DEFAULT-VALUE}.")
    private int batch = 8;

    @Option(
            names = "--per-tensor",
            description = "One scale for each layer instead of one for each output channel, in rounding and AskewSGD"
                    + " alike: rounding then loses more.")
    private boolean perTensor;

    @Option(
            names = "--pretrained",
            description = "Start from the zoo's own MNIST weights instead of training on the digits 0 to 4.")
    private boolean pretrained;

    @Option(names = "--base-url", paramLabel = "URL", description = "With --pretrained: a mirror of DL4J's resources.")
    private @Nullable String baseUrl;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "With --pretrained: DL4J's directory of downloads. Default: ~/.deeplearning4j.")
    private @Nullable Path cache;

    @Mixin
    private TrainingOptions options = new TrainingOptions(EPOCHS);

    private final Function<ZooDigits, ZooModel<?>> zoo;
    private final List<Tuned> collected = new ArrayList<>();

    /** Takes the models from DL4J's zoo. */
    public FineTuneZoo() {
        this(kind -> kind.model(Mnist.CLASSES, new Sgd(), 1));
    }

    FineTuneZoo(Function<ZooDigits, ZooModel<?>> zoo) {
        this.zoo = zoo;
    }

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
        return Program.run(new FineTuneZoo(), args);
    }

    @Override
    public Integer call() throws IOException {
        List<Grid> grids = bits.stream().map(Grid::uniform).toList();
        int epochs = options.epochs();
        long seed = options.seed();
        Halves digits = Halves.of(split(seed));
        MultiLayerNetwork loaded = pretrained ? load() : null;
        long steps = (long) epochs * (2 + grids.size()) + (pretrained ? 0 : PRETRAINING_EPOCHS);
        Tuner tuner;
        try (ProgressBar bar = Progress.of("training", steps)) {
            MultiLayerNetwork start = loaded != null ? loaded : pretrain(digits.lower(), seed, bar::step);
            tuner = new Tuner(
                    new FineTuning(start, digits.upper(), batch, epochs, seed, scale(), bar::step),
                    digits.upper(),
                    epochs,
                    seed);
            tuner.run(grids);
        }
        chart().draw(options.file("finetune.png"));
        System.out.println();
        System.out.print(tuner.plan());
        System.out.print(table());
        System.out.println("Results: " + options.file("finetune.json"));
        return 0;
    }

    private Scale scale() {
        return perTensor ? Scale.mse() : Scale.mse().perChannel();
    }

    private Split split(long seed) throws IOException {
        Split digits = data.digits(train, test, seed);
        return new Split(digits.firstTrain(train), digits.test());
    }

    private MultiLayerNetwork load() throws IOException {
        if (baseUrl != null) {
            DL4JResources.setBaseDownloadURL(baseUrl.endsWith("/") ? baseUrl : baseUrl + "/");
        }
        if (cache != null) {
            DL4JResources.setBaseDirectory(cache.toFile());
        }
        return (MultiLayerNetwork) Pretrained.load(zoo.apply(model), PretrainedType.MNIST);
    }

    private MultiLayerNetwork pretrain(Split digits, long seed, Runnable onEpoch) {
        int classes = Math.toIntExact(digits.train().getLabels().size(1));
        MultiLayerNetwork network = model.network(
                classes, Task.adam(PRETRAINING_RATE, FineTuning.budget(digits, batch, PRETRAINING_EPOCHS)), seed);
        FineTuning.fit(network, digits, batch, PRETRAINING_EPOCHS, seed, onEpoch);
        return network;
    }

    /** One fine-tuning after the other; results are written after each, so that a run that is interrupted leaves some. */
    private final class Tuner {

        private final FineTuning tuning;
        private final Split split;
        private final int epochs;
        private final long seed;
        private @Nullable AskewPlan plan;

        Tuner(FineTuning tuning, Split split, int epochs, long seed) {
            this.tuning = tuning;
            this.split = split;
            this.epochs = epochs;
            this.seed = seed;
        }

        void run(List<Grid> grids) throws IOException {
            FineTuning.Unconstrained tuned = tuning.trainFloat();
            long parameters = tuned.network().numParams();
            add("float", FLOAT_BITS, "none", tuned.network(), 0, Float.BYTES * parameters, tuned.seconds(), false);
            for (Grid grid : grids) {
                add("rounded", grid, tuning.round(tuned, grid));
                add("askew", grid, tuning.trainAskew(grid));
            }
        }

        private void add(String method, Grid grid, FineTuning.Quantized q) throws IOException {
            plan = q.plan();
            add(
                    method,
                    grid.bits(),
                    grid.toString(),
                    q.model().toMultiLayerNetwork(),
                    q.plan().constrainedWeights(),
                    q.model().memoryReport().packedBytes(),
                    q.seconds(),
                    Comparison.isOnGrid(q.model()));
        }

        private void add(
                String method,
                int bits,
                String grid,
                MultiLayerNetwork network,
                long quantized,
                long bytes,
                double seconds,
                boolean onGrid)
                throws IOException {
            collected.add(new Tuned(
                    model.name().toLowerCase(Locale.ROOT),
                    data.dataset(),
                    pretrained ? "zoo" : "digits 0 to 4",
                    method,
                    bits,
                    grid,
                    method.equals("float") ? "none" : scale().toString(),
                    network.evaluate(test()).accuracy(),
                    new DataSetLossCalculator(test(), true).calculateScore(network),
                    network.numParams(),
                    quantized,
                    bytes,
                    seconds,
                    split.train().getFeatures().size(0),
                    split.test().getFeatures().size(0),
                    2 * epochs,
                    seed,
                    onGrid));
            ResultsFile.write(options.file("finetune.json"), collected);
        }

        private Batches test() {
            return Batches.inOrder(split.test(), EVALUATION_BATCH);
        }

        String plan() {
            return plan == null ? "" : plan.toString();
        }
    }

    /** The float network stands beside each number of bits, as what there is to lose. */
    private BarChart chart() {
        BarChart chart = new BarChart(collected.get(0).model() + ", fine-tuned on the digits 5 to 9", "test loss");
        for (Tuned t : collected) {
            for (int b : bits) {
                if (t.method().equals("float") || t.bits() == b) {
                    chart.bar(t.method(), b + (b == 1 ? " bit" : " bits"), t.loss());
                }
            }
        }
        return chart;
    }

    private TextTable table() {
        TextTable table = new TextTable(
                "model", "method", "bits", "accuracy", "test loss", "bytes", "smaller", "seconds", "on grid");
        for (Tuned t : collected) {
            table.row(
                    t.model(),
                    t.method(),
                    t.bits(),
                    String.format(Locale.ROOT, "%.2f %%", 100 * t.accuracy()),
                    String.format(Locale.ROOT, "%.4f", t.loss()),
                    t.bytes(),
                    String.format(Locale.ROOT, "%.1f times", (double) Float.BYTES * t.parameters() / t.bytes()),
                    String.format(Locale.ROOT, "%.1f", t.seconds()),
                    t.method().equals("float") ? "-" : t.onGrid() ? "yes" : "no");
        }
        return table;
    }
}
