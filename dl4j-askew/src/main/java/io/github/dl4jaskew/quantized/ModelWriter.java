package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.internal.network.NetworkParameter;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.packed.Coding;
import io.github.dl4jaskew.packed.Normalization;
import io.github.dl4jaskew.packed.PackedHead;
import io.github.dl4jaskew.packed.PackedParameter;
import io.github.dl4jaskew.packed.PackedWriter;
import io.github.dl4jaskew.packed.ParameterId;
import io.github.dl4jaskew.packed.ParameterInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;

/** Writes a quantized model as a packed file. */
final class ModelWriter {

    private static final int BLOCK = 4096;

    private final List<NetworkParameter> all;
    private final List<@Nullable QuantizedParameter> quantized = new ArrayList<>();
    private final PackedHead head;

    /**
     * Describes the file.
     *
     * @throws IllegalArgumentException if the network's configuration or type cannot be packed, or a parameter is not finite
     * @throws IllegalStateException if a quantized parameter is not one of the network's
     */
    ModelWriter(
            Model network,
            List<QuantizedParameter> parameters,
            @Nullable Normalization normalization,
            List<String> labels) {
        this(
                NetworkParameter.requireAll(network),
                parameters,
                table -> new PackedHead(
                        ModelConfiguration.kindOf(network),
                        ModelConfiguration.json(network),
                        table,
                        normalization,
                        labels.isEmpty() ? null : labels,
                        ByteBuffer.wrap(PortableExport.of(network, table).write())));
        FiniteNumbers.require(all);
    }

    /**
     * Describes a file of any kind.
     *
     * @param all all parameters, in the file's order
     * @param parameters the quantized ones
     * @param head makes the file's head from its table of parameters
     * @throws IllegalArgumentException if there is no parameter
     * @throws IllegalStateException if a quantized parameter is not one of all
     */
    ModelWriter(
            List<NetworkParameter> all,
            List<QuantizedParameter> parameters,
            Function<List<ParameterInfo>, PackedHead> head) {
        this.all = all;
        if (all.isEmpty()) {
            throw new IllegalArgumentException("this network cannot be packed: it has no parameters");
        }
        List<ParameterInfo> table = table(all, parameters);
        for (int i = 0; i < table.size(); i++) {
            quantized.add(find(parameters, all.get(i).id()));
        }
        if (quantized.stream().filter(q -> q != null).count() != parameters.size()) {
            throw new IllegalStateException("there are quantized parameters that the network does not have");
        }
        this.head = head.apply(table);
    }

    /** What a file says of each parameter. */
    static List<ParameterInfo> table(List<NetworkParameter> all, List<QuantizedParameter> parameters) {
        List<ParameterInfo> table = new ArrayList<>();
        for (NetworkParameter p : all) {
            QuantizedParameter q = find(parameters, p.id());
            table.add(new ParameterInfo(
                    p.id().layer(),
                    p.id().key(),
                    ModelTypes.of(p.array().dataType()),
                    p.array().ordering(),
                    Arrays.stream(p.array().shape()).boxed().toList(),
                    q == null ? null : coding(q)));
        }
        return table;
    }

    private static Coding coding(QuantizedParameter q) {
        return new Coding(
                Arrays.stream(q.grid().grid().levels()).boxed().toList(),
                q.codes().packing(),
                q.grid().channels().count(),
                q.grid().channels().stride());
    }

    static @Nullable QuantizedParameter find(List<QuantizedParameter> parameters, ParameterId id) {
        for (QuantizedParameter q : parameters) {
            if (q.id().equals(id)) {
                return q;
            }
        }
        return null;
    }

    long fileBytes() {
        return PackedWriter.fileBytes(head);
    }

    /**
     * Writes the file.
     *
     * @throws IllegalStateException if a weight of the network is not on its level
     */
    void write(OutputStream out) throws IOException {
        PackedWriter writer = new PackedWriter(out, head);
        for (int i = 0; i < all.size(); i++) {
            ArrayWeights weights = new ArrayWeights(all.get(i).array());
            QuantizedParameter q = quantized.get(i);
            if (q == null) {
                writer.writeRaw((first, block, count) -> copy(weights, first, block, count));
            } else {
                PackedParameter packed = PackedParameter.coded(
                        head.parameters().get(i), floats(q.grid().scales()), q.codes());
                requireOnLevels(weights, packed);
                writer.writeCoded(packed);
            }
        }
        writer.end();
    }

    private static float[] floats(double[] scales) {
        float[] floats = new float[scales.length];
        for (int c = 0; c < floats.length; c++) {
            floats[c] = (float) scales[c];
        }
        return floats;
    }

    private static void copy(ArrayWeights weights, long first, double[] block, int count) {
        for (int i = 0; i < count; i++) {
            block[i] = weights.at(first + i);
        }
    }

    private static void requireOnLevels(ArrayWeights weights, PackedParameter packed) {
        double[] block = new double[BLOCK];
        for (long first = 0; first < weights.size(); first += BLOCK) {
            int n = (int) Math.min(BLOCK, weights.size() - first);
            packed.get(first, block, 0, n);
            for (int i = 0; i < n; i++) {
                if (weights.at(first + i) != block[i]) {
                    throw new IllegalStateException(packed + ": weight " + (first + i) + " is " + weights.at(first + i)
                            + " in the network, but its level is " + block[i]);
                }
            }
        }
    }
}
