package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.Paired;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** The presets train: both beat the rounded float network, on a problem where rounding costs much. */
class PresetTest {

    static final int EXAMPLES = 2000;
    static final int BATCH = 100;
    private static final int FEATURES = 8;
    static final int EPOCHS = 10;
    private static final int ITERATIONS = EPOCHS * EXAMPLES / BATCH;
    private static final double NETWORK_RATE = 0.01;

    /** The layers of {@link #network} that have weights; batch norm is behind all but the last. */
    private static final List<Integer> WEIGHTS = List.of(0, 3, 6);

    private static final Map<Integer, MultiLayerNetwork> TRAINED = new ConcurrentHashMap<>();

    static final List<DataSet> TRAIN = examples(1);
    static final List<DataSet> TEST = examples(2);

    @Test
    void aRecipeIsPrintedInWords() {
        String adam = "Adam(learningRateSchedule=cosine from " + Recipes.fromScratchRate(Grid.ternary(), 20, 100)
                + " to 0 over %s by ITERATION, beta1=0.9, beta2=0.999, epsilon=1.0E-8), learning rate per CELL; ";
        String settings = "eps: hold 1960.0, then exponential(1.0E-4) over 40.0 by iteration;"
                + " stage STEP, restoring rate 0.3, at most 0.25 half cells a step;"
                + " forward pass: nearest levels (straight-through);"
                + " quantization delay: float for 1000 iterations, then scales of least squared error per channel,"
                + " in layers without batch norm";
        assertThat(Askew.fromScratch(20, 100).grid(Grid.ternary()).build())
                .hasToString("Askew(ternary, scale mse, layers all, " + adam.formatted("2000.0") + settings
                        + "; where all layers see their levels: " + adam.formatted("1960.0") + settings + ")");
        assertThat(Askew.builder()
                        .epsilon(Annealing.hold(1).thenLinear(2))
                        .layers(Layers.all().except("output"))
                        .build()
                        .toString())
                .startsWith("Askew(binary, scale mse, layers all except named [output], the network's updater,")
                .doesNotContain("null", "Target", "Recipe");
    }

    @Tag("training")
    @Test
    void bothBeatTheRoundedNetwork() {
        List<Paired> scratch = new ArrayList<>();
        List<Paired> tuned = new ArrayList<>();
        List<Paired> costs = Paired.seeds(seed -> {
            MultiLayerNetwork trained = trained(seed);
            assertThat(trained.getIterationCount()).isEqualTo(ITERATIONS);
            double rounded = rounded(trained.clone());
            scratch.add(new Paired(accuracy(Askew.fromScratch(EPOCHS, EXAMPLES / BATCH), network(seed)), rounded));
            double unconstrained = trained.evaluate(iterator(TEST)).accuracy();
            tuned.add(new Paired(accuracy(Askew.fromTrained(EPOCHS, EXAMPLES / BATCH), trained), rounded));
            return new Paired(unconstrained, rounded);
        });
        Paired.requireWins("float and rounded", costs);
        Paired.requireWins("fromScratch and rounded", scratch);
        Paired.requireWins("fromTrained and rounded", tuned);
    }

    /** In so few iterations that the intervals close almost at once. */
    @Tag("training")
    @Test
    void bothLowerTheLossOfSmallNetworks() {
        for (boolean scratch : new boolean[] {true, false}) {
            Paired.requireWins(scratch ? "fromScratch" : "fromTrained", Paired.seeds(seed -> {
                MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
                Askew recipe = (scratch ? Askew.fromScratch(3, 10) : Askew.fromTrained(3, 10)).build();
                recipe.install(network);
                DataSet data = Nets.data(seed, 12);
                double before = network.score(data);
                for (int i = 0; i < 30; i++) {
                    network.fit(data);
                }
                return new Paired(before, network.score(data));
            }));
        }
    }

