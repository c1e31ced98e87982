package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.internal.network.ConfigurationSites;
import io.github.dl4jaskew.internal.network.LayerSite;
import io.github.dl4jaskew.internal.network.OwnConfiguration;
import io.github.dl4jaskew.internal.network.UpdaterState;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.quantized.Deployment;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** Installs a {@link TrainingMethod} on networks and makes their quantized models. Immutable and thread safe. */
public final class Installer implements QuantizedTraining {

    private final TrainingMethod method;

    /**
     * An installer.
     *
     * @param method what it installs
     */
    public Installer(TrainingMethod method) {
        this.method = Objects.requireNonNull(method);
    }

    @Override
    public AskewPlan install(MultiLayerNetwork network) {
        return install(network, plan -> {});
    }

    /** Installs after a check of the plan, which may refuse it. */
    public AskewPlan install(MultiLayerNetwork network, Consumer<AskewPlan> check) {
        requireInitialised(network.isInitCalled());
        MultiLayerConfiguration own = OwnConfiguration.copyOf(network.getLayerWiseConfigurations());
        own.setIterationCount(0);
        own.setEpochCount(0);
        AskewPlan plan =
                new Installation(method, ConfigurationSites.of(own, network), Deployment.of(network)).run(check);
        OwnConfiguration.give(network, own);
        UpdaterState.renew(network, method.target().updater() == null);
        return start(network, plan);
    }

    @Override
    public AskewPlan install(ComputationGraph network) {
        return install(network, plan -> {});
    }

    /** Installs after a check of the plan, which may refuse it. */
    public AskewPlan install(ComputationGraph network, Consumer<AskewPlan> check) {
        requireInitialised(network.getVertices() != null);
        ComputationGraphConfiguration own = OwnConfiguration.copyOf(network.getConfiguration());
        own.setIterationCount(0);
        own.setEpochCount(0);
        AskewPlan plan =
                new Installation(method, ConfigurationSites.of(own, network), Deployment.of(network)).run(check);
        OwnConfiguration.give(network, own);
        UpdaterState.renew(network, method.target().updater() == null);
        return start(network, plan);
    }

    @Override
    public AskewPlan install(MultiLayerConfiguration configuration) {
        MultiLayerNetwork probe = new MultiLayerNetwork(configuration.clone());
        probe.init();
        MultiLayerConfiguration own = OwnConfiguration.copyOf(configuration);
        AskewPlan plan = new Installation(method, ConfigurationSites.of(own, probe), Deployment.of(probe)).run(p -> {});
        configuration.setConfs(own.getConfs());
        return withoutStart(plan);
    }

    @Override
    public AskewPlan install(ComputationGraphConfiguration configuration) {
        ComputationGraph probe = new ComputationGraph(configuration.clone());
        probe.init();
        ComputationGraphConfiguration own = OwnConfiguration.copyOf(configuration);
        AskewPlan plan = new Installation(method, ConfigurationSites.of(own, probe), Deployment.of(probe)).run(p -> {});
        configuration.setVertices(own.getVertices());
        return withoutStart(plan);
    }

    private AskewPlan start(Model network, AskewPlan plan) {
        StartSpread start = method.target().start();
        return start == null ? plan : start.apply(MeasuredParameter.of(network), plan);
    }

    private AskewPlan withoutStart(AskewPlan plan) {
        StartSpread start = method.target().start();
        return start == null ? plan : start.leaveOut(plan);
    }

    @Override
    public AskewPlan plan(MultiLayerNetwork network) {
        requireInitialised(network.isInitCalled());
        return plan(LayerSite.of(network), Deployment.of(network));
    }

    @Override
    public AskewPlan plan(ComputationGraph network) {
        requireInitialised(network.getVertices() != null);
        return plan(LayerSite.of(network), Deployment.of(network));
    }

    private AskewPlan plan(List<LayerSite> sites, Deployment deployment) {
        AskewPlan plan = new Installation(method, sites, deployment).plan();
        StartSpread start = method.target().start();
        return start == null ? plan : start.note(plan);
    }

    private static void requireInitialised(boolean initialised) {
        if (!initialised) {
            throw new IllegalStateException("call init() on the network before install");
        }
    }

    @Override
    public QuantizedModel quantize(MultiLayerNetwork network) {
        return Quantization.of(network, null);
    }

    @Override
    public QuantizedModel quantize(MultiLayerNetwork network, DataSetIterator data) {
        return Quantization.of(network, data);
    }

    @Override
    public QuantizedModel quantize(ComputationGraph network) {
        return Quantization.of(network, null);
    }

    @Override
    public QuantizedModel quantize(ComputationGraph network, DataSetIterator data) {
        return Quantization.of(network, new MultiDataSetIteratorAdapter(data));
    }

    @Override
    public QuantizedModel quantize(ComputationGraph network, MultiDataSetIterator data) {
        return Quantization.of(network, data);
    }
}
