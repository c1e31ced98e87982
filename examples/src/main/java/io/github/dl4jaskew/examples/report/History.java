package io.github.dl4jaskew.examples.report;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ISchedule;

/** Notes training loss, eps and the histogram of constrained weights while a network trains. */
public final class History extends BaseTrainingListener {

    /** Bins of a histogram. */
    static final int BINS = 81;

    /** The histogram's ends, in units of the scale times the largest level: bins of 0.025, so that -1, 0 and 1 are middles. */
    static final double EDGE = 1.0125;

    private static final int HISTOGRAMS = 60;
    private static final int SAMPLE = 20_000;

    private final AskewPlan plan;
    private final ISchedule epsilon;
    private final int iterations;
    private final Losses losses;
    private final List<Double> epsilons = new ArrayList<>();
    private final List<Integer> histogramIterations = new ArrayList<>();
    private final List<double[]> histograms = new ArrayList<>();
    private final List<Double> histogramEpsilons = new ArrayList<>();

    /**
     * A history of one training.
     *
     * @param plan what is constrained
     * @param epsilon the schedule of eps
     * @param iterations length of the training
     */
    public History(AskewPlan plan, ISchedule epsilon, int iterations) {
        this.plan = plan;
        this.epsilon = epsilon;
        this.iterations = iterations;
        this.losses = new Losses(iterations);
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        losses.iterationDone(model, iteration, epoch);
        if (losses.notes(iteration)) {
            epsilons.add(epsilon.valueAt(iteration, epoch));
        }
        if (iteration == iterations - 1 || iteration % Math.max(1, iterations / HISTOGRAMS) == 0) {
            histogramIterations.add(iteration);
            histogramEpsilons.add(epsilon.valueAt(iteration, epoch));
            histograms.add(histogram((MultiLayerNetwork) model));
        }
    }

    private double[] histogram(MultiLayerNetwork network) {
        double[] counts = new double[BINS];
        long step = Math.max(1, plan.constrainedWeights() / SAMPLE);
        double total = 0;
        for (AskewPlan.Entry entry : plan.constrained()) {
            INDArray array = network.getLayer(entry.layer()).getParam(entry.parameter());
            double[] weights = array.dup(array.ordering()).data().asDouble();
            for (long i = 0; i < weights.length; i += step) {
                counts[bin(entry, i, weights[(int) i])]++;
                total++;
            }
        }
        for (int b = 0; b < BINS; b++) {
            counts[b] /= total;
        }
        return counts;
    }

    private static int bin(AskewPlan.Entry entry, long element, double weight) {
        ScaledGrid grid = Objects.requireNonNull(entry.grid());
        double reach = grid.scale(grid.channels().of(element)) * grid.grid().maxMagnitude();
        return bin(weight / reach);
    }

    Losses losses() {
        return losses;
    }

    List<Double> epsilons() {
        return epsilons;
    }

    List<Integer> histogramIterations() {
        return histogramIterations;
    }

    /** The levels that all constrained weights share. */
    Grid grid() {
        return Objects.requireNonNull(plan.constrained().get(0).grid()).grid();
    }

    /** The bin of a value in units of the scale times the largest level. */
    static int bin(double place) {
        return (int) Math.max(0, Math.min(BINS - 1, Math.floor((place / EDGE + 1) / 2 * BINS)));
    }

    /** Whether the middle of a bin is inside the intervals when a histogram was taken. */
    boolean isFeasible(int histogram, int bin) {
        Grid grid = grid();
        double t = ScaledGrid.perTensor(grid, 1).coordinate(0, middle(bin) * grid.maxMagnitude());
        return Math.abs(t) <= 1 + 1.0 / BINS && Interval.isFeasible(t, histogramEpsilons.get(histogram));
    }

    /** The middle of a bin, in units of the scale times the largest level. */
    static double middle(int bin) {
        return -EDGE + (bin + 0.5) * 2 * EDGE / BINS;
    }

    List<double[]> histograms() {
        return histograms;
    }
}
