package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.ArrayWeights;
import io.github.dl4jaskew.interval.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * One run of {@link Askew#install}: first everything is chosen, estimated and checked, then the
 * configurations are changed, so that a failure leaves the network as it was.
 */
final class Installation {

    private final Recipe recipe;
    private final List<LayerSite> sites;
    private final List<Choice> choices = new ArrayList<>();
    private final List<AskewPlan.Entry> entries = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    /** A claimed layer and the grids of its constrained parameters. */
    private record Choice(LayerSite site, Map<String, ScaledGrid> grids) {}

    Installation(Recipe recipe, List<LayerSite> sites) {
        this.recipe = recipe;
        this.sites = sites;
    }

    AskewPlan run() {
        requireNotInstalled();
        JsonRoundTrip.require(recipe.epsilon());
        IUpdater updater = recipe.updater();
        if (updater != null) {
            JsonRoundTrip.require(updater);
        }
        Set<String> claimed = claimedLayers();
        for (LayerSite site : sites) {
            plan(site, claimed.contains(site.name()));
        }
        if (choices.isEmpty()) {
            throw new IllegalArgumentException("the recipe's layers (" + recipe.layers()
                    + ") claim no weight of this network:\n" + new AskewPlan(entries, List.of(), List.of()));
        }
        int[] powers = choices.stream().mapToInt(this::checkUpdater).toArray();
        for (int i = 0; i < powers.length; i++) {
            change(choices.get(i), powers[i]);
        }
        sites.forEach(site -> arm(site, true));
        return new AskewPlan(entries, settings(), List.copyOf(warnings));
    }

    private void requireNotInstalled() {
        for (LayerSite site : sites) {
            if (Uninstallation.isInstalled(site)) {
                throw new IllegalStateException("layer '" + site.name() + "' has an interval constraint already;"
                        + " call Askew.uninstall(network) first");
            }
        }
    }

    private Set<String> claimedLayers() {
        List<String> withWeights =
                sites.stream().filter(s -> weights(s) > 0).map(LayerSite::name).toList();
        Set<String> known = new LinkedHashSet<>();
        Set<String> claimed = new LinkedHashSet<>();
        for (int i = 0; i < sites.size(); i++) {
            LayerSite site = sites.get(i);
            known.add(site.name());
            if (site.parts().isEmpty()) {
                continue;
            }
            boolean first = withWeights.indexOf(site.name()) == 0;
            boolean last = withWeights.indexOf(site.name()) == withWeights.size() - 1;
            if (recipe.layers()
                    .claims(new Layers.LayerInfo(
                            site.name(), i, site.parts().get(0).conf().getClass(), weights(site), first, last))) {
                claimed.add(site.name());
            }
        }
        for (String name : recipe.layers().names()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("the network has no layer '" + name + "'; its layers are " + known);
            }
        }
        return claimed;
    }

    private static long weights(LayerSite site) {
        return site.params().entrySet().stream()
                .filter(p -> Eligibility.obstacle(site, p.getKey()) == null)
                .mapToLong(p -> p.getValue().length())
                .sum();
    }

    private void plan(LayerSite site, boolean claimed) {
        if (site.params().isEmpty()) {
            entries.add(new AskewPlan.Entry(site.name(), "-", List.of(), null, "no weights"));
        }
        Map<String, ScaledGrid> chosen = new LinkedHashMap<>();
        site.params().forEach((key, weights) -> {
            String obstacle = Eligibility.obstacle(site, key);
            if (obstacle == null && !claimed) {
                obstacle = "excluded";
            }
            ScaledGrid grid = obstacle == null ? fit(site, key, weights) : null;
            if (grid != null) {
                chosen.put(key, grid);
                warnings.addAll(new ConstraintChecks(site.name(), key, grid, weights)
                        .warnings(
                                site.keyInPart(key), settings(site.partOf(key)).constraints()));
            }
            List<Long> shape = Arrays.stream(weights.shape()).boxed().toList();
            entries.add(new AskewPlan.Entry(site.name(), key, shape, grid, obstacle));
        });
        if (!chosen.isEmpty()) {
            choices.add(new Choice(site, chosen));
        }
    }

    private ScaledGrid fit(LayerSite site, String key, INDArray weights) {
        try {
            Channels channels = OutputChannels.of(site.partOf(key).conf(), site.keyInPart(key), weights);
            return recipe.scale().fit(recipe.grid(), new ArrayWeights(weights), channels);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "layer '" + site.name() + "', parameter '" + key + "': " + e.getMessage(), e);
        }
    }

    /** The power of the half cell that the updater's step is multiplied by. */
    private int checkUpdater(Choice choice) {
        LayerSite site = choice.site();
        UpdaterChecks checks = new UpdaterChecks(site.name(), updaterOf(site));
        checks.requireUsableRate(recipe.dynamics());
        checks.slowness(recipe, choice.grids().values()).ifPresent(warnings::add);
        boolean shared = site.params().keySet().stream()
                .anyMatch(k ->
                        Eligibility.isRegularized(site, k) && !choice.grids().containsKey(k));
        if (recipe.updater() != null && shared) {
            warnings.add("layer '" + site.name()
                    + "' has weights that are not constrained (such as gains) but share the" + " recipe's updater");
        }
        return recipe.unit() == LearningRateUnit.CELL ? checks.cellPower() : 0;
    }

    private IUpdater updaterOf(LayerSite site) {
        IUpdater own = recipe.updater();
        IUpdater updater = own != null ? own : settings(site.parts().get(0)).updater();
        if (updater == null) {
            throw new IllegalArgumentException(
                    "layer '" + site.name() + "' has no updater; set one on the network or the recipe");
        }
        return updater;
    }

    private static LayerSettings settings(LayerSite.Part part) {
        LayerSettings settings = LayerSettings.of(part.conf());
        if (settings == null) {
            throw new IllegalStateException(part.conf().getClass() + " has no training settings");
        }
        return settings;
    }

    private void change(Choice choice, int power) {
        LayerSite site = choice.site();
        boolean gradient = recipe.dynamics().stage() == Stage.GRADIENT;
        // A bidirectional layer asks its forward part for the settings of both.
        LayerSettings first = settings(site.parts().get(0));
        IUpdater replaced = recipe.updater() == null ? null : first.updater();
        ConstrainedLayer layer = new ConstrainedLayer(site.name(), parameters(choice));
        ISchedule epsilon = recipe.epsilon().clone();
        // The gradient of the cell coordinate is half the cell times that of the weight, whatever the updater.
        int rulePower = gradient && power > 0 ? 2 : power;
        first.append(new SkewedStep(layer, epsilon, recipe.dynamics(), rulePower, replaced));
        if (gradient && power > 0) {
            first.append(new CellRate(layer, power));
        }
        for (LayerSite.Part part : site.parts()) {
            replaceUpdater(settings(part));
        }
        GridConstraint.Mode mode = recipe.projection();
        if (mode != null) {
            choice.grids().forEach((key, grid) -> addProjection(site, key, grid, mode, epsilon));
        }
    }

    private void replaceUpdater(LayerSettings settings) {
        IUpdater own = recipe.updater();
        if (own != null) {
            if (settings.biasUpdater() == null) {
                settings.setBiasUpdater(settings.updater());
            }
            settings.setUpdater(own.clone());
        }
    }

    private static List<ConstrainedParameter> parameters(Choice choice) {
        LayerSite site = choice.site();
        List<ConstrainedParameter> parameters = new ArrayList<>();
        site.params().forEach((key, weights) -> {
            if (Eligibility.isRegularized(site, key)) {
                parameters.add(new ConstrainedParameter(
                        key, weights.offset(), weights.length(), choice.grids().get(key)));
            }
        });
        return parameters;
    }

    private static void addProjection(
            LayerSite site, String key, ScaledGrid grid, GridConstraint.Mode mode, ISchedule epsilon) {
        ISchedule own = mode == GridConstraint.Mode.INTERVAL ? epsilon.clone() : null;
        GridConstraint constraint = new GridConstraint(mode, grid, own, Set.of(site.keyInPart(key)));
        LayerSettings settings = settings(site.partOf(key));
        List<LayerConstraint> list = new ArrayList<>(settings.constraints());
        list.add(constraint);
        settings.setConstraints(list);
    }

    /** Tells every AskewSgd of the layer whether its network has a constraint. */
    static void arm(LayerSite site, boolean constrained) {
        for (LayerSite.Part part : site.parts()) {
            LayerSettings settings = LayerSettings.of(part.conf());
            if (settings == null) {
                continue;
            }
            if (settings.updater() instanceof AskewSgd updater) {
                settings.setUpdater(updater.constrained(constrained));
            }
            if (settings.biasUpdater() instanceof AskewSgd updater) {
                settings.setBiasUpdater(updater.constrained(constrained));
            }
        }
        SameDiffVertex vertex = site.vertex();
        if (vertex != null && vertex.getUpdater() instanceof AskewSgd updater) {
            vertex.setUpdater(updater.constrained(constrained));
        }
        if (vertex != null && vertex.getBiasUpdater() instanceof AskewSgd updater) {
            vertex.setBiasUpdater(updater.constrained(constrained));
        }
    }

    private List<String> settings() {
        List<String> lines = new ArrayList<>();
        lines.add("eps: " + recipe.epsilon());
        Dynamics d = recipe.dynamics();
        lines.add("stage " + d.stage()
                + (d.alpha() == null
                        ? ", restoring rate " + d.restoringRate()
                        : ", alpha " + d.alpha() + " times the learning rate")
                + ", at most " + d.maxStep() + " half cells a step"
                + (d.perturbation() == null ? "" : ", " + d.perturbation())
                + (recipe.projection() == null ? "" : ", projection " + recipe.projection()));
        lines.add("scale: " + recipe.scale());
        lines.add("constrained weights: "
                + (recipe.updater() == null ? "the network's updater" : recipe.updater())
                + ", learning rate per " + recipe.unit());
        return lines;
    }
}
