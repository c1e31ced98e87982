package io.github.dl4jaskew.schedule;

import static io.github.dl4jaskew.schedule.Checks.within;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Annealing by plateau, as the paper's text describes it: eps stays until a validation score has not
 * improved for {@code patience} reports in a row, then {@code eps <- factor * eps}.
 *
 * <p>The whole state (eps, best score, reports since then) is part of the network's configuration, so a
 * network that is saved and restored resumes where it stopped. {@link
 * io.github.dl4jaskew.listener.PlateauListener} reports the scores. Not immutable: {@link #report} changes it. Thread safe.
 *
 * @serial exclude
 */
public final class PlateauAnnealing implements ISchedule {

    private static final long serialVersionUID = 1L;

    private final double factor;
    private final int patience;
    private final double minImprovement;
    private double epsilon;
    private @Nullable Double best;
    private int waited;

    /**
     * A schedule that starts at eps = 1, with a patience of one report.
     *
     * @param factor what eps is multiplied by, in (0, 1); the paper used 0.5, 0.8 and 0.88
     * @throws IllegalArgumentException if the factor is out of range
     */
    public PlateauAnnealing(double factor) {
        this(factor, 1, 0);
    }

    /**
     * A schedule that starts at eps = 1.
     *
     * @param factor what eps is multiplied by, in (0, 1)
     * @param patience reports without improvement before eps falls, at least 1
     * @param minImprovement by how much a score must fall below the best one to count, at least 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public PlateauAnnealing(double factor, int patience, double minImprovement) {
        this(factor, patience, minImprovement, 1, null, 0);
    }

    @JsonCreator
    private PlateauAnnealing(
            @JsonProperty("factor") double factor,
            @JsonProperty("patience") int patience,
            @JsonProperty("minImprovement") double minImprovement,
            @JsonProperty("epsilon") double epsilon,
            @JsonProperty("best") @Nullable Double best,
            @JsonProperty("waited") int waited) {
        this.factor = within("factor", factor, Double.MIN_NORMAL, Math.nextDown(1.0));
        this.patience = (int) within("patience", patience, 1, Integer.MAX_VALUE);
        this.minImprovement = within("minImprovement", minImprovement, 0, Double.MAX_VALUE);
        this.epsilon = within("epsilon", epsilon, 0, 1);
        this.best = best;
        this.waited = waited;
    }

    /**
     * Takes note of a validation score. The first score only becomes the best one.
     *
     * @param score lower is better (a loss, or an error rate); finite
     * @return true if eps has fallen because of it
     * @throws IllegalArgumentException if the score is not finite
     */
    public synchronized boolean report(double score) {
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("validation score is " + score + "; it must be finite");
        }
        if (best == null || score < best - minImprovement) {
            best = score;
            waited = 0;
            return false;
        }
        if (++waited < patience) {
            return false;
        }
        waited = 0;
        epsilon *= factor;
        return true;
    }

    /** The current eps; iteration and epoch play no part. */
    @Override
    public synchronized double valueAt(int iteration, int epoch) {
        return epsilon;
    }

    @JsonProperty("factor")
    double factor() {
        return factor;
    }

    @JsonProperty("patience")
    int patience() {
        return patience;
    }

    @JsonProperty("minImprovement")
    double minImprovement() {
        return minImprovement;
    }

    /** {@return the current eps, in [0, 1]} */
    @JsonProperty("epsilon")
    public synchronized double epsilon() {
        return epsilon;
    }

    /** {@return the best score so far, or null before the first report} */
    @JsonProperty("best")
    public synchronized @Nullable Double best() {
        return best;
    }

    @JsonProperty("waited")
    synchronized int waited() {
        return waited;
    }

    /** An independent copy with the same state. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public synchronized PlateauAnnealing clone() {
        return new PlateauAnnealing(factor, patience, minImprovement, epsilon, best, waited);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PlateauAnnealing that && state().equals(that.state());
    }

    @Override
    public int hashCode() {
        return Objects.hash(factor, patience, minImprovement);
    }

    private synchronized List<Object> state() {
        return Arrays.asList(factor, patience, minImprovement, epsilon, best, waited);
    }

    @Override
    public String toString() {
        return "plateau: eps " + epsilon() + ", times " + factor + " after " + patience
                + " reports without improvement";
    }
}
