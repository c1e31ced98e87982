package io.github.dl4jaskew.examples.study.robustness;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.baseline.BinaryConnect;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.schedule.CosineSchedule;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * What is compared. The rates of float and BinaryConnect are tuned for each network and grid on held-out training data; the
 * recipes are taken as they are, which is how they are used.
 */
enum Contender {
    /** The network without quantization. */
    FLOAT,
    /** The float network rounded, a scale for each channel, batch norm estimated again. */
    ROUNDED,
    /** Straight-through gradients at the nearest levels, a scale for each channel, for as long as the float network is trained. */
    BINARYCONNECT,
    /**
     * Float training for half of the epochs, BinaryConnect for the others: near what the recipe does in layers without batch
     * norm, here in every network, with the network's float rate and without the small start.
     */
    BINARYCONNECT_DELAYED,
    /** {@link Askew#fromScratch} with its defaults, for as long as the float network is trained. */
    FROM_SCRATCH,
    /** BinaryConnect from the float network, for as long again. */
    BINARYCONNECT_TRAINED,
    /**
     * From the float network, float training for a further quarter of the epochs, rounded down, but at least one, then
     * BinaryConnect for the others: what the recipe does in some layers, here in every network, with the network's float rate.
     */
    BINARYCONNECT_TRAINED_DELAYED,
    /** {@link Askew#fromTrained} with its defaults, from the float network, for as long again. */
    FROM_TRAINED,
    /** BinaryConnect from the float network, for a tenth of the epochs, rounded down, but at least one. */
    BINARYCONNECT_BRIEFLY,
    /** {@link Askew#fromTrained} with its defaults, from the float network, for as long as that. */
    FROM_TRAINED_BRIEFLY;

    /** Of the epochs of a long training. */
    private static final int BRIEF_SHARE = 10;

    /** Of the epochs. */
    private static final int FURTHER_FLOAT_SHARE = 4;

    /** Root mean square of the first weights over the largest level, of two levels and with batch norm, as in the recipe. */
    private static final double START = 0.06;

    /** To be raised with any change of the recipe's defaults. */
    private static final int FROM_SCRATCH_RECIPE = 4;

    /** The same of the other recipe. */
    private static final int FROM_TRAINED_RECIPE = 5;

    /** The same of BinaryConnect. */
    private static final int BINARYCONNECT_VERSION = 1;

    /** To be raised, and the others too, with any change of {@link Subjects} or of how the others are trained. */
    private static final int OTHERS = 0;

