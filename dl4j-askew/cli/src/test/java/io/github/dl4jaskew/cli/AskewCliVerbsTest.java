package io.github.dl4jaskew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import onnx.Onnx.ModelProto;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX, help, completion, and files of Keras and of older versions of DL4J. */
class AskewCliVerbsTest {

    @TempDir
    Path directory;

    @Test
    void aPackedFileBecomesAnOnnxModel() throws IOException {
        Path zip = directory.resolve("model.zip");
        Path packed = directory.resolve("model.askew");
        Path onnx = directory.resolve("model.onnx");
        Saved.write(zip, Saved.mlp(), Saved.normalizer());
        assertThat(CliRun.of("pack", zip, "--grid", "ternary", "-o", packed).exitCode())
                .isZero();

        CliRun run = CliRun.of("export", packed, "--onnx", "-o", onnx);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("model.onnx: " + Files.size(onnx) + " bytes");
        ModelProto first = ModelProto.parseFrom(Files.readAllBytes(onnx));
        assertThat(first.getOpsetImport(0).getVersion()).isEqualTo(25);
        assertThat(first.getGraph().getNode(0).getOpType()).isNotEqualTo("Sub");

        run = CliRun.of("export", packed, "--onnx", "--opset", 13, "--normalize", "-o", onnx, "--force");
        assertThat(run.exitCode()).as(run.err()).isZero();
        ModelProto second = ModelProto.parseFrom(Files.readAllBytes(onnx));
        assertThat(second.getOpsetImport(0).getVersion()).isEqualTo(13);
        assertThat(second.getGraph().getNode(0).getOpType()).isEqualTo("Sub");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--onnx --opset 17|opset is 17; allowed are 25",
                "--opset 13|--opset and --normalize are for --onnx alone"
            })
    void optionsThatDoNotFitAreRefused(String options, String message) {
        Object[] args = ("export model.askew -o model.out " + options).split(" ");
        CliRun run = CliRun.of(args);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pack", "inspect", "predict", "unpack", "export", "report", "serve", "import"})
    void helpShowsExamples(String command) {
        CliRun run = CliRun.of(command, "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Examples:", "  askew " + command + " ");
    }

    @Test
    void completionNamesCommandsAndOptions() {
        CliRun run = CliRun.of("generate-completion");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("#!/usr/bin/env bash").contains("complete -F", "predict", "--per-channel");
    }

    /** Its output is read by programs. */
    @Test
    void noBarIsDrawnWhereNobodyLooksOn() throws IOException {
        Path zip = directory.resolve("model.zip");
        Saved.write(zip, Saved.mlp());
        CliRun run = CliRun.of("pack", zip, "--grid", "ternary", "-o", directory.resolve("model.askew"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("packing: 3 of 3").doesNotContain("%", "\r", "\u001b");
    }

    @Test
    void aFileOfKerasThatIsNoneIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("model.h5"), "no HDF5");
        CliRun run = CliRun.of("import", file, "-o", directory.resolve("model.zip"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).containsAnyOf("HDF5 is not on the class path", "DL4J does not import the network");
        assertThat(directory.resolve("model.zip")).doesNotExist();
        assertThat(CliRun.of("import", directory.resolve("none.h5"), "-o", directory.resolve("model.zip"))
                        .err())
                .contains("none.h5: no such file");
    }

    @Test
    void theClassThatAnOldFileNeedsIsNamed() throws IOException {
        Path zip = directory.resolve("old.zip");
        write(zip, "{\"confs\":[{\"layer\":{\"@class\":\"org.example.OldLayer\",\"nin\":2}}]}");
        CliRun run = CliRun.of("pack", zip, "--grid", "binary", "-o", directory.resolve("model.askew"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("old.zip", "org.example.OldLayer", "is a class that is not there");
    }

    @Test
    void theVersionThatWroteAnOldFileIsNamed() throws IOException {
        Path zip = directory.resolve("old.zip");
        write(zip, "{\"confs\":[{\"layer\":{\"unknownLayer\":{\"activationFunction\":\"relu\",\"nin\":2}}}]}");
        CliRun run = CliRun.of("pack", zip, "--grid", "binary", "-o", directory.resolve("model.askew"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("old.zip", "written by DL4J 0.5 to 0.7");
    }

    private static void write(Path zip, String configuration) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("configuration.json"));
            out.write(configuration.getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
            out.putNextEntry(new ZipEntry("coefficients.bin"));
            out.closeEntry();
        }
    }

    @Test
    void serveRefusesAPortThatThereIsNotAndAFileThatIsNotThere() {
        CliRun bad = CliRun.of("serve", directory.resolve("none.bin"), "--port", 70_000);
        assertThat(bad.exitCode()).isEqualTo(1);
        assertThat(bad.err()).contains("--port is 70000; allowed are 0 to 65535");
        assertThat(CliRun.of("serve", directory.resolve("none.bin")).err()).contains("none.bin");
    }

    /** On a port that the server chooses and prints. */
    @Test
    void storedRunsAreServedUntilTheThreadIsInterrupted() throws Exception {
        Path file = directory.resolve("stats.bin");
        new FileStatsStorage(file.toFile()).close();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        AtomicInteger exitCode = new AtomicInteger(-1);
        Thread server = new Thread(() -> exitCode.set(AskewCli.run("serve", file.toString(), "--port", "0")));
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        String page;
        try {
            server.start();
            page = get(addressIn(printed, server));
            server.interrupt();
            server.join();
        } finally {
            System.setOut(before);
        }

        assertThat(page).contains("<html");
        assertThat(exitCode).hasValue(0);
    }

    /** Waits as long as the server lives. */
    private static URI addressIn(ByteArrayOutputStream printed, Thread server) throws InterruptedException {
        Pattern both = Pattern.compile("(http://localhost:[1-9]\\d*/askew)\\R.*/margin\\R");
        while (server.isAlive()) {
            Matcher lines = both.matcher(printed.toString(StandardCharsets.UTF_8));
            if (lines.find()) {
                return URI.create(lines.group(1));
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the server ended and printed: " + printed.toString(StandardCharsets.UTF_8));
    }

    private static String get(URI address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
