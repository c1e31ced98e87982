package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.internal.network.Draft;
import io.github.dl4jaskew.internal.network.LayerSite;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.quantized.Deployment;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/** Installs a {@link TrainingMethod} on networks. Immutable and thread safe. */
public final class Installer {

    private final TrainingMethod method;

    /** Creates an installer of a method. */
    public Installer(TrainingMethod method) {
        this.method = Objects.requireNonNull(method);
    }

    /** Installs on a network, after a check of the plan, which may refuse it. */
    public AskewPlan install(Model model, Consumer<AskewPlan> check) {
        Network network = requireInitialised(model);
        Draft draft = network.draft();
        draft.restart().run();
        Installation installation = installation(draft);
        AskewPlan plan = installation.run(check);
        draft.commit().run();
        network.renewUpdater(method.target().updater() == null);
        InitialShrinkage start = installation.start();
        return start == null ? plan : start.apply(MeasuredParameter.of(model), plan);
    }

    /** Installs on a configuration. */
    public AskewPlan install(MultiLayerConfiguration configuration) {
        return install(Network.draft(configuration));
    }

    /** Installs on a configuration. */
    public AskewPlan install(ComputationGraphConfiguration configuration) {
        return install(Network.draft(configuration));
    }

    private AskewPlan install(Draft draft) {
        Installation installation = installation(draft);
        AskewPlan plan = installation.run(p -> {});
        draft.commit().run();
        InitialShrinkage start = installation.start();
        return start == null ? plan : start.leaveOut(plan);
    }

    private Installation installation(Draft draft) {
        return installation(draft.sites(), draft.network());
    }

    private Installation installation(List<LayerSite> sites, Model shown) {
        return new Installation(method, sites, Network.of(shown)::hasBatchNormBehind, Deployment.of(shown));
    }

    /** {@return what an installation would do} */
    public AskewPlan plan(Model model) {
        Network network = requireInitialised(model);
        Installation installation = installation(network.sites(), model);
        AskewPlan plan = installation.plan();
        InitialShrinkage start = installation.start();
        return start == null ? plan : start.note(plan);
    }

    private static Network requireInitialised(Model model) {
        Network network = Network.of(model);
        if (!network.isInitialised()) {
            throw new IllegalStateException("call init() on the network before install");
        }
        return network;
    }
}
