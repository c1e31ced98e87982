package io.github.dl4jaskew.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.updater.AskewSgd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/** {@code setLearningRate} in the middle of a training, on the whole network and on a layer. */
@Tag("training")
class LearningRateMatrixTest {

    @TempDir
    private Path directory;

    private static void set(Model network, double rate) {
        if (network instanceof MultiLayerNetwork list) {
            list.setLearningRate(rate);
        } else {
            ((ComputationGraph) network).setLearningRate(rate);
        }
    }

    private static void set(Model network, ISchedule rate) {
        if (network instanceof MultiLayerNetwork list) {
            list.setLearningRate(rate);
        } else {
            ((ComputationGraph) network).setLearningRate(rate);
        }
    }

    private static void setHidden(Model network, double rate) {
        if (network instanceof MultiLayerNetwork list) {
            list.setLearningRate(0, rate);
        } else {
            ((ComputationGraph) network).setLearningRate("hidden", rate);
        }
    }

    private static Double hiddenRate(Model network) {
        return network instanceof MultiLayerNetwork list
                ? list.getLearningRate(0)
                : ((ComputationGraph) network).getLearningRate("hidden");
    }

    static Stream<Arguments> cases() {
        Consumer<Model> all = n -> set(n, 0.004);
        Consumer<Model> hidden = n -> setHidden(n, 0.004);
        Consumer<Model> schedule = n -> set(n, Setting.cosine(0.02, 60));
        Setting adam = Setting.named("Adam").updater(n -> new Adam(0.1));
        Setting sgd = Setting.named("Sgd").updater(n -> new Sgd(0.3));
        Setting askew = Setting.named("AskewSgd").updaters(n -> new Sgd(0.3), n -> new AskewSgd(0.3));
        Setting momentum = Setting.named("AskewSgd with momentum")
                .updaters(n -> new Nesterovs(0.1, 0.9), n -> new AskewSgd(0.1, 0.9));
        Setting own = adam.renamed("the recipe's updater").recipe(r -> r.updater(new Adam(0.1)));
        Setting cells = adam.renamed("the recipe's updater, in cells")
                .recipe(r -> r.updater(new Adam(0.2)).learningRateUnit(LearningRateUnit.CELL));
        Stream<Arguments> rates = Stream.of(adam, sgd, askew, momentum, own, cells)
                .flatMap(setting -> Stream.of(
                        Arguments.of(setting.midway(all), "whole network"),
                        Arguments.of(setting.midway(hidden), "one layer")));
        Stream<Arguments> schedules =
                Stream.of(askew, cells).map(setting -> Arguments.of(setting.midway(schedule), "schedule"));
        return Stream.concat(rates, schedules)
                .flatMap(a -> Stream.of(Kind.values()).map(kind -> Arguments.of(a.get()[0], a.get()[1], kind)));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("cases")
    void isTakenOverAndSaved(Setting setting, String where, Kind kind) throws IOException {
        boolean exactInDl4j = new Trial(setting, kind, false).run(directory).resumesExactly();
        assertThat(exactInDl4j).isTrue();
        Trial.Outcome outcome = new Trial(setting, kind, true).run(directory);
        assertThat(outcome.resumesExactly()).isTrue();
        assertThat(hiddenRate(outcome.network())).isLessThan(0.005);
    }

    /** In DL4J a bias updater keeps its rate; the recipe's updater makes one of the network's. */
    @ParameterizedTest
    @EnumSource
    void leavesTheBiasesBesideTheRecipesUpdaterAlone(Kind kind) {
        Setting setting = Setting.named("own").updater(n -> new Sgd(0.05)).recipe(r -> r.updater(new Sgd(0.1)));
        Model network = new Trial(setting, kind, true).network();
        set(network, 0.01);
        var conf = (BaseLayer) kind.layer(network, "hidden").conf().getLayer();
        assertThat(conf.getIUpdater()).isEqualTo(new Sgd(0.01));
        assertThat(conf.getBiasUpdater()).isEqualTo(new Sgd(0.05));
    }

    @ParameterizedTest
    @EnumSource
    void refusesARateThatAlphaMakesOvershoot(Kind kind) {
        Setting setting = Setting.named("alpha").updater(n -> new Sgd(0.1)).recipe(r -> r.alpha(5));
        Trial trial = new Trial(setting, kind, true);
        Model network = trial.network();
        trial.half(network);
        set(network, 0.5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trial.half(network))
                .withMessageContaining("layer 'hidden', parameter 'W', iteration 30")
                .withMessageContaining("rho (alpha times the learning rate) is 2.5; allowed is 0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> set(new Trial(setting.updater(n -> new AskewSgd(0.1)), kind, true).network(), -1))
                .withMessageContaining("learning rate is -1.0");
    }
}
