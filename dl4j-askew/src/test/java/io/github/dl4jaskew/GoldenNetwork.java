package io.github.dl4jaskew;

import io.github.dl4jaskew.baseline.AdaSte;
import io.github.dl4jaskew.baseline.BinaryConnect;
import io.github.dl4jaskew.baseline.BinaryRelax;
import io.github.dl4jaskew.baseline.Parq;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.baseline.ProxQuant;
import io.github.dl4jaskew.baseline.ReSte;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.askewsgd.SkewedStep;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.Growth;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.SameDiffs;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A network with the constraint of each method, in the middle of its training, and the step that it makes next.
 *
 * <p>The numbers are the same on every machine. Weights and gradients are multiples of 1/64 from {@link Random}; schedules
 * are linear, updaters add and multiply, and no matrix product is made: the gradient is given.
 */
enum GoldenNetwork {
    ASKEW_STEP(() -> askew().hull(Annealing.hold(2).thenLinear(8).byIteration())
            .updater(new AskewSgd(0.25, 0.5))
            .learningRateUnit(LearningRateUnit.CELL)
            .restoringRate(0.5)
            .build()),
    ASKEW_GRADIENT(() ->
            askew().stage(Stage.GRADIENT).alpha(0.5).updater(new AskewSgd(0.25)).build()),
    ASKEW_PROJECTION(() ->
            askew().grid(Grid.binary()).projection(ProjectionMode.INTERVAL).build()),
    ASKEW_PLATEAU(() -> askew().epsilon(new PlateauAnnealing(0.25, 2, 0.125)).build()),
    BINARY_CONNECT(() -> BinaryConnect.builder().scale(Scale.fixed(0.5)).build()),
    BINARY_CONNECT_STOCHASTIC(() -> BinaryConnect.builder()
            .stochastic(7)
            .grid(Grid.of(-1, -0.25, 0.5, 1))
            .scale(Scale.max().perChannel())
            .build()),
    PROX_QUANT(() -> ProxQuant.builder()
            .grid(Grid.ternary())
            .scale(Scale.fixed(0.75))
            .lambda(Growth.linear(0.03125).byIteration())
            .updater(new Sgd(0.5))
            .learningRateUnit(LearningRateUnit.CELL)
            .build()),
    BINARY_RELAX(() -> BinaryRelax.builder()
            .scale(Scale.fixed(0.5))
            .lambda(Growth.linear(0.25).byIteration().infiniteFrom(9))
            .build()),
    PARQ(() -> Parq.builder()
            .grid(Grid.uniform(2))
            .scale(Scale.fixed(0.75))
            .inverseSlope(Annealing.hold(2).thenLinear(8).byIteration())
            .build()),
    POST_TRAINING(() -> PostTrainingQuantization.builder()
            .grid(Grid.uniform(3))
            .scale(Scale.max().perChannel())
            .build()),
    ASKEW_STRAIGHT_THROUGH(() -> askew().epsilon(Annealing.hold(8).thenLinear(8).byIteration())
            .straightThroughHold()
            .build()),
    ASKEW_WEIGHT_NOISE(() -> askew().weightNoise(0.25, 7).build()),
    ASKEW_CROSSING(() -> askew().crossing()
            .updater(new AskewSgd(0.25, 0.5))
            .learningRateUnit(LearningRateUnit.CELL)
            .build()),
    ASKEW_COMBINED(() -> askew().epsilon(Annealing.hold(4).thenLinear(16).byIteration())
            .straightThroughHold()
            .weightNoise(0.125, 7)
            .crossing()
            .build()),
    ADA_STE(() -> AdaSte.builder()
            .scale(Scale.fixed(0.5))
            .mu(Growth.linear(0.25).byIteration())
            .build()),
    RE_STE(() -> ReSte.builder()
            .grid(Grid.ternary())
            .scale(Scale.fixed(0.75))
            .power(Growth.linear(1, 0.125).byIteration())
            .build()),
    ASKEW_DELAY(() -> askew().scale(Scale.mse().perChannel())
            .quantizationDelay(6)
            .straightThrough(StraightThrough.ALWAYS)
            .hull(Annealing.hold(6).thenLinear(8).byIteration())
            .updater(new AskewSgd(0.25, 0.5))
            .learningRateUnit(LearningRateUnit.CELL)
            .build());

    private static final int ITERATION = 6;

    private final Supplier<QuantizedTraining> method;

    GoldenNetwork(Supplier<QuantizedTraining> method) {
        this.method = method;
    }

    private static Askew.Builder askew() {
        return Askew.builder()
                .grid(Grid.ternary())
                .scale(Scale.max().perChannel())
                .epsilon(Annealing.hold(2).thenLinear(16).byIteration());
    }

    String file() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + "-v1.zip";
    }

    QuantizedTraining method() {
        return method.get();
    }

    /** The network as installing makes it today. */
    MultiLayerNetwork today() {
        MultiLayerNetwork network = SameDiffs.network(new Sgd(0.5));
        network.setParams(numbers(ordinal() + 1L, network.numParams()));
        method().install(network);
        for (InstalledParameter p : InstalledParameter.of(network)) {
            if (p.step() instanceof SkewedStep step && step.skew().epsilon() instanceof PlateauAnnealing plateau) {
                // eps falls once, and the schedule waits again
                List.of(2.0, 2.0, 1.9375, 2.5).forEach(plateau::report);
            }
        }
        network.setIterationCount(ITERATION);
        INDArray state = network.getUpdater().getStateViewArray();
        if (state != null) {
            state.assign(numbers(100 + ordinal(), state.length()));
        }
        return network;
    }

    static INDArray numbers(long seed, long count) {
        Random random = new Random(seed);
        float[] numbers = new float[(int) count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (random.nextInt(129) - 64) / 64f;
        }
        return Nd4j.createFromArray(numbers).reshape(1, count);
    }

    /** The updaters' state; empty if they have none. */
    static float[] state(MultiLayerNetwork network) {
        INDArray state = network.getUpdater().getStateViewArray();
        return state == null ? new float[0] : state.dup().data().asFloat();
    }

    /** What a training forward pass sees, what one step makes of the weights, and what the model then holds, by name. */
    Map<String, float[]> results(MultiLayerNetwork network) {
        Map<String, float[]> results = new LinkedHashMap<>();
        for (int layer = 0; layer < network.getnLayers(); layer++) {
            IWeightNoise noise = ((BaseLayer) network.getLayer(layer).conf().getLayer()).getWeightNoise();
            if (noise != null) {
                INDArray seen = noise.getParameter(
                        network.getLayer(layer), "W", ITERATION, 0, true, LayerWorkspaceMgr.noWorkspaces());
                results.put("forward " + layer, seen.dup('c').data().asFloat());
            }
        }
        step(network);
        results.put("step", Nets.params(network));
        results.put("quantized", Nets.params(method().quantize(network).toMultiLayerNetwork()));
        return results;
    }

    /** An iteration of DL4J's solver behind its backward pass. */
    private static void step(MultiLayerNetwork network) {
        var updater = network.getUpdater();
        INDArray gradient = network.getFlattenedGradients();
        gradient.assign(numbers(200, gradient.length()));
        updater.update(network, new DefaultGradient(gradient), ITERATION, 0, 1, LayerWorkspaceMgr.noWorkspaces());
        network.params().subi(gradient.reshape(network.params().shape()));
        network.applyConstraints(ITERATION, 0);
    }
}
