package io.github.dl4jaskew.listener;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.Eligibility;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.network.LayerSite;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.samediff.ConstrainedVariable;
import io.github.dl4jaskew.internal.samediff.SameDiffInstallation;
import io.github.dl4jaskew.internal.samediff.SameDiffUpdater;
import io.github.dl4jaskew.packed.ParameterId;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The plan of a network as it stands, which may have been saved and restored since the installation. */
final class InstalledPlan {

    private InstalledPlan() {}

    static AskewPlan of(Model network, List<InstalledParameter> installed) {
        Map<ParameterId, ScaledGrid> grids = new LinkedHashMap<>();
        Set<String> settings = new LinkedHashSet<>();
        for (InstalledParameter p : installed) {
            grids.put(p.id(), p.grid());
            settings.addAll(p.step().settings());
        }
        List<AskewPlan.Entry> entries = new ArrayList<>();
        for (LayerSite site : Network.of(network).sites()) {
            add(entries, site, grids);
        }
        return new AskewPlan(entries, List.copyOf(settings), List.of());
    }

    /** The plan of a graph, which may have been loaded since the installation. */
    static AskewPlan of(SameDiff graph, SameDiffUpdater installed) {
        Map<String, ScaledGrid> grids = new LinkedHashMap<>();
        installed.variables().forEach(v -> grids.put(v.name(), v.grid()));
        List<AskewPlan.Entry> entries = graph.variables().stream()
                .filter(SameDiffInstallation::isTrained)
                .map(v -> entry(v, grids.get(v.name())))
                .toList();
        List<String> settings = installed.skew().describe();
        return new AskewPlan(entries, settings, List.of());
    }

    private static AskewPlan.Entry entry(SDVariable variable, @Nullable ScaledGrid grid) {
        return new AskewPlan.Entry(
                AskewPlan.VARIABLES,
                variable.name(),
                ConstrainedVariable.shapeOf(variable.getArr()),
                grid,
                grid == null ? "excluded" : null);
    }

    private static void add(List<AskewPlan.Entry> entries, LayerSite site, Map<ParameterId, ScaledGrid> grids) {
        if (site.params().isEmpty()) {
            entries.add(new AskewPlan.Entry(site.name(), "-", List.of(), null, "no weights"));
        }
        site.params().forEach((key, weights) -> {
            ScaledGrid grid = grids.get(site.id(key));
            String exclusionReason = grid == null ? Eligibility.exclusionReason(site, key) : null;
            entries.add(new AskewPlan.Entry(
                    site.name(),
                    key,
                    Arrays.stream(weights.shape()).boxed().toList(),
                    grid,
                    grid != null ? null : exclusionReason != null ? exclusionReason : "excluded"));
        });
    }
}
