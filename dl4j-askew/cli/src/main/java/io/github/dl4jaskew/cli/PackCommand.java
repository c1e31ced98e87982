package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.cli.data.Header;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.quantized.MemoryReport;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rounds a saved network and packs it. */
@Command(
        name = "pack",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Packs a network that DL4J's ModelSerializer has saved.",
            "One that was trained with AskewSGD is rounded to the grids that it carries. Any other is rounded to --grid,"
                    + " which costs accuracy: the fewer bits, the more."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  askew pack trained.zip -o model.askew",
            "  askew pack float.zip --grid ternary --per-channel --except output --data features.csv -o model.askew"
        })
final class PackCommand implements Callable<Integer> {

    private static final long STATISTICS_BATCH = 500;

    @Parameters(paramLabel = "MODEL", description = "A zip file with a MultiLayerNetwork or ComputationGraph.")
    private @Nullable Path model;

    @Mixin
    private OutputFile output = new OutputFile();

    @Mixin
    private RecipeOptions options = new RecipeOptions();

    @Option(names = "--labels", split = ",", paramLabel = "NAME", description = "Names of the network's outputs.")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "Training features (.csv or .npy) to estimate batch-norm statistics on, as they change with"
                    + " the weights. They are normalized as the zip file says.")
    private @Nullable Path data;

    @Option(names = "--shape", split = ",", paramLabel = "N", description = Examples.SHAPE)
    private List<Long> shape = new ArrayList<>();

    @Option(names = "--header", paramLabel = "WHEN", defaultValue = "AUTO", description = Examples.HEADER)
    private Header header = Header.AUTO;

    @Override
    public Integer call() throws IOException {
        output.check();
        StringBuilder report = new StringBuilder();
        QuantizedModel packed;
        try (Steps steps = new Steps("packing", 3)) {
            SavedNetwork saved = steps.run("reading", () -> SavedNetwork.read(Objects.requireNonNull(model)));
            packed = steps.run("rounding", () -> round(saved, report));
            steps.run("writing", () -> {
                output.write(packed::save);
                return output;
            });
        }
        MemoryReport memory = packed.memoryReport();
        System.out.print(report);
        System.out.print(memory);
        System.out.println(FileSize.text(output.path(), memory.floatBytes()));
        return 0;
    }

    private QuantizedModel round(SavedNetwork saved, StringBuilder report) throws IOException {
        Rounding rounding = new Rounding(saved.network());
        Askew recipe = options.recipe();
        if (rounding.hasGrids()) {
            report.append("The network carries grids of its own")
                    .append(options.hasGrid() ? "; --grid and what goes with it are not used" : "")
                    .append(System.lineSeparator());
        } else {
            requireGrid();
            AskewPlan plan = rounding.install(recipe);
            report.append(plan).append(System.lineSeparator());
        }
        Examples examples = data == null ? null : Examples.read(data, shape, header);
        QuantizedModel quantized = examples == null
                ? rounding.quantize(recipe, null)
                : examples.run(
                        saved.network(),
                        () -> rounding.quantize(recipe, examples.batches(STATISTICS_BATCH, saved.normalizer())));
        report.append(rounding.changes(quantized)).append(System.lineSeparator());
        return described(quantized, saved);
    }

    private void requireGrid() {
        if (!options.hasGrid()) {
            throw new IllegalArgumentException(
                    model + " was not trained with AskewSGD, so that a --grid is needed, such as --grid ternary");
        }
    }

    private QuantizedModel described(QuantizedModel quantized, SavedNetwork saved) {
        DataNormalization normalizer = saved.normalizer();
        QuantizedModel normalized = normalizer == null ? quantized : quantized.withNormalization(normalizer);
        if (labels.isEmpty()) {
            return normalized;
        }
        Widths.requireOutput(saved.network(), labels);
        return normalized.withLabels(labels);
    }
}
