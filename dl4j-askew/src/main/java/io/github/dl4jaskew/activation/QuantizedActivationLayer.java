package io.github.dl4jaskew.activation;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer that applies a {@link QuantizedActivation} and keeps the clip: in training each minibatch has its own, and a running
 * average of them, {@code clip <- decay clip + (1 - decay) clip of the batch}, is used at inference. The first minibatch sets
 * the average; before it, inference has the minibatch's clip, too.
 *
 * <pre>{@code
 * .layer(new ConvolutionLayer.Builder(5, 5).nOut(20).hasBias(false).activation(Activation.IDENTITY).build())
 * .layer(new BatchNormalization())
 * .layer(new QuantizedActivationLayer(QuantizedActivation.unsigned(4)))
 * }</pre>
 *
 * <p>The average is a parameter of the network, of one number, "clip", that is -1 before the first minibatch. It is moved by
 * an update of its own, as batch norm's mean is. So it is saved, cloned, averaged by ParallelWrapper and Spark and resumed as
 * weights are, bit for bit, and {@code askew.quantize(network, data)} re-estimates it. Gradient sharing sends only updates
 * above a threshold and saves up the rest, so there the average lags behind and then overshoots; estimate it after such a
 * training.
 *
 * <p>Numbers that a mask excludes are among the statistics. DL4J's dropout and constraints have no effect on this layer.
 *
 * @serial exclude
 */
public final class QuantizedActivationLayer extends BaseLayer {

    private static final long serialVersionUID = 1L;

    /** The running average's share of the old value. */
    private static final double DECAY = 0.9;

    private final double decay;

    /**
     * A layer with decay 0.9, as DL4J's batch norm.
     *
     * @param activation without a frozen clip
     * @throws IllegalArgumentException if the clip is frozen
     */
    public QuantizedActivationLayer(QuantizedActivation activation) {
        this(activation, DECAY);
    }

    /**
     * A layer.
     *
     * @param activation a {@link QuantizedActivation} without a frozen clip
     * @param decay the old value's share in the running average, from 0 to below 1
     * @throws IllegalArgumentException if the function is another one, its clip is frozen, or the decay is out of range
     */
    @JsonCreator
    public QuantizedActivationLayer(
            @JsonProperty("activationFn") IActivation activation, @JsonProperty("decay") double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("decay is " + decay + "; allowed are 0 to below 1");
        }
        this.decay = decay;
        this.activationFn = requireUsable(activation);
    }

    private static QuantizedActivation requireUsable(@Nullable IActivation activation) {
        if (!(activation instanceof QuantizedActivation quantized)) {
            throw new IllegalArgumentException("the function of a QuantizedActivationLayer is " + activation
                    + "; it must be a QuantizedActivation");
        }
        if (quantized.clip() != null) {
            throw new IllegalArgumentException(
                    "the clip of " + quantized + " is frozen, so there is nothing to keep; use an ActivationLayer");
        }
        return quantized;
    }

    /** {@return the function, without a frozen clip} */
    public QuantizedActivation activation() {
        return requireUsable(activationFn);
    }

    /** {@return the old value's share in the running average, from 0 to below 1} */
    public double getDecay() {
        return decay;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if it is not a {@link QuantizedActivation} without a frozen clip
     */
    @Override
    public void setActivationFn(IActivation function) {
        this.activationFn = requireUsable(function);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialize,
            DataType type) {
        RunningClipLayer layer = new RunningClipLayer(conf, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(conf, parameters, initialize));
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return RunningClip.INSTANCE;
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
        return Objects.requireNonNull(input, "input type");
    }

    @Override
    public void setNIn(InputType input, boolean override) {
        // any size will do
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    public @Nullable List<Regularization> getRegularizationByParam(String name) {
        return null;
    }

    @Override
    public IUpdater getUpdaterByParam(String name) {
        return new NoOp();
    }

    @Override
    public GradientNormalization getGradientNormalization() {
        return GradientNormalization.None;
    }

    @Override
    public boolean isPretrainParam(String name) {
        return false;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType input) {
        long values = input.arrayElementsPerExample();
        return new LayerMemoryReport.Builder(layerName, QuantizedActivationLayer.class, input, input)
                .standardMemory(1, 0)
                .workingMemory(0, values, 0, 3 * values)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuantizedActivationLayer that && super.equals(that) && decay == that.decay;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), decay);
    }

    @Override
    public String toString() {
        return "QuantizedActivationLayer(" + activationFn + ", decay " + decay + ")";
    }
}