    @Test
    void aPresetDoesNotWarnOfItsOwnRate() {
        assertThat(Askew.fromTrained(4, 15).build().plan(network(5)).warnings()).isEmpty();
        assertThat(Askew.fromScratch(1, 40).build().plan(network(5)).warnings()).isEmpty();
        for (Askew.Builder preset : List.of(Askew.fromTrained(1, 2), Askew.fromScratch(1, 2))) {
            assertThat(preset.build().plan(network(5)).warnings())
                    .as("the length is the caller's choice")
                    .allSatisfy(w -> assertThat(w)
                            .endsWith("hardly any will change: the training is short, give it more epochs")
                            .doesNotContain("rate"))
                    .hasSize(3);
        }
        Askew.Builder fine = Askew.fromTrained(4, 15).grid(Grid.uniform(8));
        assertThat(fine.build().plan(network(5)).warnings()).isEmpty();
        Askew.Builder tooShort = Askew.fromTrained(1, 40).grid(Grid.uniform(8));
        assertThat(tooShort.build().plan(network(5)).warnings())
                .as("nearly what rounding gives, in front of batch norm")
                .allSatisfy(w -> assertThat(w).endsWith("the training is short, give it more epochs"))
                .hasSize(2);
        assertThat(Askew.fromTrained(4, 15)
                        .updater(new Adam(1e-3))
                        .build()
                        .plan(network(5))
                        .warnings())
                .allSatisfy(w -> assertThat(w).contains("Adam moves a weight by at most"))
                .hasSize(3);
        assertThat(Askew.fromTrained(4, 15)
                        .epsilon(Annealing.hold(2).thenLinear(5).byIteration())
                        .build()
                        .plan(network(5))
                        .warnings())
                .hasSize(3);
    }

    @Test
    void ratesGrowWithTheLevelsAndFallWithTheLength() {
        assertThat(Recipes.fromScratchRate(Grid.binary(), 6, 100)).isEqualTo(0.05);
        assertThat(Recipes.fromScratchRate(Grid.uniform(2), 6, 100)).isEqualTo(0.09, within(1e-15));
        assertThat(Recipes.fromScratchRate(Grid.uniform(4), 6, 100)).isEqualTo(0.225, within(1e-15));
        assertThat(Recipes.fromScratchRate(Grid.binary(), 24, 100)).isEqualTo(0.025, within(1e-15));
        assertThat(Recipes.fromScratchRate(Grid.binary(), 2, 75)).isEqualTo(0.1, within(1e-15));
        assertThat(Recipes.fromScratchRate(Grid.binary(), 1, 6)).isEqualTo(0.1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipes.fromScratchRate(Grid.binary(), 20, 0))
                .withMessageContaining("iterationsPerEpoch is 0");
    }

