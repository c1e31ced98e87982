package io.github.dl4jaskew.examples.report;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.dataset.DataSet;

/** Notes the loss of the minibatch, up to 200 times, while a network trains. */
public final class Losses extends BaseTrainingListener {

    private static final int POINTS = 200;

    /** Points on each side whose mean smooths a curve. */
    private static final int REACH = 5;

    private final int iterations;
    private final List<Double> noted = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();

    /**
     * The losses of one training.
     *
     * @param iterations length of the training
     */
    public Losses(int iterations) {
        this.iterations = iterations;
    }

    /** Whether an iteration is among those that are noted. */
    boolean notes(int iteration) {
        return iteration == iterations - 1 || iteration % Math.max(1, iterations / POINTS) == 0;
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (notes(iteration)) {
            noted.add((double) iteration);
            losses.add(loss((MultiLayerNetwork) model));
        }
    }

    /**
     * As the table computes it for the test data. Not {@code score()}, which DL4J leaves at another number where the output is a
     * {@code LossLayer} with a sigmoid, as for two moons.
     */
    private static double loss(MultiLayerNetwork network) {
        return network.score(new DataSet(network.getInput(), network.getLabels()), true);
    }

    List<Double> iterations() {
        return noted;
    }

    List<Double> losses() {
        return losses;
    }

    /** Each loss as the mean of its neighbourhood. */
    List<Double> smoothed() {
        List<Double> means = new ArrayList<>();
        for (int i = 0; i < losses.size(); i++) {
            int reach = Math.min(REACH, Math.min(i, losses.size() - 1 - i));
            means.add(losses.subList(i - reach, i + reach + 1).stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow());
        }
        return means;
    }
}
