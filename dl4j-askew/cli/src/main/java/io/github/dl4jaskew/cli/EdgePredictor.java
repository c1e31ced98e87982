package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.cli.data.Numbers;
import io.github.dl4jaskew.edge.EdgeModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** Predicts in plain Java, without ND4J, whose start takes longer than most predictions. */
final class EdgePredictor {

    private final EdgeModel model;
    private final Numbers numbers;

    private EdgePredictor(EdgeModel model, Numbers numbers) {
        this.model = model;
        this.numbers = numbers;
    }

    /** A predictor of these examples, or null where DL4J has to do it, or to say what is wrong. */
    static @Nullable EdgePredictor of(Path file, Numbers numbers, List<Long> shape, boolean raw) {
        long[] sizes = numbers.shape();
        long[] example = shape.isEmpty()
                ? Arrays.copyOfRange(sizes, 1, sizes.length)
                : shape.stream().mapToLong(n -> n).toArray();
        try {
            EdgeModel loaded = example.length == 3
                    ? EdgeModel.load(file, Math.toIntExact(example[1]), Math.toIntExact(example[2]))
                    : EdgeModel.load(file);
            boolean fits = Arrays.equals(
                            Arrays.stream(loaded.inputShape()).asLongStream().toArray(), example)
                    && numbers.example(0).length == loaded.inputSize();
            if (!fits || !numbers.hasExamplesInOnePiece()) {
                return null;
            }
            return new EdgePredictor(loaded.hasNormalization() && !raw ? loaded.normalizing() : loaded, numbers);
        } catch (IOException | IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            return null;
        }
    }

    void predict(PrintWriter out) {
        int count = Math.toIntExact(numbers.shape()[0]);
        try (ProgressBar bar = Progress.of("predicting", count)) {
            for (int i = 0; i < count; i++) {
                float[][] output = {model.predict(numbers.example(i))};
                PredictionLines lines = new PredictionLines(output, output[0].length, model.labels());
                if (i == 0) {
                    out.println(lines.header());
                }
                lines.lines().forEach(out::println);
                bar.step();
            }
        }
    }
}
