package io.github.dl4jaskew.examples.study.robustness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.examples.report.ResultsFile;
import io.github.dl4jaskew.grid.Grid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The study of robustness, on one unit and forty points. */
@Tag("training")
class RobustnessTest {

    private static final String UNIT = "a unit";
    private static final Set<Contender> ALL = EnumSet.allOf(Contender.class);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "ACCURACY, 95, 95, true",
        "ACCURACY, 94.7, 95, true",
        "ACCURACY, 94.6, 95, false",
        "ACCURACY, 99, 95, true",
        "MSE, 1.3, 1, true",
        "MSE, 1.31, 1, false",
        "MSE, 0.1, 1, true"
    })
    void isAsGood(Metric metric, double value, double best, boolean holds) {
        assertThat(metric.holds(value, best)).isEqualTo(holds);
    }

    @Test
    void anyTrainingIsBetterThanOneThatDiverged() {
        assertThat(Metric.ACCURACY.isBetter(0.1, Metric.ACCURACY.worst())).isTrue();
        assertThat(Metric.MSE.isBetter(1e30, Metric.MSE.worst())).isTrue();
        assertThat(Metric.MSE.isBetter(2, 1)).isFalse();
    }

    /** The best of the values is at a rate; the list is 1, 2, 4. */
    @ParameterizedTest
    @CsvSource({"2, 2, 3", "4, 4, 4", "16, 16, 6", "1000, 32, 6", "1, 1, 4", "0.25, 0.25, 6", "0.001, 0.125, 6"})
    void aListOfRatesIsContinuedWhereItsEndIsTheBest(double peak, double chosen, int tried) throws IOException {
        DoubleUnaryOperator off = rate -> Math.abs(Math.log(rate / peak));
        for (Metric metric : Metric.values()) {
            List<Double> seen = new ArrayList<>();
            double rate = Rates.best(List.of(1.0, 2.0, 4.0), metric, r -> {
                seen.add(r);
                double error = off.applyAsDouble(r);
                return metric == Metric.ACCURACY ? 100 - error : error;
            });
            assertThat(rate).isEqualTo(chosen, within(1e-12));
            assertThat(seen.stream().distinct()).hasSize(tried);
        }
    }

    @Test
    void whereAllDivergeTheListGoesOnDownwards() throws IOException {
        assertThat(Rates.best(List.of(1.0, 2.0), Metric.MSE, rate -> Metric.MSE.worst()))
                .isEqualTo(0.125);
    }

    @Test
    void aRunThatWasStoppedGoesOnAndOneThatIsDoneTrainsNothing() throws Exception {
        run();
        List<Figure> all = figures();
        assertThat(all.stream().map(Figure::method).distinct()).hasSize(Contender.values().length);
        String table = Files.readString(directory.resolve("robustness.md"));
        assertThat(table).contains(UNIT, "| binary |");
        assertThat(new FigureFile(file()).count(UNIT, Grid.binary().toString()))
                .isEqualTo(all.stream().filter(f -> !f.grid().equals("none")).count());

        run();
        assertThat(figures()).isEqualTo(all);

        List<Figure> half = all.subList(0, all.size() / 2);
        ResultsFile.write(file(), half);
        run();
        assertThat(figures()).isEqualTo(all);
        assertThat(directory.resolve("robustness.md")).hasContent(table);
    }

    @Test
    void runsTheCellsThatAreWantedOnly() throws Exception {
        Robustness one = study(cell -> cell.equals("robustness/a unit/ternary"));
        one.run();
        assertThat(Files.readString(directory.resolve("robustness.md")))
                .contains("| grid | float | from-trained |", "| ternary |")
                .doesNotContain("binary");
        assertThat(figures().stream().map(Figure::grid).distinct()).containsOnly("none", "ternary");
        assertThat(one.isEmpty()).isFalse();
        assertThat(study(cell -> false).isEmpty()).isTrue();
    }

    private Robustness study(Predicate<String> wanted) throws IOException {
        return new Robustness(
                List.of(unit()),
                List.of(Grid.binary(), Grid.ternary()),
                wanted,
                EnumSet.of(Contender.FLOAT, Contender.FROM_TRAINED),
                1,
                directory,
                1);
    }

    @Test
    void figuresOfAnotherVersionAreRunAgain() throws Exception {
        run();
        List<Figure> all = figures();
        String recipe = Contender.FROM_SCRATCH.label();
        ResultsFile.write(
                file(),
                all.stream().map(f -> f.method().equals(recipe) ? old(f) : f).toList());
        run();
        List<Figure> again = figures();
        assertThat(again.stream().filter(f -> f.method().equals(recipe) && f.isOfToday()))
                .hasSize(2)
                .allMatch(f -> f.value() != -1);
        assertThat(again).as("the old ones stay").hasSize(all.size() + 2);
    }

    @ParameterizedTest
    @CsvSource({
        "BINARYCONNECT, 5, 5, 0, 5",
        "BINARYCONNECT_DELAYED, 5, 2, 0, 3",
        "BINARYCONNECT_DELAYED, 1, 1, 0, 1",
        "BINARYCONNECT_TRAINED, 5, 5, 0, 5",
        "BINARYCONNECT_TRAINED_DELAYED, 8, 8, 2, 6",
        "BINARYCONNECT_TRAINED_DELAYED, 1, 1, 1, 1",
        "BINARYCONNECT_BRIEFLY, 20, 20, 0, 2",
        "FROM_TRAINED_BRIEFLY, 8, 8, 0, 1"
    })
    void lengthsOfTrainings(Contender contender, int epochs, int inFloat, int further, int quantized) {
        assertThat(contender.floatEpochs(epochs)).isEqualTo(inFloat);
        assertThat(contender.furtherFloatEpochs(epochs)).isEqualTo(further);
        assertThat(contender.quantizedEpochs(epochs)).isEqualTo(quantized);
    }

    private static Figure old(Figure f) {
        return new Figure(
                f.network(),
                f.grid(),
                f.method(),
                f.seed(),
                -1,
                f.metric(),
                f.learningRate(),
                f.floatLearningRate(),
                f.version() - 1);
    }

    @Test
    void aFileWithoutVersionsIsOfVersionZero() throws IOException {
        Files.writeString(file(), """
                [{"network": "n", "grid": "g", "method": "float", "seed": 1, "value": 2.5, "metric": "m",
                  "learning_rate": 0.1, "float_learning_rate": 0.1}]""");
        FigureFile known = new FigureFile(file());
        assertThat(known.find(figure(0)).orElseThrow().value()).isEqualTo(2.5);
        assertThat(known.find(figure(1))).isEmpty();
    }

    private static Figure figure(int version) {
        return new Figure("n", "g", "float", 1, 0, "m", 0.1, 0.1, version);
    }

    private void run() throws Exception {
        new Robustness(List.of(unit()), List.of(Grid.binary()), cell -> true, ALL, 2, directory, 1).run();
    }

    private Path file() {
        return directory.resolve("robustness.json");
    }

    private List<Figure> figures() throws IOException {
        return List.of(ResultsFile.read(file(), Figure[].class, new Figure[0]));
    }

    private static Subject unit() {
        float[][] inputs = new float[40][2];
        float[][] values = new float[40][1];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i][0] = i % 7 - 3;
            inputs[i][1] = i % 5 - 2;
            values[i][0] = inputs[i][0] - inputs[i][1];
        }
        DataSet data = new DataSet(Nd4j.create(inputs), Nd4j.create(values));
        return new Subject(
                UNIT,
                Metric.MSE,
                b -> b.list()
                        .layer(new OutputLayer.Builder(LossFunction.MSE)
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .build())
                        .setInputType(InputType.feedForward(2))
                        .build(),
                data,
                data,
                8,
                2);
    }
}
