package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.export.OnnxOptions;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns a packed file into arrays for NumPy, or into a model for ONNX Runtime. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes codes, levels, scales and float parameters of a packed file as NumPy's .npz, or the whole"
                + " network as an ONNX model.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  askew export model.askew -o model.npz",
            "  askew export model.askew --onnx -o model.onnx",
            "  askew export model.askew --onnx --opset 13 --normalize -o model.onnx"
        })
final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "A packed file.")
    private @Nullable Path file;

    @Mixin
    private OutputFile output = new OutputFile();

    @Option(names = "--onnx", description = "Write an ONNX model.")
    private boolean onnx;

    @Option(
            names = "--opset",
            paramLabel = "N",
            description =
                    "Version of ONNX' operators: 25 (weights of 2, 4 and 8 bits), 21 (4 and 8 bits) or 13 (float32)."
                            + " Default: 25.")
    private @Nullable Integer opset;

    @Option(
            names = "--normalize",
            description =
                    "Let the ONNX model begin with the packed file's normalization, so that it takes raw features.")
    private boolean normalize;

    @Override
    public Integer call() throws IOException {
        if (!onnx && (opset != null || normalize)) {
            throw new IllegalArgumentException("--opset and --normalize are for --onnx alone");
        }
        OnnxOptions defaults = opset == null ? OnnxOptions.defaults() : OnnxOptions.opset(opset);
        OnnxOptions options = normalize ? defaults.withNormalization() : defaults;
        output.check();
        try (Steps steps = new Steps("exporting", 2)) {
            QuantizedModel model = steps.run("reading", () -> QuantizedModel.load(Objects.requireNonNull(file)));
            steps.run("writing", () -> {
                output.write(onnx ? path -> model.exportOnnx(path, options) : model::exportNpz);
                return output;
            });
        }
        System.out.println(output.path() + ": " + Files.size(output.path()) + " bytes");
        return 0;
    }
}
