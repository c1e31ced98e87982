package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.network.LayerSettings;
import io.github.dl4jaskew.internal.network.LayerSite;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.packed.ParameterId;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * One constrained parameter of a live network.
 *
 * @param id which one
 * @param weights the network's own array
 * @param grid its levels
 * @param step the constraint that acts on it
 */
public record InstalledParameter(ParameterId id, INDArray weights, ScaledGrid grid, GridStep step) {

    /**
     * All constrained parameters of a network, in the order of its parameter vector.
     *
     * @throws IllegalStateException if a layer has lost its constraint
     */
    public static List<InstalledParameter> of(Model network) {
        List<InstalledParameter> found = new ArrayList<>();
        Network adapter = Network.of(network);
        int iteration = adapter.counts().iteration();
        for (LayerSite site : adapter.sites()) {
            if (site.parts().isEmpty()) {
                continue;
            }
            LayerSettings settings = LayerSettings.of(site.parts().get(0).conf());
            if (settings == null) {
                continue;
            }
            ConstraintGuard guard = Uninstallation.guard(site);
            if (guard != null) {
                guard.requireIntact(settings);
            }
            for (Regularization regularization : settings.regularization()) {
                if (regularization instanceof GridStep step) {
                    step.settle(site.params(), iteration);
                    add(found, site, step);
                }
            }
        }
        return found;
    }

    private static void add(List<InstalledParameter> found, LayerSite site, GridStep step) {
        for (ConstrainedParameter p : step.layer().parameters()) {
            INDArray weights = site.params().get(p.name());
            ScaledGrid grid = p.grid();
            if (weights != null && grid != null) {
                found.add(new InstalledParameter(site.id(p.name()), weights, grid, step));
            }
        }
    }
}
