package io.github.dl4jaskew;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.nd4j.linalg.learning.regularization.Regularization;

/** Takes off everything that an {@link Installation} has put on. */
final class Uninstallation {

    private Uninstallation() {}

    static boolean isInstalled(LayerSite site) {
        return site.parts().stream()
                .map(part -> LayerSettings.of(part.conf()))
                .anyMatch(s -> s != null && s.regularization().stream().anyMatch(Uninstallation::isOurs));
    }

    static boolean run(List<LayerSite> sites) {
        boolean removed = false;
        for (LayerSite site : sites) {
            if (isInstalled(site)) {
                removed = true;
                restoreUpdaters(site);
                site.parts().forEach(Uninstallation::strip);
            }
            Installation.arm(site, false);
        }
        return removed;
    }

    private static boolean isOurs(Regularization regularization) {
        return regularization instanceof SkewedStep || regularization instanceof CellRate;
    }

    private static void restoreUpdaters(LayerSite site) {
        for (LayerSite.Part part : site.parts()) {
            LayerSettings settings = LayerSettings.of(part.conf());
            LayerSettings first = LayerSettings.of(site.parts().get(0).conf());
            if (settings == null || first == null) {
                continue;
            }
            for (Regularization r : first.regularization()) {
                if (r instanceof SkewedStep step && step.replacedUpdater() != null) {
                    settings.setUpdater(step.replacedUpdater());
                }
            }
        }
    }

    private static void strip(LayerSite.Part part) {
        LayerSettings settings = LayerSettings.of(part.conf());
        if (settings == null) {
            return;
        }
        settings.setRegularization(new ArrayList<>(
                settings.regularization().stream().filter(r -> !isOurs(r)).toList()));
        List<LayerConstraint> constraints = part.conf().getConstraints();
        if (constraints != null) {
            part.conf()
                    .setConstraints(new ArrayList<>(constraints.stream()
                            .filter(c -> !(c instanceof GridConstraint))
                            .toList()));
        }
    }
}
