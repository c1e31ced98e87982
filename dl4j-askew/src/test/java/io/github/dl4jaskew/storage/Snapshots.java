package io.github.dl4jaskew.storage;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.CellHistogram;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.listener.AskewSnapshot;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.List;
import java.util.stream.IntStream;

/** Made-up snapshots of a network with two constrained parameters; eps halves from 1 on. */
public final class Snapshots {

    private Snapshots() {}

    public static List<AskewSnapshot> of(int count) {
        return IntStream.range(0, count).mapToObj(Snapshots::at).toList();
    }

    private static AskewSnapshot at(int i) {
        double epsilon = Math.pow(0.5, i);
        AskewReport.Row hidden = new AskewReport.Row("hidden", "W", 20, 0.5 / (i + 1), 0.25, 1, i - 1);
        AskewReport.Row output = new AskewReport.Row("out<put>", "W", 15, 0, 0, 0.125, i - 1);
        AskewReport.Row total = new AskewReport.Row("total", "", 35, 0.25, 0.125, 1, i == 0 ? -1 : 2L * i - 2);
        AskewReport report = new AskewReport(10 * i, i, epsilon, 0.1 * i, total, List.of(hidden, output));
        long[] ternary = new long[193];
        ternary[96 + i % 64] = 20;
        long[] binary = new long[129];
        binary[128] = 15;
        return new AskewSnapshot(
                0,
                plan(0.5),
                report,
                2.5 - i,
                i == 1
                        ? null
                        : new AskewSnapshot.Scores(1.5, i == 0 ? Double.NaN : 1.75, 0.75, i == 0 ? Double.NaN : 0.5),
                List.of(new CellHistogram(64, ternary), new CellHistogram(64, binary)));
    }

    private static AskewPlan plan(double scale) {
        ScaledGrid perChannel = new ScaledGrid(Grid.ternary(), new double[] {scale, 1, 2, 0.75, 1}, new Channels(5, 1));
        return new AskewPlan(
                List.of(
                        new AskewPlan.Entry("hidden", "W", List.of(4L, 5L), perChannel, null),
                        new AskewPlan.Entry("hidden", "b", List.of(1L, 5L), null, "bias"),
                        new AskewPlan.Entry("drop", "-", List.of(), null, "no weights"),
                        new AskewPlan.Entry(
                                "out<put>", "W", List.of(5L, 3L), ScaledGrid.perTensor(Grid.binary(), 0.5), null)),
                List.of("eps: hold", "stage STEP"),
                List.of());
    }

    /** The same with another scale in its plan. */
    static AskewSnapshot other(AskewSnapshot s) {
        return new AskewSnapshot(s.network(), plan(0.25), s.report(), s.score(), s.scores(), s.histograms());
    }

    /** The same of another network. */
    static AskewSnapshot ofNetwork(AskewSnapshot s, int network) {
        return new AskewSnapshot(network, s.plan(), s.report(), s.score(), s.scores(), s.histograms());
    }
}
