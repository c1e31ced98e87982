package io.github.dl4jaskew.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What needs no network of DL4J's works in a JVM that has none of ND4J's natives. */
class WithoutNativesTest {

    @TempDir
    Path directory;

    private Path packed;

    @BeforeEach
    void pack() throws IOException {
        packed = directory.resolve("model.askew");
        Path zip = directory.resolve("model.zip");
        Saved.write(zip, Saved.mlp(), Saved.normalizer());
        assertThat(CliRun.of("pack", zip, "--grid", "ternary", "--labels", "cat,dog,hen", "-o", packed)
                        .exitCode())
                .isZero();
    }

    @Tag("slow")
    @Test
    void inspectAndPredict() throws IOException, InterruptedException {
        assertThat(run("inspect", packed.toString())).contains("ternary", "labels: cat, dog, hen");

        INDArray features = Saved.features(5);
        Path csv = Saved.csv(directory.resolve("features.csv"), features);
        List<String> lines = run("predict", packed.toString(), "--input", csv.toString())
                .lines()
                .toList();
        Saved.normalizer().transform(features);
        INDArray expected = QuantizedModel.load(packed).output(features);

        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).isEqualTo("cat,dog,hen,label");
        for (int i = 0; i < 5; i++) {
            String[] fields = lines.get(i + 1).split(",");
            for (int k = 0; k < 3; k++) {
                assertThat(Double.parseDouble(fields[k])).isCloseTo(expected.getDouble(i, k), within(1e-5));
            }
        }
    }

    private String run(String... args) throws IOException, InterruptedException {
        String classes = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("nd4j-native"))
                .collect(Collectors.joining(File.pathSeparator));
        Path out = directory.resolve("out.txt");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), AskewCli.class.getName()));
        command.addAll(Arrays.asList(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(directory.resolve("err.txt").toFile());
        builder.environment().put("CLASSPATH", classes);
        int exitCode = builder.start().waitFor();
        assertThat(exitCode).as(Files.readString(directory.resolve("err.txt"))).isZero();
        return Files.readString(out);
    }
}
