package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How far rounding moves the weights of a network, and whether training was over before it. */
final class RoundingMoves {

    /** In half cells: as far as an interval reaches from its level at an eps of 0.01. */
    private static final double SMALL = 0.05;

    /** This share of all weights may be farther off without a warning once eps is small. */
    private static final double FEW = 0.01;

    private long weights;
    private long far;
    private double cells;
    private double units;
    private String widest = "";

    private RoundingMoves() {}

    /**
     * A warning about weights that are about to be rounded.
     *
     * @param unfinished what is open, if training is not over
     * @param epsilon eps, or 1 for methods without intervals
     */
    static Optional<String> warning(List<MeasuredParameter> parameters, Optional<String> unfinished, double epsilon) {
        if (unfinished.isEmpty() && epsilon == 1) {
            return Optional.empty();
        }
        RoundingMoves moves = new RoundingMoves();
        parameters.forEach(moves::add);
        if (unfinished.isPresent()) {
            return unfinished.filter(why -> moves.cells > SMALL).map(why -> why + ". " + moves);
        }
        return moves.far > FEW * moves.weights
                ? Optional.of(
                        "weights are far from their levels although eps is " + (float) epsilon + ". " + moves
                                + ". Something other than training steps has moved them (ParallelTraining.run or"
                                + " Askew.project corrects averaging), or they were steered back too slowly: use a larger restoringRate or alpha")
                : Optional.empty();
    }

    private void add(MeasuredParameter p) {
        ScaledGrid grid = p.grid();
        Weights values = p.values();
        for (long i = 0; i < values.size(); i++) {
            double w = values.at(i);
            int channel = grid.channels().of(i);
            double move = Math.abs(w - grid.nearest(channel, w));
            double share = move / grid.halfCell(channel, w);
            weights++;
            far += share > SMALL ? 1 : 0;
            if (share > cells) {
                cells = share;
                widest = p.subject();
            }
            units = Math.max(units, move);
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Rounding moves %d of %d weights by more than %s half cells, one by %.2g half cells (%s); the largest"
                        + " move is %.2g",
                far,
                weights,
                SMALL,
                cells,
                widest,
                units);
    }
}
