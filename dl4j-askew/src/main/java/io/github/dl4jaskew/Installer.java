package io.github.dl4jaskew;

import io.github.dl4jaskew.quantized.Deployment;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.util.Objects;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

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
    AskewPlan install(MultiLayerNetwork network, Consumer<AskewPlan> check) {
        AskewPlan plan = installation(network).run(check);
        network.getLayerWiseConfigurations().setIterationCount(0);
        network.getLayerWiseConfigurations().setEpochCount(0);
        UpdaterState.renew(network, method.target().updater() == null);
        return plan;
    }

    @Override
    public AskewPlan install(ComputationGraph network) {
        return install(network, plan -> {});
    }

    /** Installs after a check of the plan, which may refuse it. */
    AskewPlan install(ComputationGraph network, Consumer<AskewPlan> check) {
        AskewPlan plan = installation(network).run(check);
        network.getConfiguration().setIterationCount(0);
        network.getConfiguration().setEpochCount(0);
        UpdaterState.renew(network, method.target().updater() == null);
        return plan;
    }

    @Override
    public AskewPlan install(MultiLayerConfiguration configuration) {
        MultiLayerNetwork probe = new MultiLayerNetwork(configuration.clone());
        probe.init();
        return new Installation(method, ConfigurationSites.of(configuration, probe), Deployment.of(probe))
                .run(plan -> {});
    }

    @Override
    public AskewPlan install(ComputationGraphConfiguration configuration) {
        ComputationGraph probe = new ComputationGraph(configuration.clone());
        probe.init();
        return new Installation(method, ConfigurationSites.of(configuration, probe), Deployment.of(probe))
                .run(plan -> {});
    }

    @Override
    public AskewPlan plan(MultiLayerNetwork network) {
        return installation(network).plan();
    }

    @Override
    public AskewPlan plan(ComputationGraph network) {
        return installation(network).plan();
    }

    private Installation installation(MultiLayerNetwork network) {
        requireInitialised(network.isInitCalled());
        return new Installation(method, LayerSite.of(network), Deployment.of(network));
    }

    private Installation installation(ComputationGraph network) {
        requireInitialised(network.getVertices() != null);
        return new Installation(method, LayerSite.of(network), Deployment.of(network));
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
        return Quantization.of(network, data);
    }
}
