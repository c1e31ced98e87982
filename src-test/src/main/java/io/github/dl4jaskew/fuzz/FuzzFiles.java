package io.github.dl4jaskew.fuzz;

import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Reads files that were changed at random, with right checksums, through both readers. A file must be refused with {@link
 * PackedFormatException}, or give a network that predicts (the edge's) or is saved again (DL4J's).
 */
@Command(
        name = "FuzzFiles",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Reads randomly changed packed files; says how many are accepted, refused, or fail.")
public final class FuzzFiles implements Callable<Integer> {

    /** A prediction of a stranger's file may take years. */
    private static final long MOST_OPERATIONS = 2_000_000;

    @Option(names = "--files", description = "changed files for each reader (default: ${DEFAULT-VALUE})")
    private int files = 300_000;

    @Option(names = "--seed", description = "seed of the first file; the next has the next (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--reader", description = "${COMPLETION-CANDIDATES}; default: both")
    private List<Reader> readers = List.of(Reader.values());

    /** Who reads. */
    enum Reader {
        /** Plain Java. */
        EDGE,
        /** DL4J. */
        QUANTIZED
    }

    /** Made by {@link #main}. */
    private FuzzFiles() {}

    /**
     * Runs the program.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(Program.run(new FuzzFiles(), args));
    }

    @Override
    public Integer call() throws IOException {
        int failures = 0;
        for (Reader reader : readers) {
            FuzzReport report = run(reader, files, seed);
            System.out.println(report);
            failures += report.failures();
        }
        return failures == 0 ? 0 : 1;
    }

    /**
     * Changes and reads files.
     *
     * @param reader who reads
     * @param files how many
     * @param seed of the first
     * @return what became of them
     * @throws IOException if the right files cannot be made
     */
    static FuzzReport run(Reader reader, int files, long seed) throws IOException {
        List<byte[]> originals = Originals.all();
        FuzzReport report = new FuzzReport(reader.toString());
        for (long s = seed; s < seed + files; s++) {
            Random random = new Random(s);
            byte[] file = new FileMutator(random).mutate(originals.get(random.nextInt(originals.size())));
            long start = System.nanoTime();
            try {
                report.accepted(reader == Reader.EDGE ? edge(file, random) : quantized(file));
            } catch (PackedFormatException e) {
                report.refused(String.valueOf(e.getMessage()));
            } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
                report.failed(e, s);
            }
            report.took(System.nanoTime() - start, s);
        }
        return report;
    }

    private static String edge(byte[] file, Random random) throws IOException {
        EdgeModel model = EdgeModel.load(new ByteArrayInputStream(file));
        if (model.cost() > MOST_OPERATIONS) {
            return "costs too much to predict";
        }
        float[] input = new float[model.inputSize()];
        for (int i = 0; i < input.length; i++) {
            input[i] = (float) random.nextGaussian();
        }
        model.predict(input);
        return "predicts";
    }

    private static String quantized(byte[] file) throws IOException {
        QuantizedModel.load(new ByteArrayInputStream(file)).save(OutputStream.nullOutputStream());
        return "is saved again";
    }
}
