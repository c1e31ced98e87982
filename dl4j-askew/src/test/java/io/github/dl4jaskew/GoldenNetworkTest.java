package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.testkit.Nets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Trainings that were saved when version 1 of the constraints' JSON was made. If one of these tests fails, users cannot resume
 * what they have saved: make today's classes read the old file. A later version adds files of its own next to these, written
 * by {@link #main}, and keeps reading them.
 */
class GoldenNetworkTest {

    private static final String RESULTS = "networks-v1.txt";

    /** Writes the networks and the results of their next steps into a directory that exists. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        List<String> lines = new ArrayList<>();
        for (GoldenNetwork golden : GoldenNetwork.values()) {
            MultiLayerNetwork network = golden.today();
            ModelSerializer.writeModel(network, directory.resolve(golden.file()).toFile(), true);
            lines.addAll(GoldenResults.lines(golden.name(), golden.results(network)));
        }
        Files.write(directory.resolve(RESULTS), lines);
    }

    private static MultiLayerNetwork restored(GoldenNetwork golden) throws IOException {
        try (InputStream in = GoldenResults.open(golden.file())) {
            return ModelSerializer.restoreMultiLayerNetwork(in, true);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isRestoredAsItWouldBeInstalledToday(GoldenNetwork golden) throws IOException {
        MultiLayerNetwork today = golden.today();
        MultiLayerNetwork restored = restored(golden);
        assertThat(restored.getLayerWiseConfigurations()).isEqualTo(today.getLayerWiseConfigurations());
        assertThat(InstalledParameter.of(restored)).isEqualTo(InstalledParameter.of(today));
        assertThat(Nets.isConstrained(restored)).isEqualTo(golden != GoldenNetwork.POST_TRAINING);
        assertThat(restored.getIterationCount()).isEqualTo(today.getIterationCount());
        assertThat(Nets.params(restored)).isEqualTo(Nets.params(today));
        assertThat(GoldenNetwork.state(restored)).isEqualTo(GoldenNetwork.state(today));
    }

    @ParameterizedTest
    @EnumSource
    void makesTheStepThatItWouldHaveMade(GoldenNetwork golden) throws IOException {
        assertThat(GoldenResults.lines(golden.name(), golden.results(restored(golden))))
                .isNotEmpty()
                .isEqualTo(GoldenResults.stored(RESULTS, golden.name()));
    }
}
