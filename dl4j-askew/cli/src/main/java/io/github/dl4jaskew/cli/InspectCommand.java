package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.packed.Coding;
import io.github.dl4jaskew.packed.Normalization;
import io.github.dl4jaskew.packed.PackedHead;
import io.github.dl4jaskew.packed.PackedReader;
import io.github.dl4jaskew.packed.ParameterInfo;
import io.github.dl4jaskew.packed.PortableNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what a packed file holds. Reads it to its end, so that a damaged file is found out, but builds no network. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows parameters, sizes, normalization and labels of a packed file, and checks it.",
        footerHeading = "%nExamples:%n",
        footer = {"  askew inspect model.askew"})
final class InspectCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "A packed file.")
    private @Nullable Path file;

    private final TextTable table =
            new TextTable("layer", "parameter", "shape", "grid", "bits", "scales", "float bytes", "packed bytes");
    private long elements;
    private long floatBytes;
    private long packedBytes;

    @Override
    public Integer call() throws IOException {
        Path path = Objects.requireNonNull(file);
        PackedHead head;
        try (InputStream in = Files.newInputStream(path)) {
            PackedReader reader = new PackedReader(in);
            head = reader.head();
            for (ParameterInfo parameter : head.parameters()) {
                add(parameter, reader);
            }
            reader.end();
            PackedReader.requireNothingLeft(in);
        }
        System.out.print(table);
        System.out.printf(
                Locale.ROOT,
                "total: %d parameters, %d bytes, packed %d bytes, %.1f times smaller without the configuration%n",
                elements,
                floatBytes,
                packedBytes,
                (double) floatBytes / packedBytes);
        describe(head);
        System.out.println("file, checked to the end: " + FileSize.text(path, floatBytes));
        return 0;
    }

    private void add(ParameterInfo parameter, PackedReader reader) throws IOException {
        Coding coding = parameter.coding();
        String scales = "-";
        if (coding == null) {
            reader.readRaw((first, block, count) -> {});
        } else {
            scales = scales(reader.readParameter().scales());
        }
        long bytes = parameter.size() * parameter.type().bytes();
        elements += parameter.size();
        floatBytes += bytes;
        packedBytes += parameter.dataBytes();
        table.row(
                Program.printableName(parameter.layer()),
                Program.printableName(parameter.key()),
                parameter.shape(),
                coding == null ? parameter.type().toString().toLowerCase(Locale.ROOT) : grid(coding),
                coding == null ? 8 * parameter.type().bytes() : bits(parameter, coding),
                scales,
                bytes,
                parameter.dataBytes());
    }

    private static String grid(Coding coding) {
        return Grid.of(coding.levels().stream().mapToDouble(v -> v).toArray()).toString();
    }

    /** Of a code in the file, which may be a fraction. */
    private static String bits(ParameterInfo parameter, Coding coding) {
        double bytes = parameter.dataBytes() - (double) Float.BYTES * coding.channels();
        return String.format(Locale.ROOT, "%.2f", 8 * bytes / parameter.size());
    }

    private static String scales(float[] scales) {
        float low = Float.POSITIVE_INFINITY;
        float high = 0;
        for (float scale : scales) {
            low = Math.min(low, scale);
            high = Math.max(high, scale);
        }
        return scales.length == 1
                ? String.format(Locale.ROOT, "%.4g", low)
                : String.format(Locale.ROOT, "%.4g to %.4g, %d channels", low, high, scales.length);
    }

    private static void describe(PackedHead head) throws IOException {
        int configuration = head.configuration().getBytes(StandardCharsets.UTF_8).length;
        System.out.println("network: " + head.kind() + ", configuration of " + configuration + " bytes");
        Normalization normalization = head.normalization();
        System.out.println("normalization: " + (normalization == null ? "none" : describe(normalization)));
        List<String> labels = head.labels();
        System.out.println("labels: " + (labels == null ? "none" : Program.printableName(String.join(", ", labels))));
        System.out.println("without DL4J: " + portable(head.layers()));
    }

    private static String describe(Normalization normalization) {
        String kind = normalization.kind().toString().toLowerCase(Locale.ROOT);
        if (!normalization.arrays().isEmpty()) {
            return kind + " of " + normalization.arrays().get(0).numbers().size() + " features";
        }
        return kind + " " + normalization.constants();
    }

    private static String portable(@Nullable ByteBuffer section) throws IOException {
        if (section == null) {
            return "the file has no list of simple layers";
        }
        PortableNetwork network = PortableNetwork.read(section);
        return network.reason() == null
                ? network.layers().size() + " simple layers, input "
                        + network.inputShape().stream().map(String::valueOf).collect(Collectors.joining(" x "))
                : "no, " + Program.printableName(network.reason());
    }
}
