package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.TrainingCounts;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Recognises trained weights: by the counts of a network that has an updater, or because a layer's parameters are not what its initialization gives,
 * as those of a network from a file, from TransferLearning or from another program. What the initialization does not draw at
 * random, such as a bias, must be the same; weights are compared by the two-sample test of Kolmogorov and Smirnov.
 */
public final class TrainedWeights {

    private static final int SAMPLE = 1 << 12;

    /** Of the test's statistic; chance alone exceeds it once in 3e7 parameters. */
    private static final double CRITICAL = 3;

    private TrainedWeights() {}

    /**
     * Why the layers that a plan constrains count as trained; empty if nothing says so. The counts alone do not tell: they are
     * the configuration's, and a new network of a configuration that another was trained with begins with that one's.
     */
    public static Optional<String> reason(Model model, AskewPlan plan) {
        Network network = Network.of(model);
        if (network.hasUpdater()) {
            TrainingCounts counts = network.counts();
            Optional<String> counted = reason(counts.iteration(), counts.epoch());
            if (counted.isPresent()) {
                return counted;
            }
        }
        Set<String> constrained =
                plan.constrained().stream().map(AskewPlan.Entry::layer).collect(Collectors.toSet());
        return network.layers().stream()
                .filter(layer -> constrained.contains(layer.conf().getLayer().getLayerName()))
                .flatMap(layer -> reason(layer).stream())
                .findFirst();
    }

    /** The same of a graph, by its counts alone: SameDiff does not keep how its variables were drawn. */
    public static Optional<String> reason(SameDiff graph) {
        TrainingConfig training = graph.getTrainingConfig();
        return training == null ? Optional.empty() : reason(training.getIterationCount(), training.getEpochCount());
    }

    private static Optional<String> reason(int iteration, int epoch) {
        return iteration > 0 || epoch > 0
                ? Optional.of("it counts " + iteration + " iterations and " + epoch + " epochs")
                : Optional.empty();
    }

    private static Optional<String> reason(Layer layer) {
        List<Map<String, INDArray>> twice = drawTwice(layer);
        Map<String, INDArray> first = twice.get(0);
        Map<String, INDArray> second = twice.get(1);
        return layer.paramTable(false).entrySet().stream()
                .filter(p -> {
                    INDArray drawn = first.get(p.getKey());
                    if (drawn == null) {
                        return false;
                    }
                    return drawn.equals(second.get(p.getKey()))
                            ? !drawn.equals(p.getValue())
                            : differ(p.getValue(), drawn);
                })
                .map(p -> "parameter '" + p.getKey() + "' of layer '"
                        + layer.conf().getLayer().getLayerName() + "' is not what its initialization gives")
                .findFirst();
    }

    /** Parameters of a layer as new. Drawn in another thread, as this one's random generator belongs to the training. */
    private static List<Map<String, INDArray>> drawTwice(Layer layer) {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            return CompletableFuture.supplyAsync(() -> List.of(draw(layer), draw(layer)), thread)
                    .join();
        } finally {
            thread.shutdown();
        }
    }

    private static Map<String, INDArray> draw(Layer layer) {
        NeuralNetConfiguration conf = layer.conf().clone();
        INDArray view = Nd4j.create(layer.params().dataType(), layer.params().shape());
        return conf.getLayer().initializer().init(conf, view, true);
    }

    /** Whether two arrays are samples of different distributions. */
    static boolean differ(INDArray one, INDArray other) {
        double[] a = sample(one);
        double[] b = sample(other);
        double largest = 0;
        int i = 0;
        int j = 0;
        while (i < a.length && j < b.length) {
            double x = Math.min(a[i], b[j]);
            while (i < a.length && a[i] <= x) {
                i++;
            }
            while (j < b.length && b[j] <= x) {
                j++;
            }
            largest = Math.max(largest, Math.abs((double) i / a.length - (double) j / b.length));
        }
        return largest * Math.sqrt((double) a.length * b.length / (a.length + b.length)) > CRITICAL;
    }

    private static double[] sample(INDArray array) {
        ArrayWeights weights = new ArrayWeights(array);
        long step = (weights.size() + SAMPLE - 1) / SAMPLE;
        double[] values = new double[Math.toIntExact((weights.size() + step - 1) / step)];
        Arrays.setAll(values, i -> weights.at(i * step));
        Arrays.sort(values);
        return values;
    }
}
