package io.github.dl4jaskew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users do wrong costs them a line, and no file. */
class AskewCliErrorsTest {

    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    private Path zip;
    private Path packed;

    @BeforeAll
    static void pack() throws IOException {
        Path zip = Saved.write(shared.resolve("model.zip"), Saved.mlp());
        assertThat(CliRun.of("pack", zip, "--grid", "binary", "-o", shared.resolve("model.askew"))
                        .exitCode())
                .isZero();
    }

    @BeforeEach
    void copy() throws IOException {
        zip = Files.copy(shared.resolve("model.zip"), directory.resolve("model.zip"));
        packed = Files.copy(shared.resolve("model.askew"), directory.resolve("model.askew"));
    }

    @Test
    void aFileIsReplacedOnlyByForce() throws IOException {
        byte[] before = Files.readAllBytes(packed);
        requireError(CliRun.of("pack", zip, "--grid", "ternary", "-o", packed), "--force replaces it");
        assertThat(Files.readAllBytes(packed)).isEqualTo(before);
        assertThat(CliRun.of("pack", zip, "--grid", "ternary", "-o", packed, "--force")
                        .exitCode())
                .isZero();
        assertThat(Files.readAllBytes(packed)).isNotEqualTo(before);
        requireError(CliRun.of("unpack", packed, "-o", zip), "--force replaces it");
        requireError(CliRun.of("export", packed, "-o", zip), "--force replaces it");
        requireError(CliRun.of("export", packed, "-o", directory), "this is a directory");
        requireError(CliRun.of("export", packed, "-o", directory.resolve("no/model.npz")), "no such directory");
        Path csv = Saved.csv(directory.resolve("features.csv"), Saved.features(2));
        requireError(CliRun.of("predict", packed, "--input", csv, "-o", csv), "--force replaces it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pack", "inspect", "unpack", "export", "predict"})
    void aMissingFileIsNamed(String command) throws IOException {
        Path missing = directory.resolve("missing");
        Path csv = Saved.csv(directory.resolve("features.csv"), Saved.features(2));
        CliRun run = switch (command) {
            case "inspect" -> CliRun.of(command, missing);
            case "predict" -> CliRun.of(command, missing, "--input", csv);
            case "pack" -> CliRun.of(command, missing, "--grid", "binary", "-o", directory.resolve("x"));
            default -> CliRun.of(command, missing, "-o", directory.resolve("x"));
        };
        requireError(run, missing + ": no such file");
    }

    @Test
    void whatIsNoNetworkIsRefused() throws IOException {
        Path out = directory.resolve("out.askew");
        Path text = Files.writeString(directory.resolve("text.zip"), "hello");
        requireError(CliRun.of("pack", text, "--grid", "binary", "-o", out), "is not a zip file");
        Path npz = directory.resolve("model.npz");
        assertThat(CliRun.of("export", packed, "-o", npz).exitCode()).isZero();
        requireError(CliRun.of("pack", npz, "--grid", "binary", "-o", out), "has no configuration.json");
        byte[] bytes = Files.readAllBytes(zip);
        Path half = Files.write(directory.resolve("half.zip"), Arrays.copyOf(bytes, bytes.length / 2));
        requireError(CliRun.of("pack", half, "--grid", "binary", "-o", out), "half.zip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect", "unpack", "export", "predict"})
    void aDamagedFileIsRefused(String command) throws IOException {
        byte[] bytes = Files.readAllBytes(packed);
        bytes[bytes.length - 60] ^= 1;
        Files.write(packed, bytes);
        Path csv = Saved.csv(directory.resolve("features.csv"), Saved.features(2));
        Path out = directory.resolve("out");
        CliRun run = switch (command) {
            case "inspect" -> CliRun.of(command, packed);
            case "predict" -> CliRun.of(command, packed, "--input", csv);
            default -> CliRun.of(command, packed, "-o", out);
        };
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
        assertThat(out).doesNotExist();
        requireNoParts();
    }

