package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.internal.askewsgd.SkewSettings;
import io.github.dl4jaskew.internal.askewsgd.SkewedStep;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.schedule.Annealing;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Recipes for the networks of the testkit, and what the library has put on them. */
public final class AskewNets {

    private AskewNets() {}

    /** A recipe in units of the weight that draws strongly and has closed its intervals after 12 iterations. */
    public static Askew.Builder closing() {
        return Askew.builder()
                .grid(Grid.binary())
                .epsilon(Annealing.hold(2).thenLinear(10).byIteration())
                .restoringRate(1)
                .maxStep(0.5);
    }

    /** Fails unless all weights are where the constraint draws them in 15 iterations without a step of the updater. */
    public static void requireDrawn(Model network) {
        int iterations = network instanceof MultiLayerNetwork mln
                ? mln.getIterationCount()
                : ((ComputationGraph) network).getIterationCount();
        SkewedStep step = steps(network).get(0);
        SkewSettings skew = step.skew();
        double bound = DistanceBound.atRest(
                skew.epsilon(), skew.restoringRate(0), skew.maxStep(), iterations - 15, iterations);
        DistanceBound.requireNear(new AskewListener().report(network, iterations, 0), bound);
    }

    public static List<SkewedStep> steps(Model network) {
        return InstalledParameter.of(network).stream()
                .map(p -> (SkewedStep) p.step())
                .toList();
    }

    public static AskewPlan.Entry entry(AskewPlan plan, String layer, String parameter) {
        List<AskewPlan.Entry> found = plan.entries().stream()
                .filter(e -> e.layer().equals(layer) && e.parameter().equals(parameter))
                .toList();
        assertThat(found).as(layer + "/" + parameter + " in\n" + plan).hasSize(1);
        return found.get(0);
    }
}
