package io.github.dl4jaskew.internal.network;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/** The training settings of a layer's configuration, whose two base classes share no interface. */
public final class LayerSettings {

    private final Layer conf;

    private LayerSettings(Layer conf) {
        this.conf = conf;
    }

    /** The settings, or null for a layer that has none because it trains no parameters. */
    public static @Nullable LayerSettings of(Layer conf) {
        return conf instanceof BaseLayer || conf instanceof AbstractSameDiffLayer ? new LayerSettings(conf) : null;
    }

    private @Nullable BaseLayer base() {
        return conf instanceof BaseLayer layer ? layer : null;
    }

    private AbstractSameDiffLayer sameDiff() {
        return (AbstractSameDiffLayer) conf;
    }

    public List<Regularization> regularization() {
        BaseLayer base = base();
        List<Regularization> list =
                base != null ? base.getRegularization() : sameDiff().getRegularization();
        return list == null ? List.of() : list;
    }

    public void setRegularization(List<Regularization> list) {
        BaseLayer base = base();
        if (base != null) {
            base.setRegularization(list);
        } else {
            sameDiff().setRegularization(list);
        }
    }

    public List<LayerConstraint> constraints() {
        List<LayerConstraint> list = conf.getConstraints();
        return list == null ? List.of() : list;
    }

    /** Sets the constraints; none are null, as DL4J has it. */
    public void setConstraints(List<LayerConstraint> list) {
        conf.setConstraints(list.isEmpty() ? null : new ArrayList<>(list));
    }

    /** Adds a regularization behind the others, such as weight decay. */
    public void append(Regularization regularization) {
        List<Regularization> list = new ArrayList<>(regularization());
        list.add(regularization);
        setRegularization(list);
    }

    @Nullable
    public IUpdater updater() {
        BaseLayer base = base();
        return base != null ? base.getIUpdater() : sameDiff().getUpdater();
    }

    public void setUpdater(@Nullable IUpdater updater) {
        BaseLayer base = base();
        if (base != null) {
            base.setIUpdater(updater);
        } else {
            sameDiff().setUpdater(updater);
        }
    }

    @Nullable
    public IUpdater biasUpdater() {
        BaseLayer base = base();
        return base != null ? base.getBiasUpdater() : sameDiff().getBiasUpdater();
    }

    public void setBiasUpdater(@Nullable IUpdater updater) {
        BaseLayer base = base();
        if (base != null) {
            base.setBiasUpdater(updater);
        } else {
            sameDiff().setBiasUpdater(updater);
        }
    }

    /** What the forward pass sees instead of the weights; SameDiff layers have no such thing. */
    @Nullable
    public IWeightNoise weightNoise() {
        BaseLayer base = base();
        return base == null ? null : base.getWeightNoise();
    }

    public void setWeightNoise(@Nullable IWeightNoise noise) {
        BaseLayer base = base();
        if (base != null) {
            base.setWeightNoise(noise);
        }
    }
}