    @Test
    void whatIsInFrontOfBatchNormBeginsSmallOrMovesFaster() {
        MultiLayerNetwork network = network(5);
        Map<String, INDArray> before = network.paramTable();
        before.replaceAll((key, weights) -> weights.dup());
        assertThat(Askew.fromScratch(6, 100).build().install(network).settings())
                .contains("initial scale 0.06 of layers 'layer0', 'layer3'")
                .anySatisfy(
                        line -> assertThat(line).startsWith("layer 'layer0': batch norm takes out its scale; Adam("));
        assertThat(rates(network)).containsExactly(0.03, 0.03, 0.05);
        assertThat(rateOfOutput(network, 300)).isEqualTo(0.05 * Math.sqrt(2));
        assertThat(network.getParam("6_W")).isEqualTo(before.get("6_W"));
        assertThat(network.getParam("3_W").norm2Number().doubleValue())
                .isLessThan(0.1 * before.get("3_W").norm2Number().doubleValue());

        MultiLayerNetwork four = network(5);
        assertThat(Askew.fromScratch(6, 100)
                        .grid(Grid.uniform(4))
                        .build()
                        .install(four)
                        .settings())
                .noneSatisfy(line -> assertThat(line).startsWith("initial scale"));
        assertThat(rates(four)).containsExactly(10 * 0.225, 10 * 0.225, NETWORK_RATE);
        assertThat(rateOfOutput(four, 300)).isEqualTo(0.225 * Math.sqrt(2), within(1e-15));

        Map.of(1, 0.03 * Math.sqrt(0.5), 2, 0.03, 96, 0.015).forEach((epochs, rate) -> {
            MultiLayerNetwork shortOrLong = network(5);
            Askew.fromScratch(epochs, 25).build().install(shortOrLong);
            assertThat(rates(shortOrLong).subList(0, 2))
                    .allSatisfy(each -> assertThat(each).isEqualTo(rate, within(1e-8)));
        });

        MultiLayerNetwork shortFour = network(5);
        Askew.fromScratch(3, 25).grid(Grid.uniform(4)).build().install(shortFour);
        assertThat(rates(shortFour).subList(0, 2)).containsExactly(5 * 0.225, 5 * 0.225);

        MultiLayerNetwork byHand = network(5);
        Askew.fromScratch(6, 100).initialScale(0.1).build().install(byHand);
        assertThat(rates(byHand)).containsExactly(0.03, 0.03, 0.03);
        assertThat(byHand.getParam("6_W")).isNotEqualTo(before.get("6_W"));

        MultiLayerNetwork fourByHand = network(5);
        Askew.fromScratch(6, 100)
                .grid(Grid.uniform(4))
                .initialScale(0.5)
                .build()
                .install(fourByHand);
        assertThat(rates(fourByHand))
                .as("normalized layers alone are fast")
                .containsExactly(10 * 0.225, 10 * 0.225, 0.225);

        MultiLayerNetwork noise = network(5);
        Askew.fromScratch(6, 100)
                .straightThrough(StraightThrough.NEVER)
                .weightNoise(0.15, 1)
                .build()
                .install(noise);
        assertThat(rates(noise)).as("the forward pass sees no levels").containsExactly(0.1, 0.1, 0.1);
        assertThat(noise.getParam("6_W")).isNotEqualTo(before.get("6_W"));

        MultiLayerNetwork trained = network(5);
        Askew.fromTrained(6, 100).build().install(trained);
        assertThat(rates(trained)).containsExactly(0.05, 0.05, 0.05);

        MultiLayerNetwork ternary = network(5);
        Askew.fromTrained(6, 100).grid(Grid.ternary()).build().install(ternary);
        assertThat(rates(ternary)).containsExactly(0.07571157, 0.07571157, 0.07571157);

        MultiLayerNetwork twoBits = network(5);
        Askew.fromTrained(6, 100).grid(Grid.uniform(2)).build().install(twoBits);
        assertThat(rates(twoBits))
                .as("in front of batch norm trained weights of more levels move slowly")
                .containsExactly(0.009, 0.009, 0.09);

        MultiLayerNetwork fourBits = network(5);
        Askew.fromTrained(6, 100).grid(Grid.uniform(4)).build().install(fourBits);
        assertThat(rates(fourBits)).containsExactly(0.0225, 0.0225, 0.225);
    }

