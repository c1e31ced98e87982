package io.github.dl4jaskew.activation;

import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What DL4J runs for a {@link QuantizedActivationLayer}. Not thread safe, as no layer of DL4J is.
 *
 * @serial exclude
 */
public final class RunningClipLayer extends BaseLayer<QuantizedActivationLayer> {

    private static final long serialVersionUID = 1L;

    /** The running average before the first minibatch. */
    public static final double NO_CLIP = -1;

    private double batchClip = Double.NaN;
    private double usedClip = Double.NaN;
    private boolean trained;

    RunningClipLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    /**
     * {@return the running average, which is the clip at inference, or a negative number before the first minibatch}
     */
    public double clip() {
        return getParam(RunningClip.KEY).getDouble(0);
    }

    /**
     * Replaces the running average.
     *
     * @param clip at least 0 and finite, or {@link #NO_CLIP}
     * @throws IllegalArgumentException if the clip is another number
     */
    public void setClip(double clip) {
        if (clip != NO_CLIP && !(clip >= 0 && clip <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "clip is " + clip + "; allowed are 0 to the largest float, and " + NO_CLIP + " for none");
        }
        getParam(RunningClip.KEY).assign(clip);
    }

    /**
     * {@return the clip of the last minibatch that went forward in training, or before there was a running average; NaN
     * before there was such a minibatch}
     */
    public double batchClip() {
        return batchClip;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        // a copy always: backprop needs the input, and at inference it may be the user's array
        INDArray x = workspaces.dup(ArrayType.ACTIVATIONS, input.castTo(dataType), input.ordering());
        QuantizedActivation activation = layerConf().activation();
        INDArray values = activation.inner().getActivation(x, training);
        double clip = clip();
        if (!(clip <= Float.MAX_VALUE)) {
            throw new IllegalStateException(layerId() + " has a running clip of " + clip + "; it must be finite");
        }
        if (training || clip < 0) {
            batchClip = activation.clipOf(values);
            clip = batchClip;
        }
        usedClip = clip;
        trained = training;
        return workspaces.leverageTo(
                ArrayType.ACTIVATIONS, activation.quantizer(clip).apply(values));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray x = workspaces.dup(ArrayType.ACTIVATION_GRAD, input.castTo(dataType), input.ordering());
        // after a forward pass at inference, as of a layer frozen with backprop, that is not the batch's
        INDArray delta = layerConf().activation().backprop(x, epsilon, usedClip).getFirst();
        INDArray update =
                Objects.requireNonNull(gradientViews.get(RunningClip.KEY)).assign(trained ? move() : 0);
        Gradient gradient = new DefaultGradient();
        gradient.setGradientFor(RunningClip.KEY, update);
        return new Pair<>(gradient, workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, delta));
    }

    /** What the running average is lowered by. */
    private double move() {
        double clip = clip();
        return (clip < 0 ? 1 : 1 - layerConf().getDecay()) * (clip - batchClip);
    }

    @Override
    public boolean updaterDivideByMinibatch(String name) {
        return false;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public boolean hasBias() {
        return false;
    }
}
