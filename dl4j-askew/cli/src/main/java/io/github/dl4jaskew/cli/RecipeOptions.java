package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.Layers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.FixedSchedule;
import picocli.CommandLine.Option;

/** To what a network is rounded. */
final class RecipeOptions {

    @Option(
            names = "--grid",
            converter = GridOption.class,
            paramLabel = "GRID",
            description = "binary, ternary, uniform1 to uniform8, powers2 to powers6.")
    private @Nullable Grid grid;

    @Option(
            names = "--scale",
            converter = ScaleOption.class,
            paramLabel = "SCALE",
            defaultValue = "mse",
            description = "mse, meanabs, max, sawb, unit or a number. Default: ${DEFAULT-VALUE}.")
    private Scale scale = Scale.mse();

    @Option(names = "--per-channel", description = "One scale for each output channel, not for each parameter.")
    private boolean perChannel;

    @Option(
            names = "--layers",
            split = ",",
            paramLabel = "NAME",
            description = "Layers to quantize. Default: all that have weights.")
    private List<String> layers = new ArrayList<>();

    @Option(names = "--except", split = ",", paramLabel = "NAME", description = "Layers to leave as they are.")
    private List<String> except = new ArrayList<>();

    boolean hasGrid() {
        return grid != null;
    }

    /** The recipe, which nobody will train by. */
    Askew recipe() {
        Askew.Builder builder = Askew.builder()
                .scale(perChannel ? scale.perChannel() : scale)
                .epsilon(new FixedSchedule(1))
                .layers(selection());
        return (grid == null ? builder : builder.grid(grid)).build();
    }

    private Layers selection() {
        Layers chosen = layers.isEmpty() ? Layers.all() : Layers.named(layers.toArray(new String[0]));
        return except.isEmpty() ? chosen : chosen.except(except.toArray(new String[0]));
    }
}
