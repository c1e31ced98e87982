package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.Batch;
import io.github.dl4jaskew.margin.internal.network.Doubles;
import io.github.dl4jaskew.margin.internal.network.LogitErrors;
import io.github.dl4jaskew.margin.internal.network.LogitRows;
import io.github.dl4jaskew.margin.internal.network.NetworkReplica;
import io.github.dl4jaskew.margin.internal.network.ParameterBlock;
import io.github.dl4jaskew.margin.metrics.ConeProjection;
import io.github.dl4jaskew.margin.metrics.MarginStationarity;
import io.github.dl4jaskew.margin.metrics.SupportPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The pairs of example and class with the smallest margins, found in one forward pass, and their gradients, one forward and
 * backward pass of a single example each.
 */
final class HardestPairs {

    /** A pair, and a minibatch that holds its example alone. */
    private record Pair(Batch example, int number, MarginReader.Pair place) {
        double margin() {
            return place.margin();
        }
    }

    private final NetworkReplica replica;
    private final MarginReader reader;
    private final double bound;
    private final int most;
    private final PriorityQueue<Pair> pairs =
            new PriorityQueue<>(Comparator.comparingDouble(Pair::margin).reversed());
    private int candidates;
    private int examplesBefore;

    private HardestPairs(NetworkReplica replica, MarginReader reader, double bound, int most) {
        this.replica = replica;
        this.reader = reader;
        this.bound = bound;
        this.most = most;
    }

    /**
     * The pairs with margins of at most the bound.
     *
     * @param bound largest margin
     * @param most how many pairs to keep, those with the smallest margins
     */
    static HardestPairs of(NetworkReplica replica, MarginReader reader, TrainingData data, double bound, int most) {
        HardestPairs found = new HardestPairs(replica, reader, bound, most);
        data.forEach(found::read);
        return found;
    }

    private void read(Batch batch) {
        LogitRows labels =
                LogitRows.of(batch.label(replica.outputIndex()), replica.head().classesLast());
        LogitRows logits = replica.logits(batch);
        int examples = (int) batch.features()[0].size(0);
        boolean[] counted = LogitRows.counted(batch.labelMask(replica.outputIndex()), logits.count(), examples);
        int rows = logits.count() / examples;
        for (int example = 0; example < examples; example++) {
            Batch copy = null;
            for (int row = example * rows; row < (example + 1) * rows; row++) {
                if (counted == null || counted[row]) {
                    copy = read(batch, example, reader.pairs(logits, labels, row, row % rows), copy);
                }
            }
        }
        examplesBefore += examples;
    }

    private @Nullable Batch read(Batch batch, int example, List<MarginReader.Pair> row, @Nullable Batch known) {
        Batch copy = known;
        for (MarginReader.Pair pair : row) {
            if (pair.margin() <= bound) {
                candidates++;
                if (pairs.size() < most || pair.margin() < pairs.element().margin()) {
                    copy = copy == null ? batch.example(example) : copy;
                    pairs.add(new Pair(copy, examplesBefore + example, pair));
                }
                if (pairs.size() > most) {
                    pairs.remove();
                }
            }
        }
        return copy;
    }

    /** The combination of the pairs' gradients that is nearest to the weights. */
    MarginStationarity stationarity(LogitErrors errors, List<ParameterBlock> blocks, double[] weights) {
        List<Pair> hardest =
                pairs.stream().sorted(Comparator.comparingDouble(Pair::margin)).toList();
        List<double[]> gradients = new ArrayList<>();
        for (Pair pair : hardest) {
            gradients.add(ReplicaWeights.onlyTrained(gradient(pair, errors), blocks));
        }
        ConeProjection projection = ConeProjection.of(weights, gradients);
        List<SupportPair> support = new ArrayList<>();
        for (int k = 0; k < hardest.size(); k++) {
            if (projection.multipliers().get(k) > 0) {
                support.add(hardest.get(k)
                        .place()
                        .support(
                                hardest.get(k).number(),
                                projection.multipliers().get(k)));
            }
        }
        support.sort(Comparator.comparingDouble(SupportPair::multiplier).reversed());
        return new MarginStationarity(projection.cosine(), projection.tangent(), candidates, hardest.size(), support);
    }

    private double[] gradient(Pair pair, LogitErrors errors) {
        double[] gradient = new double[(int) replica.model().numParams()];
        errors.set((logits, labels, row, target) -> {
            Arrays.fill(target, 0);
            if (row == pair.place().position()) {
                reader.marginErrors(pair.place(), target);
            }
        });
        try {
            Doubles.addTo(gradient, replica.gradient(pair.example()));
        } finally {
            errors.set(null);
        }
        return replica.unscale(gradient);
    }
}