    /** Figures of another version are not taken from a file: the training is run again. */
    int version() {
        return switch (this) {
            case FROM_SCRATCH -> FROM_SCRATCH_RECIPE;
            case FROM_TRAINED, FROM_TRAINED_BRIEFLY -> FROM_TRAINED_RECIPE;
            case FLOAT, ROUNDED -> OTHERS;
            default -> BINARYCONNECT_VERSION;
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether its figure does not depend on the grid. */
    boolean isFloat() {
        return this == FLOAT;
    }

    /** What a learning rate is chosen from; of levels, in half cells for each gap between two. Empty if there is no choice. */
    List<Double> rates() {
        return switch (this) {
            case FLOAT -> List.of(0.001, 0.003, 0.01);
            case ROUNDED, FROM_SCRATCH, FROM_TRAINED, FROM_TRAINED_BRIEFLY -> List.of();
            default -> List.of(0.002, 0.006, 0.02, 0.06);
        };
    }

    /** What a recipe has to be as good as; none for what is no recipe. */
    List<Contender> baselines() {
        return switch (this) {
            case FROM_SCRATCH -> List.of(ROUNDED, BINARYCONNECT, BINARYCONNECT_DELAYED);
            case FROM_TRAINED -> List.of(ROUNDED, BINARYCONNECT_TRAINED, BINARYCONNECT_TRAINED_DELAYED);
            case FROM_TRAINED_BRIEFLY -> List.of(ROUNDED, BINARYCONNECT_BRIEFLY);
            default -> List.of();
        };
    }

    /** The float training in front: half of the epochs if that is part of the whole training, otherwise all. */
    int floatEpochs(int epochs) {
        return this == BINARYCONNECT_DELAYED ? Math.max(1, epochs / 2) : epochs;
    }

    /** Float training between the float network and the quantized training; 0 for most. */
    int furtherFloatEpochs(int epochs) {
        return this == BINARYCONNECT_TRAINED_DELAYED ? Math.max(1, epochs / FURTHER_FLOAT_SHARE) : 0;
    }

    /** The quantized training. */
    int quantizedEpochs(int epochs) {
        return switch (this) {
            case BINARYCONNECT_TRAINED_DELAYED -> Math.max(1, epochs - furtherFloatEpochs(epochs));
            case BINARYCONNECT_BRIEFLY, FROM_TRAINED_BRIEFLY -> Math.max(1, epochs / BRIEF_SHARE);
            case BINARYCONNECT_DELAYED -> Math.max(1, epochs - floatEpochs(epochs));
            default -> epochs;
        };
    }

    /** Trains the network in float. */
    static MultiLayerNetwork trainFloat(Subject subject, long seed, double rate) {
        MultiLayerNetwork network = subject.network(adam(rate, subject), seed);
        subject.fit(network);
        return network;
    }

    /**
     * Trains a network and gives its value.
     *
     * @param subject what is trained
     * @param grid its levels
     * @param seed of the first weights
     * @param rate the contender's, for float the network's
     * @param floatRate the network's
     * @param trained trains a subject in float with that seed and the network's rate, and gives a copy
     */
    double run(
            Subject subject,
            Grid grid,
            long seed,
            double rate,
            double floatRate,
            Function<Subject, MultiLayerNetwork> trained) {
        boolean startsRandom = this == BINARYCONNECT || this == FROM_SCRATCH;
        MultiLayerNetwork network = startsRandom
                ? subject.network(adam(floatRate, subject), seed)
                : trained.apply(subject.withEpochs(floatEpochs(subject.epochs())));
        int further = furtherFloatEpochs(subject.epochs());
        if (further > 0) {
            Subject between = subject.withEpochs(further);
            network = renewed(between, network, seed, floatRate);
            between.fit(network);
        }
        if (this == FLOAT || !Double.isFinite(network.params().sumNumber().doubleValue())) {
            return subject.value(network);
        }
        Subject second = subject.withEpochs(quantizedEpochs(subject.epochs()));
        if (second.epochs() < subject.epochs()) {
            // the network's updater, which begins anew and goes on to train the biases, is for that length too
            network = renewed(second, network, seed, floatRate);
        }
        QuantizedTraining training = training(second, network, grid, rate);
        training.install(network);
        if (this != ROUNDED) {
            second.fit(network);
        }
        if (!Double.isFinite(network.params().sumNumber().doubleValue())) {
            return subject.metric().worst();
        }
        return subject.value(training.quantize(network, subject.trainingData()).toMultiLayerNetwork());
    }

    /** The network with a new updater for the length of a subject. */
    private static MultiLayerNetwork renewed(Subject subject, MultiLayerNetwork network, long seed, double floatRate) {
        MultiLayerNetwork renewed = subject.network(adam(floatRate, subject), seed);
        renewed.setParams(network.params());
        return renewed;
    }

    private QuantizedTraining training(Subject subject, MultiLayerNetwork network, Grid grid, double rate) {
        return switch (this) {
            case FLOAT -> throw new IllegalStateException("nothing is installed on a float network");
            case ROUNDED ->
                PostTrainingQuantization.builder()
                        .grid(grid)
                        .scale(Scale.mse().perChannel())
                        .build();
            case FROM_SCRATCH ->
                Askew.fromScratch(subject.epochs(), subject.iterationsPerEpoch())
                        .grid(grid)
                        .build();
            case FROM_TRAINED, FROM_TRAINED_BRIEFLY ->
                Askew.fromTrained(subject.epochs(), subject.iterationsPerEpoch())
                        .grid(grid)
                        .build();
            default -> {
                BinaryConnect.Builder builder = BinaryConnect.builder()
                        .grid(grid)
                        .scale(Scale.mse().perChannel())
                        .updater(adam(rate * (grid.size() - 1), subject));
                boolean small = this == BINARYCONNECT && grid.size() == 2 && hasBatchNorm(network);
                yield (small ? builder.initialScale(START) : builder).build();
            }
        };
    }

    private static boolean hasBatchNorm(MultiLayerNetwork network) {
        return Arrays.stream(network.getLayers())
                .anyMatch(layer -> layer.conf().getLayer() instanceof BatchNormalization);
    }

    private static Adam adam(double rate, Subject subject) {
        return new Adam(new CosineSchedule(ScheduleType.ITERATION, rate, subject.iterations()));
    }
}
