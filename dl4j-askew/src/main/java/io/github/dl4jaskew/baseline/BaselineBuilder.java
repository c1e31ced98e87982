package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.install.Target;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/** What all builders here have in common; grid, scale and layers have the defaults of {@link io.github.dl4jaskew.Askew.Builder}. */
abstract class BaselineBuilder<B extends BaselineBuilder<B>> {

    private Grid grid = Grid.binary();
    private Scale scale = Scale.mse();
    private Layers layers = Layers.all();
    private @Nullable IUpdater updater;
    private @Nullable LearningRateUnit unit;
    private @Nullable Double initialScale;

    abstract B self();

    /**
     * The levels. Default: {@link Grid#binary()}.
     *
     * @param value the grid
     * @return this
     */
    public B grid(Grid value) {
        grid = Objects.requireNonNull(value);
        return self();
    }

    /**
     * How the levels are scaled, once, at the installation. Default: {@link Scale#mse()}, per tensor.
     *
     * @param value the estimator
     * @return this
     */
    public B scale(Scale value) {
        scale = Objects.requireNonNull(value);
        return self();
    }

    /**
     * Which layers are constrained. Default: {@link Layers#all()}.
     *
     * @param value the selection
     * @return this
     */
    public B layers(Layers value) {
        layers = Objects.requireNonNull(value);
        return self();
    }

    final void setUpdater(IUpdater value) {
        updater = Objects.requireNonNull(value);
    }

    final void setUnit(LearningRateUnit value) {
        unit = Objects.requireNonNull(value);
    }

    final void setInitialScale(double value) {
        initialScale = value;
    }

    final Target target() {
        LearningRateUnit byDefault = updater == null ? LearningRateUnit.WEIGHT : LearningRateUnit.CELL;
        return new Target(grid, scale, layers, updater, unit == null ? byDefault : unit, initialScale);
    }
}