    @Test
    void trainedWeightsTakeSmallStepsInShortTrainings() {
        assertThat(rateOfTrained(Grid.binary(), 1, 25)).isEqualTo(0.05 * Math.sqrt(0.5), within(1e-15));
        assertThat(rateOfTrained(Grid.binary(), 1, 50)).isEqualTo(0.05, within(1e-15));
        assertThat(rateOfTrained(Grid.binary(), 24, 100)).isEqualTo(0.025, within(1e-15));
        assertThat(rateOfTrained(Grid.binary(), 1, 1))
                .as("a single iteration")
                .isEqualTo(0.05 * Math.sqrt(0.02), within(1e-15));
        assertThat(rateOfTrained(Grid.uniform(2), 1, 75)).isEqualTo(0.09 * Math.sqrt(0.5), within(1e-15));
        assertThat(rateOfTrained(Grid.uniform(2), 3, 50)).isEqualTo(0.09, within(1e-15));
        for (int bits : new int[] {3, 4, 8}) {
            Grid grid = Grid.uniform(bits);
            double rate = rateOfTrained(grid, 6, 100);
            assertThat(rateOfTrained(grid, 4, 100)).as("%d bits", bits).isEqualTo(rate, within(1e-14));
            assertThat(rateOfTrained(grid, 1, 75))
                    .as("%d bits", bits)
                    .isEqualTo(rate * Math.pow(0.25, bits / 4.0), within(1e-14));
        }
        assertThat(rateOfTrained(Grid.uniform(2), 24, 100)).isEqualTo(0.045, within(1e-15));
        assertThat(Askew.fromTrained(1, 100).build().toString())
                .contains(
                        "to 0 over 100.0 by ITERATION",
                        "hold 75.0, then exponential(1.0E-4) over 25.0 by iteration",
                        "restoring rate 1.0,",
                        "where all layers see their levels: Adam(",
                        "to 0 over 95.0 by ITERATION",
                        "hold 90.0, then exponential(1.0E-4) over 10.0 by iteration");
        assertThat(Askew.fromTrained(1, 160).build().toString())
                .contains("hold 120.0, then exponential(1.0E-4) over 40.0 by iteration", "restoring rate 0.3,");
        assertThat(Askew.fromTrained(1, 100).restoringRate(0.5).build().toString())
                .contains("restoring rate 0.5,")
                .doesNotContain("where all layers");
    }

    @Test
    void intervalsCloseInAMomentWhereTheForwardPassesOfAllLayersSeeLevels() {
        for (Askew.Builder preset : List.of(Askew.fromScratch(1, 100), Askew.fromTrained(1, 100))) {
            assertThat(String.join("\n", preset.build().plan(network(5)).settings()))
                    .contains("eps: hold 90.0, then exponential(1.0E-4) over 10.0 by iteration", "restoring rate 1.0,")
                    .contains(" to 0 over 95.0 by ITERATION");
        }
        assertThat(String.join(
                        "\n",
                        Askew.fromTrained(2, 1500).build().plan(network(5)).settings()))
                .contains("eps: hold 2940.0, then exponential(1.0E-4) over 60.0", "restoring rate 0.3,")
                .contains(" to 0 over 2940.0 by ITERATION");
        for (Askew.Builder preset : List.of(Askew.fromScratch(1, 400), Askew.fromTrained(1, 400))) {
            for (Grid grid : List.of(Grid.binary(), Grid.uniform(4))) {
                MultiLayerNetwork network = network(5);
                preset.grid(grid).build().install(network);
                assertThat(Askew.epsilon(network).valueAt(390, 0)).isEqualTo(1);
                assertThat(Askew.epsilon(network).valueAt(400, 0)).isEqualTo(1e-4, within(1e-12));
                for (int layer : WEIGHTS) {
                    assertThat(rate(network, layer, 391)).isGreaterThan(0);
                    assertThat(rate(network, layer, 392)).isZero();
                    assertThat(rate(network, layer, 399)).isZero();
                }
            }
        }
    }

