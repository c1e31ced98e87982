package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.cli.data.Header;
import io.github.dl4jaskew.cli.data.Numbers;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Serves a packed file: features in, outputs out. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Predicts with a packed file. Writes one line for each example: the outputs and, if there are several, the"
                    + " label of the largest.",
            "Features are normalized as the packed file says."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  askew predict model.askew --input features.csv",
            "  askew predict model.askew --input images.npy --shape 1,28,28 -o scores.csv"
        })
final class PredictCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "A packed file.")
    private @Nullable Path file;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "Features: .csv with one example a line, or NumPy's .npy with one along the first axis.")
    private @Nullable Path input;

    @Option(names = "--shape", split = ",", paramLabel = "N", description = Examples.SHAPE)
    private List<Long> shape = new ArrayList<>();

    @Option(names = "--header", paramLabel = "WHEN", defaultValue = "AUTO", description = Examples.HEADER)
    private Header header = Header.AUTO;

    @Option(names = "--raw", description = "Do not normalize: the features are normalized already.")
    private boolean raw;

    @Option(
            names = "--dl4j",
            description = "Predict in DL4J, bit for bit as its network. Default: in plain Java, which starts faster and"
                    + " rounds otherwise, where the file's network allows it.")
    private boolean dl4j;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "100",
            description = "Examples of a minibatch in DL4J. Default: ${DEFAULT-VALUE}.")
    private int batch = 100;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The .csv file to write. Default: print.")
    private @Nullable Path output;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        if (batch < 1) {
            throw new IllegalArgumentException("--batch is " + batch + "; allowed is at least 1");
        }
        OutputFile target = output == null ? null : new OutputFile(output, force);
        if (target != null) {
            target.check();
        }
        Path packed = Objects.requireNonNull(file);
        Path features = Objects.requireNonNull(input);
        Predictor predictor;
        try (Steps steps = new Steps("reading", 2)) {
            Numbers numbers = steps.run("features", () -> Examples.numbers(features, header));
            predictor = steps.run("model", () -> {
                EdgePredictor edge = dl4j ? null : EdgePredictor.of(packed, numbers, shape, raw);
                return edge == null ? inDl4j(packed, Examples.of(numbers, features, shape)) : edge::predict;
            });
        }
        if (target == null) {
            StringWriter text = new StringWriter();
            predictor.predict(new PrintWriter(text));
            System.out.print(text);
        } else {
            target.write(path -> {
                try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(path))) {
                    predictor.predict(writer);
                    if (writer.checkError()) {
                        throw new IOException(path + " cannot be written");
                    }
                }
            });
        }
        return 0;
    }

    /** Writes a line for each example. */
    @FunctionalInterface
    private interface Predictor {
        void predict(PrintWriter out);
    }

    private Predictor inDl4j(Path packed, Examples examples) throws IOException {
        QuantizedModel model = QuantizedModel.load(packed);
        Model network = model.toNetwork();
        return out -> predict(model, network, examples, out);
    }

    private void predict(QuantizedModel model, Model network, Examples examples, PrintWriter out) {
        DataNormalization normalizer = raw ? null : model.normalization();
        try (ProgressBar bar = Progress.of("predicting", examples.count())) {
            for (long from = 0; from < examples.count(); from += batch) {
                long begin = from;
                PredictionLines lines = new PredictionLines(
                        examples.run(network, () -> model.output(examples.batch(begin, batch, normalizer))),
                        model.labels());
                if (from == 0) {
                    out.println(lines.header());
                }
                lines.lines().forEach(out::println);
                bar.stepTo(Math.min(examples.count(), from + batch));
            }
        }
    }
}
