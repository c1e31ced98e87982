package io.github.dl4jaskew.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Every setting on both kinds of network: it trains, ends on the grid, and resumes exactly where DL4J alone does. */
@Tag("training")
class EngineMatrixTest {

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void regularization(Setting setting, Kind kind) throws IOException {
        trainsEndsOnTheGridAndResumesAsDl4jDoes(setting, kind);
    }

    static Stream<Arguments> regularization() {
        return onBothKinds(RegularizationSettings.ALL);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void updaters(Setting setting, Kind kind) throws IOException {
        trainsEndsOnTheGridAndResumesAsDl4jDoes(setting, kind);
    }

    static Stream<Arguments> updaters() {
        return onBothKinds(UpdaterSettings.ALL);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void memory(Setting setting, Kind kind) throws IOException {
        trainsEndsOnTheGridAndResumesAsDl4jDoes(setting, kind);
    }

    static Stream<Arguments> memory() {
        return onBothKinds(MemorySettings.ALL);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void recipes(Setting setting, Kind kind) throws IOException {
        trainsEndsOnTheGridAndResumesAsDl4jDoes(setting, kind);
    }

    static Stream<Arguments> recipes() {
        return onBothKinds(RecipeSettings.ALL);
    }

    private static Stream<Arguments> onBothKinds(List<Setting> settings) {
        return settings.stream()
                .flatMap(setting ->
                        Stream.of(Kind.values()).filter(setting::suits).map(kind -> Arguments.of(setting, kind)));
    }

    private void trainsEndsOnTheGridAndResumesAsDl4jDoes(Setting setting, Kind kind) throws IOException {
        Trial trial = new Trial(setting, kind, true);
        Model fresh = trial.network();
        DataSet all = Clusters.all(fresh.params().dataType());
        Trial.Outcome outcome = trial.run(directory);
        Model trained = outcome.network();

        requireWithinEpsilon(trained, setting);
        QuantizedModel model = trial.quantize(trained);
        requireOnTheGrid(model, kind);
        assertThat(kind.loss(trained, all)).as("loss, from the first one").isLessThan(kind.loss(fresh, all));

        boolean exactInDl4j = new Trial(setting, kind, false).run(directory).resumesExactly();
        assertThat(exactInDl4j).as("DL4J alone resumes exactly").isEqualTo(setting.plainIsExact());
        assertThat(outcome.resumesExactly() || !exactInDl4j)
                .as("resumes exactly with the constraint, or DL4J alone does not")
                .isTrue();
    }

    private static void requireWithinEpsilon(Model trained, Setting setting) {
        int last = setting.iterations() - 1;
        AskewReport report = new AskewListener().report(trained, last, setting.epochs() - 1);
        double allowed = 1 - report.tau() + setting.freeStep();
        assertThat(report.total().maxDistance()).as("half cells to the grid").isLessThanOrEqualTo(allowed);
    }

    private static void requireOnTheGrid(QuantizedModel model, Kind kind) {
        Model served = model.toNetwork();
        assertThat(model.parameters()).isNotEmpty();
        for (QuantizedParameter p : model.parameters()) {
            ArrayWeights weights =
                    new ArrayWeights(kind.layer(served, p.layer()).getParam(p.name()));
            DataType type = served.params().dataType();
            ScaledGrid grid = p.grid();
            for (long i = 0; i < weights.size(); i++) {
                double level = grid.nearest(grid.channels().of(i), weights.at(i));
                assertThat(weights.at(i)).isEqualTo(Nd4j.scalar(type, level).getDouble(0));
            }
        }
    }
}
