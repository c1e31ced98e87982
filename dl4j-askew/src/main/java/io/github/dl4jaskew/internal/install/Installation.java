package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.network.JsonRoundTrip;
import io.github.dl4jaskew.internal.network.LayerSettings;
import io.github.dl4jaskew.internal.network.LayerSite;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.quantized.Deployment;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * One run of {@link Installer#install}: first everything is chosen, estimated and checked, then the
 * configurations are changed, so that a failure leaves the network as it was.
 */
public final class Installation {

    private TrainingMethod method;
    private Target target;
    private final List<LayerSite> sites;
    private final List<Choice> choices = new ArrayList<>();
    private final List<AskewPlan.Entry> entries = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    /** A claimed layer, the grids of its constrained parameters, and the method as it is there. */
    private record Choice(
            LayerSite site,
            Map<String, ScaledGrid> grids,
            TrainingMethod.Surroundings surroundings,
            TrainingMethod method) {
        boolean changedForward() {
            return surroundings.changedForward();
        }
    }

    private final Predicate<String> normalized;
    private final Deployment deployment;

    /** An installation on layers, given by name whether batch norm takes out their scale. */
    Installation(TrainingMethod method, List<LayerSite> sites, Predicate<String> normalized, Deployment deployment) {
        this.method = method;
        this.target = method.target();
        this.sites = sites;
        this.normalized = normalized;
        this.deployment = deployment;
    }

    /** Installs what a check of the plan does not refuse. */
    AskewPlan run(Consumer<AskewPlan> check) {
        int[] powers = choose();
        AskewPlan plan = result();
        check.accept(plan);
        for (int i = 0; i < powers.length; i++) {
            change(choices.get(i), powers[i]);
        }
        sites.forEach(site -> markConstrained(site, true));
        return plan;
    }

    /** What {@link #run} would do. */
    AskewPlan plan() {
        choose();
        return result();
    }

    private AskewPlan result() {
        List<String> settings = choices.stream()
                .flatMap(choice -> choice.method().settings().stream())
                .distinct()
                .collect(Collectors.toCollection(ArrayList::new));
        if (choices.stream().anyMatch(choice -> scale(choice).equals(target.scale()))) {
            settings.add(scale(target));
        }
        if (choices.stream().anyMatch(choice -> Objects.equals(own(choice), target.updater()))) {
            settings.add(optimizer(target));
        }
        choices.forEach(choice -> distinction(choice)
                .ifPresent(line -> settings.add("layer '" + choice.site().name() + "': " + line)));
        return new AskewPlan(entries, settings, List.copyOf(warnings), deployment);
    }

    private Optional<String> distinction(Choice choice) {
        Optional<String> chosen = method.distinction(
                choice.surroundings(), settings(choice.site().parts().get(0)).updater());
        return isPlainByPreset(choice)
                ? Optional.of(plain(choice) + chosen.orElseGet(() -> target.optimizerDescription(own(choice))))
                : chosen;
    }

    private boolean isPlainByPreset(Choice choice) {
        return method.forwardUse() == TrainingMethod.ForwardUse.CHANGED_BY_PRESET && !choice.changedForward();
    }

    /** What makes weights small once the plan is made, or null. */
    @Nullable
    InitialShrinkage start() {
        Set<String> small = choices.stream()
                .filter(choice -> method.startsSmall(choice.surroundings()))
                .map(choice -> choice.site().name())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return InitialShrinkage.of(target, small.size() == choices.size() ? null : small);
    }

    private int[] choose() {
        method.requireLayers();
        requireNotInstalled();
        List<Layers.LayerInfo> infos = layerInfos();
        requireNames(infos);
        method = method.among(claimed(infos));
        target = method.target();
        method.schedules().forEach(JsonRoundTrip::require);
        IUpdater updater = target.updater();
        if (updater != null) {
            JsonRoundTrip.require(updater);
        }
        for (int i = 0; i < sites.size(); i++) {
            plan(sites.get(i), infos.get(i));
        }
        if (choices.isEmpty()) {
            throw new IllegalArgumentException("the recipe's layers (" + target.layers()
                    + ") select no weight of this network:\n" + new AskewPlan(entries, List.of(), List.of()));
        }
        warnOfFrozenWeights(infos);
        return choices.stream().mapToInt(this::checkUpdater).toArray();
    }

    private List<TrainingMethod.Surroundings> claimed(List<Layers.LayerInfo> infos) {
        return IntStream.range(0, sites.size())
                .filter(i -> infos.get(i).weights() > 0 && target.layers().claims(infos.get(i)))
                .mapToObj(i -> surroundings(sites.get(i)))
                .toList();
    }

    private void requireNotInstalled() {
        for (LayerSite site : sites) {
            if (Uninstallation.isInstalled(site)) {
                throw new IllegalStateException("layer '" + site.name() + "' has a constraint already,"
                        + " its own or that of the configuration that it was built from; call"
                        + " Askew.uninstall(network) first, or build the network from a configuration without one");
            }
        }
    }

    private List<Layers.LayerInfo> layerInfos() {
        List<String> withWeights = sites.stream()
                .filter(site -> site.params().keySet().stream()
                        .anyMatch(key -> Eligibility.exclusionReasonUnlessFrozen(site, key) == null))
                .map(LayerSite::name)
                .toList();
        List<Layers.LayerInfo> infos = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            LayerSite site = sites.get(i);
            int position = withWeights.indexOf(site.name());
            infos.add(new Layers.LayerInfo(
                    site.name(),
                    i,
                    site.parts().isEmpty()
                            ? Layer.class
                            : site.parts().get(0).conf().getClass(),
                    weights(site),
                    position == 0,
                    position >= 0 && position == withWeights.size() - 1));
        }
        return infos;
    }

    private void requireNames(List<Layers.LayerInfo> infos) {
        List<String> known = infos.stream().map(Layers.LayerInfo::name).toList();
        for (String name : target.layers().names()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("the network has no layer '" + name + "'; its layers are " + known);
            }
        }
    }

    private static long weights(LayerSite site) {
        return site.params().entrySet().stream()
                .filter(p -> Eligibility.exclusionReason(site, p.getKey()) == null)
                .mapToLong(p -> p.getValue().length())
                .sum();
    }

    private void plan(LayerSite site, Layers.LayerInfo info) {
        if (site.params().isEmpty()) {
            entries.add(new AskewPlan.Entry(site.name(), "-", List.of(), null, "no weights"));
        }
        TrainingMethod.Surroundings surroundings = surroundings(site);
        Map<String, ScaledGrid> chosen = new LinkedHashMap<>();
        site.params().forEach((key, weights) -> {
            String exclusionReason = Eligibility.exclusionReason(site, key);
            if (exclusionReason == null && !target.layers().claims(info)) {
                exclusionReason = target.layers().exclusionReason(info);
            }
            if (exclusionReason == null && requiresForward()) {
                exclusionReason = noiseExclusionReason(site, key);
            }
            ScaledGrid grid = exclusionReason == null ? fit(site, surroundings, key, weights) : null;
            List<Long> levels = List.of();
            if (grid != null) {
                chosen.put(key, grid);
                LevelUse use = new LevelUse(grid, new ArrayWeights(weights));
                levels = use.counts();
                use.warning(site.id(key).toString()).ifPresent(warnings::add);
                if (method.losesBySmallWeights(surroundings)) {
                    new FirstWeights(site.id(key), site.partOf(key).conf(), weights)
                            .warning()
                            .ifPresent(warnings::add);
                }
                warnings.addAll(new ConstraintChecks(site.id(key), grid, weights)
                        .warnings(
                                site.keyInPart(key), settings(site.partOf(key)).constraints()));
            }
            List<Long> shape = Arrays.stream(weights.shape()).boxed().toList();
            entries.add(new AskewPlan.Entry(site.name(), key, shape, grid, exclusionReason, levels));
        });
        if (!chosen.isEmpty()) {
            choices.add(new Choice(site, chosen, surroundings, method.on(surroundings)));
        }
    }

    private TrainingMethod.Surroundings surroundings(LayerSite site) {
        boolean recurrent = site.parts().stream().anyMatch(part -> part.conf() instanceof BaseRecurrentLayer);
        return new TrainingMethod.Surroundings(
                changesForward(site),
                normalized.test(site.name()),
                recurrent,
                site.parts().size() > 1);
    }

    /** Where a preset's choice of the forward pass cannot be had. */
    private static String plain(Choice choice) {
        return "forward pass with the weights as they are, as it "
                + (choice.site().parts().stream().allMatch(part -> Eligibility.seesWeightNoise(part.conf()))
                        ? "has a weight noise of its own; "
                        : "reads them past DL4J's weight noise; ");
    }

    private boolean requiresForward() {
        return method.forwardUse() != TrainingMethod.ForwardUse.AS_TRAINED
                && method.forwardUse() != TrainingMethod.ForwardUse.CHANGED_BY_PRESET;
    }

    private boolean changesForward(LayerSite site) {
        return switch (method.forwardUse()) {
            case AS_TRAINED -> false;
            case CHANGED_BY_PRESET ->
                site.parts().stream()
                        .allMatch(part -> Eligibility.seesWeightNoise(part.conf())
                                && settings(part).weightNoise() == null);
            case CHANGED_WHERE_POSSIBLE ->
                site.parts().stream().allMatch(part -> Eligibility.seesWeightNoise(part.conf()));
            case CHANGED -> true;
        };
    }

    private @Nullable String noiseExclusionReason(LayerSite site, String key) {
        Layer conf = site.partOf(key).conf();
        if (!Eligibility.seesWeightNoise(conf)) {
            String reason = "DL4J's " + conf.getClass().getSimpleName() + " has no weight noise";
            if (method.forwardUse() == TrainingMethod.ForwardUse.CHANGED) {
                return reason;
            }
            warnings.add(site.id(key) + ": " + reason + ", so that its forward pass sees the weights as they are,"
                    + " without straightThrough or weightNoise");
            return null;
        }
        IWeightNoise noise = settings(site.partOf(key)).weightNoise();
        if (noise != null) {
            throw new IllegalArgumentException("layer '" + site.name() + "' has a weight noise already, " + noise
                    + ", and DL4J allows one; remove it, or exclude the layer");
        }
        return null;
    }

    /** A user who counts bits would not expect them in the packed model. */
    private void warnOfFrozenWeights(List<Layers.LayerInfo> infos) {
        long frozen = 0;
        for (int i = 0; i < sites.size(); i++) {
            LayerSite site = sites.get(i);
            if (site.frozen() && target.layers().claims(infos.get(i))) {
                frozen += site.params().entrySet().stream()
                        .filter(p -> Eligibility.exclusionReasonUnlessFrozen(site, p.getKey()) == null)
                        .mapToLong(p -> p.getValue().length())
                        .sum();
            }
        }
        if (frozen > 0) {
            warnings.add(frozen + " weights are frozen and stay in full precision, also in the quantized model;"
                    + " fine-tune without freezing their layers to quantize them too");
        }
    }

    private ScaledGrid fit(LayerSite site, TrainingMethod.Surroundings surroundings, String key, INDArray weights) {
        try {
            Channels channels = OutputChannels.of(site.partOf(key).conf(), site.keyInPart(key), weights);
            BorrowedScales borrowed = new BorrowedScales(site.id(key).toString());
            ScaledGrid grid =
                    method.scale(surroundings).fit(target.grid(), new ArrayWeights(weights), channels, borrowed);
            borrowed.warning(grid).ifPresent(warnings::add);
            return grid;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(site.id(key) + ": " + e.getMessage(), e);
        }
    }

    /** The power of the half cell that the updater's step is multiplied by. */
    private int checkUpdater(Choice choice) {
        LayerSite site = choice.site();
        IUpdater updater = updaterOf(choice);
        if (updater == null) {
            return 0;
        }
        method.requireUsable(site.name(), updater);
        warnings.addAll(method.warnings(
                site.name(),
                choice.surroundings(),
                updater,
                settings(site.parts().get(0)).updater(),
                choice.grids().values()));
        boolean shared = site.params().keySet().stream()
                .anyMatch(k ->
                        Eligibility.isRegularized(site, k) && !choice.grids().containsKey(k));
        if (own(choice) != null && shared) {
            warnings.add("layer '" + site.name()
                    + "' has weights that are not constrained (such as gains) but share the" + " recipe's updater");
        }
        return target.unit() == LearningRateUnit.CELL ? CellPower.of(site.name(), updater) : 0;
    }

    private @Nullable IUpdater own(Choice choice) {
        return method.updater(choice.surroundings());
    }

    private Scale scale(Choice choice) {
        return method.scale(choice.surroundings());
    }

    /** What moves the layer's weights, or null if nothing does and nothing needs to. */
    private @Nullable IUpdater updaterOf(Choice choice) {
        LayerSite site = choice.site();
        IUpdater own = own(choice);
        IUpdater updater = own != null ? own : settings(site.parts().get(0)).updater();
        if (updater == null && method.trains()) {
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
        // A bidirectional layer asks its forward part for the settings of both.
        LayerSettings first = settings(site.parts().get(0));
        IUpdater own = own(choice);
        IUpdater replaced = own == null ? null : first.updater();
        ConstrainedLayer layer = new ConstrainedLayer(site.name(), parameters(choice));
        TrainingMethod here = choice.method();
        first.append(here.step(layer, power, replaced));
        here.furtherSteps(layer, power).forEach(first::append);
        for (LayerSite.Part part : site.parts()) {
            replaceUpdater(here, own, settings(part));
            if (choice.changedForward()) {
                addWeightNoise(choice, part);
            }
        }
        first.setConstraints(plus(first.constraints(), guard(site, power, first, replaced)));
        choice.grids().forEach((key, grid) -> addProjection(site, key, grid));
    }

    private void addWeightNoise(Choice choice, LayerSite.Part part) {
        LayerSite site = choice.site();
        Map<String, ScaledGrid> grids = new LinkedHashMap<>();
        choice.grids().forEach((key, grid) -> {
            if (site.partOf(key).equals(part) && Eligibility.seesWeightNoise(part.conf())) {
                grids.put(site.keyInPart(key), grid);
            }
        });
        String name = site.parts().size() > 1 ? site.name() + "/" + part.prefix() : site.name();
        IWeightNoise noise = grids.isEmpty() ? null : choice.method().weightNoise(name, grids);
        if (noise != null) {
            settings(part).setWeightNoise(noise);
        }
    }

    private static void replaceUpdater(TrainingMethod here, @Nullable IUpdater own, LayerSettings settings) {
        if (own != null) {
            IUpdater network = settings.updater();
            if (settings.biasUpdater() == null) {
                settings.setBiasUpdater(network == null ? null : here.beside(network));
            }
            settings.setUpdater(here.installed(own.clone(), network));
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

    private void addProjection(LayerSite site, String key, ScaledGrid grid) {
        LayerConstraint constraint = method.projection(grid);
        if (constraint != null) {
            constraint.setParams(Set.of(site.keyInPart(key)));
            LayerSettings settings = settings(site.partOf(key));
            settings.setConstraints(plus(settings.constraints(), constraint));
        }
    }

    /** A rate in half cells is wrong for an updater of another kind. */
    private ConstraintGuard guard(LayerSite site, int power, LayerSettings settings, @Nullable IUpdater replaced) {
        IUpdater updater = target.updater() != null || power > 0 ? settings.updater() : null;
        IUpdater own = updater == null ? null : Uninstallation.unconstrained(updater.clone());
        return new ConstraintGuard(site.name(), own, replaced, null);
    }

    private static List<LayerConstraint> plus(List<LayerConstraint> constraints, LayerConstraint other) {
        List<LayerConstraint> list = new ArrayList<>(constraints);
        list.add(other);
        return list;
    }

    /** Tells every AskewSgd of the layer whether its network has a constraint. */
    static void markConstrained(LayerSite site, boolean constrained) {
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

    /** The numbers that training will use. */
    public static List<String> settings(TrainingMethod method) {
        Target target = method.target();
        List<String> lines = new ArrayList<>(method.settings());
        lines.add(scale(target));
        lines.add(optimizer(target));
        return lines;
    }

    private static String scale(Target target) {
        return "scale: " + target.scale();
    }

    private static String optimizer(Target target) {
        return "constrained weights: " + target.optimizerDescription();
    }
}
