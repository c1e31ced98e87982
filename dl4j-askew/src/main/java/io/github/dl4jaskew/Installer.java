package io.github.dl4jaskew;

import io.github.dl4jaskew.quantized.QuantizedModel;
import java.util.Objects;
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
        if (!network.isInitCalled()) {
            throw new IllegalStateException("call init() on the network before install");
        }
        MultiLayerConfiguration own = OwnConfiguration.copyOf(network.getLayerWiseConfigurations());
        own.setIterationCount(0);
        own.setEpochCount(0);
        AskewPlan plan = new Installation(method, ConfigurationSites.of(own, network)).run();
        OwnConfiguration.give(network, own);
        UpdaterState.renew(network, method.target().updater() == null);
        return start(network, plan);
    }

    @Override
    public AskewPlan install(ComputationGraph network) {
        if (network.getVertices() == null) {
            throw new IllegalStateException("call init() on the network before install");
        }
        ComputationGraphConfiguration own = OwnConfiguration.copyOf(network.getConfiguration());
        own.setIterationCount(0);
        own.setEpochCount(0);
        AskewPlan plan = new Installation(method, ConfigurationSites.of(own, network)).run();
        OwnConfiguration.give(network, own);
        UpdaterState.renew(network, method.target().updater() == null);
        return start(network, plan);
    }

    @Override
    public AskewPlan install(MultiLayerConfiguration configuration) {
        MultiLayerNetwork probe = new MultiLayerNetwork(configuration.clone());
        probe.init();
        MultiLayerConfiguration own = OwnConfiguration.copyOf(configuration);
        AskewPlan plan = new Installation(method, ConfigurationSites.of(own, probe)).run();
        configuration.setConfs(own.getConfs());
        return withoutStart(plan);
    }

    @Override
    public AskewPlan install(ComputationGraphConfiguration configuration) {
        ComputationGraph probe = new ComputationGraph(configuration.clone());
        probe.init();
        ComputationGraphConfiguration own = OwnConfiguration.copyOf(configuration);
        AskewPlan plan = new Installation(method, ConfigurationSites.of(own, probe)).run();
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

    /**
     * What {@link #install(MultiLayerNetwork)} would do. Changes nothing.
     *
     * @param network an initialised network
     * @return the plan
     * @throws IllegalArgumentException as for an installation
     * @throws IllegalStateException as for an installation
     */
    public AskewPlan plan(MultiLayerNetwork network) {
        if (!network.isInitCalled()) {
            throw new IllegalStateException("call init() on the network before install");
        }
        return new Installation(method, LayerSite.of(network)).plan();
    }

    /**
     * What {@link #install(ComputationGraph)} would do. Changes nothing.
     *
     * @param network an initialised graph
     * @return the plan
     * @throws IllegalArgumentException as for an installation
     * @throws IllegalStateException as for an installation
     */
    public AskewPlan plan(ComputationGraph network) {
        if (network.getVertices() == null) {
            throw new IllegalStateException("call init() on the network before install");
        }
        return new Installation(method, LayerSite.of(network)).plan();
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
