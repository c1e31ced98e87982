package io.github.dl4jaskew.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.updater.AskewSgd;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Nesterovs;

/** {@code clone()} half way: goes on as the original does, and does not touch it. */
@Tag("training")
class CopyMatrixTest {

    private static final List<Setting> SETTINGS = List.of(
            Setting.named("Adam"),
            Setting.named("batch norm").withBatchNorm(),
            Setting.named("the recipe's updater, in cells").recipe(RecipeSettings::inCells),
            Setting.named("AskewSgd with momentum")
                    .updaters(
                            n -> new Nesterovs(Setting.cosine(0.1, n), 0.9),
                            n -> new AskewSgd(Setting.cosine(0.1, n), 0.9)));

    static Stream<Arguments> cases() {
        return SETTINGS.stream().flatMap(s -> Stream.of(Kind.values()).map(k -> Arguments.of(s, k)));
    }

    private static Model copy(Model network) {
        return network instanceof MultiLayerNetwork list ? list.clone() : ((ComputationGraph) network).clone();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void goesOnAsInDl4j(Setting setting, Kind kind) {
        // A graph's clone() begins to count at 0: its schedules start anew.
        assertThat(goesOnExactly(new Trial(setting, kind, false), kind, false)).isEqualTo(kind == Kind.LIST);
        assertThat(goesOnExactly(new Trial(setting, kind, true), kind, false)).isEqualTo(kind == Kind.LIST);
        assertThat(goesOnExactly(new Trial(setting, kind, true), kind, true)).isTrue();
    }

    private static boolean goesOnExactly(Trial trial, Kind kind, boolean setCounts) {
        Model network = trial.network();
        trial.half(network);
        Model copy = copy(network);
        if (setCounts && copy instanceof ComputationGraph graph) {
            graph.getConfiguration().setIterationCount(((ComputationGraph) network).getIterationCount());
            graph.getConfiguration().setEpochCount(((ComputationGraph) network).getEpochCount());
        }
        Trial.State before = Trial.State.of(kind, network);
        trial.half(copy);
        assertThat(Trial.State.of(kind, network).isEqualTo(before))
                .as("the original is untouched")
                .isTrue();
        trial.half(network);
        return Trial.State.of(kind, copy).isEqualTo(Trial.State.of(kind, network));
    }
}
