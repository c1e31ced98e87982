package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.internal.install.Installer;
import io.github.dl4jaskew.internal.install.Quantization;
import io.github.dl4jaskew.internal.install.TrainingMethod;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.quantized.QuantizedModel;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** A method that an {@link Installer} installs. */
abstract class Baseline implements QuantizedTraining {

    private final TrainingMethod method;
    private final Installer installer;

    Baseline(TrainingMethod method) {
        this.method = method;
        this.installer = new Installer(method);
    }

    @Override
    public AskewPlan install(Model network) {
        return installer.install(network, plan -> {});
    }

    @Override
    public AskewPlan plan(Model network) {
        return installer.plan(network);
    }

    @Override
    public AskewPlan install(MultiLayerConfiguration configuration) {
        return installer.install(configuration);
    }

    @Override
    public AskewPlan install(ComputationGraphConfiguration configuration) {
        return installer.install(configuration);
    }

    @Override
    public QuantizedModel quantize(Model network) {
        return Quantization.of(network, null);
    }

    @Override
    public QuantizedModel quantize(Model network, MultiDataSetIterator data) {
        return Quantization.of(network, data);
    }

    @Override
    public String toString() {
        return method.toString();
    }
}
