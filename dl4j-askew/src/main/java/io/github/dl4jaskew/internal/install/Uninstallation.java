package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.network.Draft;
import io.github.dl4jaskew.internal.network.LayerSettings;
import io.github.dl4jaskew.internal.network.LayerSite;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/** Takes off everything that an {@link Installation} has put on. */
public final class Uninstallation {

    private Uninstallation() {}

    public static boolean isInstalled(LayerSite site) {
        return site.parts().stream()
                .map(part -> LayerSettings.of(part.conf()))
                .anyMatch(s -> s != null
                        && (s.regularization().stream().anyMatch(InstalledPart.class::isInstance)
                                || s.constraints().stream().anyMatch(ConstraintGuard.class::isInstance)));
    }

    private static boolean run(List<LayerSite> sites) {
        boolean removed = false;
        for (LayerSite site : sites) {
            if (isInstalled(site)) {
                removed = true;
                restoreUpdaters(site);
                Set<ScaledGrid> grids = grids(site);
                site.parts().forEach(part -> strip(part, grids));
            }
            Installation.markConstrained(site, false);
        }
        return removed;
    }

    /** Takes the method off a network, with the updaters that it has brought. Whether there was one. */
    public static boolean from(Network network) {
        Draft draft = network.draft();
        boolean keepState = !replacesUpdaters(draft.sites());
        boolean removed = run(draft.sites());
        draft.commit().run();
        if (removed) {
            network.renewUpdater(keepState);
        }
        return removed;
    }

    /** Whether the recipe brought an updater of its own, so that the updaters' state is of another layout. */
    private static boolean replacesUpdaters(List<LayerSite> sites) {
        return sites.stream().anyMatch(site -> replacedUpdater(site) != null);
    }

    /** The constraints of a layer; a bidirectional one keeps them in its forward part. */
    private static Stream<GridStep> steps(LayerSite site) {
        return site.parts().stream()
                .map(part -> LayerSettings.of(part.conf()))
                .flatMap(s -> s == null ? Stream.of() : s.regularization().stream())
                .filter(GridStep.class::isInstance)
                .map(GridStep.class::cast);
    }

    /** The guard of a layer, or null. */
    static @Nullable ConstraintGuard guard(LayerSite site) {
        return site.parts().stream()
                .map(part -> LayerSettings.of(part.conf()))
                .flatMap(s -> s == null ? Stream.of() : s.constraints().stream())
                .filter(ConstraintGuard.class::isInstance)
                .map(ConstraintGuard.class::cast)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable IUpdater replacedUpdater(LayerSite site) {
        ConstraintGuard guard = guard(site);
        return guard != null
                ? guard.replacedUpdater()
                : steps(site)
                        .map(GridStep::replacedUpdater)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    private static void restoreUpdaters(LayerSite site) {
        IUpdater replaced = replacedUpdater(site);
        if (replaced == null) {
            return;
        }
        ConstraintGuard guard = guard(site);
        IUpdater own = guard == null ? null : guard.updater();
        for (LayerSite.Part part : site.parts()) {
            LayerSettings settings = LayerSettings.of(part.conf());
            if (settings == null) {
                continue;
            }
            // An updater of another kind is not the recipe's: a FineTuneConfiguration has set it.
            IUpdater now = settings.updater();
            if (own == null || now == null || own.getClass() == now.getClass()) {
                settings.setUpdater(replaced);
            }
            // Installation gave biases the replaced updater if they had none of their own.
            IUpdater beside =
                    settings.biasUpdater() instanceof DelayedUpdater delayed ? delayed.first() : settings.biasUpdater();
            if (replaced.equals(unconstrained(beside))) {
                settings.setBiasUpdater(null);
            }
        }
    }

    static @Nullable IUpdater unconstrained(@Nullable IUpdater updater) {
        return updater instanceof AskewSgd sgd ? sgd.constrained(false) : updater;
    }

    private static void strip(LayerSite.Part part, Set<ScaledGrid> grids) {
        LayerSettings settings = LayerSettings.of(part.conf());
        if (settings == null) {
            return;
        }
        if (belongs(settings.weightNoise(), grids)) {
            settings.setWeightNoise(null);
        }
        settings.setRegularization(new ArrayList<>(settings.regularization().stream()
                .filter(r -> !belongs(r, grids))
                .toList()));
        settings.setConstraints(
                settings.constraints().stream().filter(c -> !belongs(c, grids)).toList());
    }

    private static boolean belongs(@Nullable Object setting, Set<ScaledGrid> grids) {
        return setting instanceof InstalledPart part && part.belongsTo(grids);
    }

    private static Set<ScaledGrid> grids(LayerSite site) {
        return steps(site)
                .flatMap(step -> step.layer().parameters().stream())
                .map(ConstrainedParameter::grid)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