    @Test
    void whatCannotBeRoundedIsExplained() throws IOException {
        Path out = directory.resolve("out.askew");
        requireError(CliRun.of("pack", zip, "-o", out), "a --grid is needed");
        requireError(CliRun.of("pack", zip, "--grid", "binary", "--layers", "hiden", "-o", out), "no layer 'hiden'");
        requireError(CliRun.of("pack", zip, "--grid", "binary", "--scale", "sawb", "-o", out), "SAWB has published");
        requireError(CliRun.of("pack", zip, "--grid", "binary", "--labels", "one,two", "-o", out), "labels");
        CliRun scale = CliRun.of("pack", zip, "--grid", "binary", "--scale", "huge", "-o", out);
        assertThat(scale.exitCode()).isEqualTo(2);
        assertThat(scale.err()).contains("'huge' is not a scale");
        CliRun zero = CliRun.of("pack", zip, "--grid", "binary", "--scale", "0", "-o", out);
        assertThat(zero.exitCode()).isEqualTo(2);
        assertThat(zero.err()).contains("scale is 0.0");
        assertThat(out).doesNotExist();
    }

    @Test
    void everyScaleIsUnderstood() {
        for (String scale : new String[] {"mse", "meanabs", "max", "unit", "0.5", "SAWB"}) {
            Path out = directory.resolve(scale);
            CliRun run = CliRun.of("pack", zip, "--grid", "uniform2", "--scale", scale, "-o", out);
            assertThat(run.exitCode()).as(run.err()).isZero();
        }
    }

    @Test
    void featuresMustFit() throws IOException {
        Path narrow = Files.writeString(directory.resolve("narrow.csv"), "1,2,3\n");
        requireError(CliRun.of("predict", packed, "--input", narrow), "3 numbers, but the network takes 4");
        Path csv = Saved.csv(directory.resolve("features.csv"), Saved.features(2));
        requireError(CliRun.of("predict", packed, "--input", csv, "--batch", "0"), "--batch is 0");
        Path twoInputs = Saved.write(directory.resolve("two.zip"), Saved.graph(2));
        Path two = directory.resolve("two.askew");
        assertThat(CliRun.of("pack", twoInputs, "--grid", "binary", "-o", two).exitCode())
                .isZero();
        requireError(CliRun.of("predict", two, "--input", csv), "[in, side]");
    }

    @Test
    void dataOfAnotherShapeIsExplainedInOneLine() throws IOException {
        Path out = directory.resolve("out.askew");
        Path narrow = Files.writeString(directory.resolve("narrow.csv"), "1,2,3\n");
        CliRun run = CliRun.of("pack", zip, "--grid", "binary", "--data", narrow, "-o", out);
        requireError(run, "an example has 3 numbers, but the network takes 4");
        Path images = Saved.write(directory.resolve("images.zip"), Saved.convolutionWithNorm());
        Path flat = Files.writeString(directory.resolve("flat.csv"), "1,2,3,4,5,6,7,8,9\n");
        CliRun cnn = CliRun.of("pack", images, "--grid", "binary", "--data", flat, "-o", out);
        requireError(cnn, "the network does not take features of shape [1, 9]");
        assertThat(cnn.err().lines().filter(line -> line.contains("does not take")))
                .hasSize(1);
        assertThat(cnn.err().lines().filter(line -> !line.isBlank())).hasSizeLessThan(6);
        assertThat(out).doesNotExist();
    }

    @Test
    void decimalMarksAreNotMixed() throws IOException {
        Path mixed = Files.writeString(directory.resolve("mixed.csv"), "1,5;2;3;4\n1.234;2;3;4\n");
        requireError(
                CliRun.of("predict", packed, "--input", mixed),
                "line 2: '1.234' has the decimal mark '.', but numbers before it have ','");
        Path utf16 = Files.write(
                directory.resolve("utf16.csv"), "\ufeff1,2,3,4\n".getBytes(java.nio.charset.StandardCharsets.UTF_16LE));
        requireError(CliRun.of("predict", packed, "--input", utf16), "is no text in UTF-8");
        Path quotes = Files.writeString(directory.resolve("quotes.csv"), "\"1\"x,2,3,4\n");
        requireError(CliRun.of("predict", packed, "--input", quotes), "quotes.csv");
    }

    @Test
    void withoutACommandTheUsageIsShown() {
        CliRun none = CliRun.of();
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("pack", "inspect", "predict", "unpack", "export");
        assertThat(CliRun.of("pack", "--help").out()).contains("--grid", "--per-channel", "--force");
        assertThat(CliRun.of("shrink").exitCode()).isEqualTo(2);
    }

    private static void requireError(CliRun run, String message) {
        AskewCliTest.requireError(run, message);
    }

    private void requireNoParts() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).noneMatch(f -> f.toString().endsWith(".part"));
        }
    }
}
