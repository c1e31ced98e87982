package io.github.dl4jaskew.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.testkit.Paired;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The programs that average over seeds. */
@Tag("training")
class StudiesTest {

    @TempDir
    Path directory;

    @Test
    void twoMoonsComparesWithAll512Networks() throws IOException {
        assertThat(ForecastStudy.run("--seeds", "0", "--results", directory.toString()))
                .isNotZero();
        assertThat(TwoMoonsStudy.run("--seeds", "2", "--epochs", "4", "--results", directory.toString()))
                .isZero();
        JsonNode summary = read("twomoons.json");
        assertThat(summary.get("seeds").asInt()).isEqualTo(2);
        JsonNode losses = summary.get("test_loss");
        for (String model :
                List.of("float", "rounded", "askew", "best of 512 on training points", "best of 512 on test points")) {
            assertThat(losses.get(model).get("mean").asDouble())
                    .as(model)
                    .isPositive()
                    .isFinite();
        }
        for (JsonNode run : summary.get("runs")) {
            assertThat(run.get("on_grid").asBoolean()).isTrue();
            // AskewSGD's network is one of the 512, so that none of them can be better than the best
            assertThat(run.get("askew_train_loss").asDouble())
                    .isGreaterThan(run.get("search_train_loss").asDouble() - 1e-5);
            assertThat(run.get("askew").asDouble())
                    .isGreaterThan(run.get("search_best_on_test").asDouble() - 1e-5);
        }
        double mean = (summary.get("runs").get(0).get("askew").asDouble()
                        + summary.get("runs").get(1).get("askew").asDouble())
                / 2;
        assertThat(losses.get("askew").get("mean").asDouble()).isEqualTo(mean, within(1e-12));
    }

    @Test
    void logisticRecoversTheTruth() throws IOException {
        assertThat(LogisticStudy.run("--seeds", "5", "--epochs", "40", "--results", directory.toString()))
                .isZero();
        JsonNode summary = read("logistic.json");
        assertThat(summary.get("recovered").asInt()).isGreaterThanOrEqualTo(4);
        assertThat(summary.get("runs").get(0).get("on_grid").asBoolean()).isTrue();
    }

    @Test
    void forecastOfManyBitsIsRight() throws IOException {
        assertThat(ForecastStudy.run(
                        "--train",
                        "200",
                        "--test",
                        "60",
                        "--epochs",
                        "1",
                        "--seeds",
                        "5",
                        "--results",
                        directory.toString()))
                .isZero();
        JsonNode rows = read("forecast.json");
        assertThat(rows).hasSize(25);
        assertThat(rows.get(0).get("seed").asLong() + 1)
                .isEqualTo(rows.get(5).get("seed").asLong());
        for (JsonNode row : rows) {
            assertThat(row.get("examples").asInt()).isEqualTo(60);
            assertThat(row.get("both").asInt())
                    .isBetween(
                            0,
                            Math.min(
                                    row.get("changed").asInt(),
                                    row.get("forecast").asInt()));
        }
        assertThat(rows.get(5).get("grid")).isEqualTo(rows.get(0).get("grid"));
        // what is not linear in the change of the weights is the smaller, the smaller the change
        Paired.requireWins(
                "8 bits, 4 bits",
                Paired.seeds(seed -> new Paired(
                        correlation(rows, seed, 4, "rank_correlation"),
                        correlation(rows, seed, 3, "rank_correlation"))));
        Paired.requireWins(
                "4 bits, forecast and float margin",
                Paired.seeds(seed -> new Paired(
                        correlation(rows, seed, 3, "rank_correlation"),
                        correlation(rows, seed, 3, "rank_correlation_of_float_margin"))));
    }

    private static double correlation(JsonNode rows, int seed, int grid, String name) {
        return rows.get(5 * (seed - 1) + grid).get(name).asDouble();
    }

    @Test
    void noSeedIsRefused() {
        assertThat(LogisticStudy.run("--seeds", "0", "--results", directory.toString()))
                .isNotZero();
        assertThat(TwoMoonsStudy.run("--seeds", "0", "--results", directory.toString()))
                .isNotZero();
    }

    private JsonNode read(String name) throws IOException {
        return new ObjectMapper().readTree(directory.resolve(name).toFile());
    }
}