    @Test
    void aNetworkWithoutIntervalsHasNoEpsilon() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Askew.epsilon(network(5)))
                .withMessage("no Askew is installed on this network");
    }

    @Test
    void whatNeedsALearningRateWhileIntervalsCloseKeepsIt() {
        List<UnaryOperator<Askew.Builder>> choices = List.of(
                builder -> builder.restoringRate(0.5),
                builder -> builder.alpha(0.1),
                builder -> builder.maxStep(0.1),
                builder -> builder.hull(Annealing.hold(0).thenLinear(90).byIteration()),
                builder -> builder.projection(ProjectionMode.HULL),
                builder -> builder.perturbation(0.01, 1),
                builder -> builder.weightNoise(0.15, 1),
                builder -> builder.stage(Stage.GRADIENT),
                builder -> builder.straightThroughHold(),
                builder -> builder.straightThrough(StraightThrough.NEVER),
                Askew.Builder::crossing);
        for (UnaryOperator<Askew.Builder> choice : choices) {
            AskewPlan tuned = choice.apply(Askew.fromTrained(1, 100)).build().plan(network(5));
            assertThat(String.join("\n", tuned.settings()))
                    .contains("eps: hold 75.0, then exponential(1.0E-4) over 25.0", " to 0 over 100.0 by ITERATION");
            AskewPlan scratch = choice.apply(Askew.fromScratch(1, 100)).build().plan(network(5));
            assertThat(String.join("\n", scratch.settings()))
                    .contains("eps: hold 60.0, then exponential(1.0E-4) over 40.0", " to 0 over 100.0 by ITERATION");
        }
        assertThat(String.join(
                        "\n",
                        Askew.fromTrained(1, 100)
                                .updater(new Adam(0.01))
                                .build()
                                .plan(network(5))
                                .settings()))
                .contains("eps: hold 75.0,");
        MultiLayerNetwork mixed = withALayerThatSeesNoLevels();
        assertThat(String.join(
                        "\n", Askew.fromTrained(1, 100).build().plan(mixed).settings()))
                .as("a 1D convolution reads its weights past DL4J's weight noise")
                .contains("eps: hold 75.0,", " to 0 over 100.0 by ITERATION")
                .doesNotContain("over 95.0");
        assertThat(String.join(
                        "\n",
                        Askew.fromTrained(1, 100)
                                .layers(Layers.all().except("conv"))
                                .build()
                                .plan(mixed)
                                .settings()))
                .as("which is not constrained here")
                .contains("eps: hold 90.0,", " to 0 over 95.0 by ITERATION");
    }

    /** Its 1D convolution reads its weights past DL4J's weight noise. */
    static MultiLayerNetwork withALayerThatSeesNoLevels() {
        return Nets.init(new NeuralNetConfiguration.Builder()
                .updater(new Adam(NETWORK_RATE))
                .list()
                .layer(new Convolution1DLayer.Builder(2)
                        .name("conv")
                        .nIn(3)
                        .nOut(4)
                        .build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MSE)
                        .name("output")
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    }

    /** So that what is served was optimized to the last step of a weight; biases and batch norm are at rest. */
    @Tag("training")
    @Test
    void theNetworkIsTheSameBeforeTheIntervalsCloseAndAfter() {
        for (int bits : new int[] {1, 4}) {
            MultiLayerNetwork network = Nets.of(
                    new Adam(new StepSchedule(ScheduleType.ITERATION, 0.01, 0, 35)),
                    Nets.dense("hidden", FEATURES, 16),
                    Nets.output("output", 16, 2));
            Askew askew = Askew.fromTrained(1, 40).grid(Grid.uniform(bits)).build();
            askew.install(network);
            for (int i = 0; i < 35; i++) {
                network.fit(TRAIN.get(i % TRAIN.size()));
            }
            INDArray features = TEST.get(0).getFeatures();
            INDArray before = network.output(features);
            assertThat(new AskewListener().report(network, 34, 0).total().maxDistance())
                    .isGreaterThan(0.1);
            for (int i = 35; i < 40; i++) {
                network.fit(TRAIN.get(i % TRAIN.size()));
            }
            assertThat(new AskewListener().report(network, 39, 0).total().maxDistance())
                    .isLessThan(0.01);
            assertThat(network.output(features)).isEqualTo(before);
            QuantizedModel model = askew.quantize(network);
            assertThat(model.warnings()).isEmpty();
            assertThat(model.output(features)).isEqualTo(before);
        }
    }

    private static double rateOfTrained(Grid grid, int epochs, int iterationsPerEpoch) {
        MultiLayerNetwork network = network(5);
        Askew.fromTrained(epochs, iterationsPerEpoch).grid(grid).build().install(network);
        return rateOfOutput(network, 0);
    }

    @Test
    void recurrentLayersAreWarnedOfFromRandomWeightsOnFewLevels() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Adam(NETWORK_RATE))
                .list()
                .layer(new LSTM.Builder().name("lstm").nIn(3).nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        assertThat(Askew.fromScratch(6, 100).build().plan(network).warnings())
                .as("which are trained in float first")
                .isEmpty();
        assertThat(Askew.fromScratch(6, 100)
                        .updater(new Adam(0.05))
                        .build()
                        .plan(network)
                        .warnings())
                .containsExactly("layer 'lstm': recurrent layers learn little from random weights on 2 levels;"
                        + " train in float first and use Askew.fromTrained");
        assertThat(Askew.fromScratch(6, 100)
                        .grid(Grid.uniform(8))
                        .build()
                        .plan(network)
                        .warnings())
                .isEmpty();
        assertThat(Askew.fromTrained(6, 100).build().plan(network).warnings()).isEmpty();
    }

    private static double rateOfOutput(MultiLayerNetwork network, int iteration) {
        return rate(network, 6, iteration);
    }

    private static double rate(MultiLayerNetwork network, int layer, int iteration) {
        return ((BaseLayer) network.getLayer(layer).conf().getLayer())
                .getIUpdater()
                .getLearningRate(iteration, 0);
    }

    private static List<Double> rates(MultiLayerNetwork network) {
        return WEIGHTS.stream()
                .map(layer -> Math.round(rate(network, layer, 0) * 1e9) / 1e9)
                .toList();
    }

    private static double accuracy(Askew.Builder preset, MultiLayerNetwork network) {
        Askew askew = preset.grid(Grid.binary()).build();
        assertThat(askew.install(network).warnings()).isEmpty();
        assertThat(network.getIterationCount() + network.getEpochCount()).isZero();
        network.fit(iterator(TRAIN), EPOCHS);
        AskewReport report = new AskewListener().report(network, ITERATIONS - 1, EPOCHS);
        double bound = DistanceBound.atRest(
                Annealing.hold(ITERATIONS - 10).thenExponential(1e-4, 10).byIteration(),
                1,
                0.25,
                ITERATIONS - 10,
                ITERATIONS);
        assertThat(bound).isLessThan(0.02);
        DistanceBound.requireNear(report, bound);
        return askew.quantize(network, iterator(TRAIN)).evaluate(iterator(TEST)).accuracy();
    }

    private static double rounded(MultiLayerNetwork network) {
        Askew askew = Askew.builder().epsilon(Annealing.hold(0).thenLinear(1)).build();
        askew.install(network);
        return askew.quantize(network, iterator(TRAIN)).evaluate(iterator(TEST)).accuracy();
    }

    /** A network of its own that was trained in float, once for each seed. */
    static MultiLayerNetwork trained(int seed) {
        return TRAINED.computeIfAbsent(seed, s -> {
                    MultiLayerNetwork network = network(s);
                    network.fit(iterator(TRAIN), EPOCHS);
                    return network;
                })
                .clone();
    }

    private static MultiLayerNetwork network(long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(new CosineSchedule(ScheduleType.ITERATION, NETWORK_RATE, 2.0 * ITERATIONS)))
                .list()
                .layer(dense())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(dense())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(FEATURES))
                .build());
        network.init();
        return network;
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder()
                .nOut(48)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** Inside or outside of an ellipsoid. */
    private static List<DataSet> examples(long seed) {
        Random random = new Random(seed);
        List<DataSet> batches = new ArrayList<>();
        for (int b = 0; b < EXAMPLES / BATCH; b++) {
            float[][] features = new float[BATCH][FEATURES];
            float[][] labels = new float[BATCH][2];
            for (int i = 0; i < BATCH; i++) {
                double radius = 0;
                for (int j = 0; j < FEATURES; j++) {
                    features[i][j] = (float) random.nextGaussian();
                    radius += features[i][j] * features[i][j] * (j < FEATURES / 2 ? 0.2 : 1.8);
                }
                labels[i][radius < 7 ? 0 : 1] = 1;
            }
            batches.add(new DataSet(Nd4j.createFromArray(features), Nd4j.createFromArray(labels)));
        }
        return batches;
    }

    static DataSetIterator iterator(List<DataSet> batches) {
        // "batch" counts the data sets that it merges
        return new ListDataSetIterator<>(batches, 1);
    }
}
