package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.network.NetworkParameter;
import io.github.dl4jaskew.packed.Coding;
import io.github.dl4jaskew.packed.NetworkKind;
import io.github.dl4jaskew.packed.PackedCodes;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PackedHead;
import io.github.dl4jaskew.packed.PackedParameter;
import io.github.dl4jaskew.packed.PackedReader;
import io.github.dl4jaskew.packed.ParameterInfo;
import io.github.dl4jaskew.packed.PortableNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads a quantized model from a packed file. */
final class ModelReader {

    private static final int BLOCK = 1 << 16;

    private final PackedReader reader;
    private final PackedHead head;
    private final ModelConfiguration configuration;
    private final ModelVector vector;
    private final List<QuantizedParameter> quantized = new ArrayList<>();

    private ModelReader(InputStream in) throws IOException {
        reader = new PackedReader(in);
        head = reader.head();
        if (head.kind() == NetworkKind.SAME_DIFF) {
            throw new PackedFormatException("the file holds a SameDiff graph; load it with QuantizedSameDiff");
        }
        try {
            configuration = ModelConfiguration.parse(head.kind(), head.configuration());
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
        vector = new ModelVector(configuration.type(), length());
    }

    static QuantizedModel read(InputStream in) throws IOException {
        ModelReader reader = new ModelReader(in);
        reader.parameters();
        Model network;
        try {
            network = reader.configuration.network(reader.vector.array());
            reader.requireTable(network);
            reader.requireSameLayers(network);
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
        try {
            FiniteNumbers.require(NetworkParameter.of(network));
            return new QuantizedModel(
                    network,
                    reader.quantized,
                    reader.head.normalization(),
                    reader.head.labels() == null ? List.of() : reader.head.labels(),
                    List.of());
        } catch (IllegalArgumentException e) {
            throw new PackedFormatException(String.valueOf(e.getMessage()), e);
        }
    }

    private static PackedFormatException refused(IllegalArgumentException e) {
        return new PackedFormatException("the file's configuration is refused: " + e.getMessage(), e);
    }

    /** The number of all parameters, which are of the network's type. */
    private long length() throws PackedFormatException {
        long length = 0;
        for (ParameterInfo p : head.parameters()) {
            if (ModelTypes.of(p.type()) != configuration.type()) {
                throw new PackedFormatException(
                        p + " is of type " + p.type() + ", but the network's type is " + configuration.type());
            }
            length += p.size();
        }
        if (length <= 0 || length > Long.MAX_VALUE / Double.BYTES) {
            throw new PackedFormatException("the network has no parameters, or too many");
        }
        return length;
    }

    private void parameters() throws IOException {
        List<PackedParameter> coded = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        long offset = 0;
        for (ParameterInfo p : head.parameters()) {
            if (p.coding() == null) {
                long start = offset;
                reader.readRaw((first, block, n) -> vector.put(start + first, block, n, reader.position()));
            } else {
                coded.add(reader.readParameter());
                offsets.add(offset);
            }
            offset += p.size();
        }
        reader.end();
        for (int i = 0; i < coded.size(); i++) {
            decode(coded.get(i), offsets.get(i));
            quantized.add(quantized(coded.get(i)));
        }
    }

    private void decode(PackedParameter parameter, long offset) {
        decode(parameter, vector, offset, reader.position());
    }

    static void decode(PackedParameter parameter, ModelVector vector, long offset, long arrived) {
        double[] block = new double[BLOCK];
        for (long first = 0; first < parameter.info().size(); first += BLOCK) {
            int n = (int) Math.min(BLOCK, parameter.info().size() - first);
            parameter.get(first, block, 0, n);
            vector.put(offset + first, block, n, arrived);
        }
    }

    static QuantizedParameter quantized(PackedParameter parameter) {
        ParameterInfo info = parameter.info();
        Coding coding = info.coding();
        PackedCodes codes = parameter.codes();
        if (coding == null || codes == null) {
            throw new IllegalStateException(info + " is not coded");
        }
        float[] floats = parameter.scales();
        double[] scales = new double[floats.length];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = floats[c];
        }
        Grid grid = Grid.of(coding.levels().stream().mapToDouble(v -> v).toArray());
        Channels channels = new Channels(coding.channels(), coding.stride());
        return new QuantizedParameter(
                info.layer(), info.key(), info.shape(), new ScaledGrid(grid, scales, channels), codes);
    }

    /** The network that DL4J has made must have the parameters that the file describes, at the same places. */
    private void requireTable(Model network) {
        List<NetworkParameter> all;
        try {
            all = NetworkParameter.requireAll(network);
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        List<ParameterInfo> table = head.parameters();
        if (all.size() != table.size()) {
            throw new IllegalArgumentException(
                    "it has " + all.size() + " parameter arrays, but the file has " + table.size());
        }
        for (int i = 0; i < table.size(); i++) {
            if (!matches(all.get(i), table.get(i))) {
                INDArray array = all.get(i).array();
                throw new IllegalArgumentException("its " + all.get(i) + " of shape "
                        + Arrays.toString(array.shape()) + " and order " + array.ordering()
                        + " is in the file " + table.get(i) + " of shape "
                        + table.get(i).shape() + " and order " + table.get(i).order());
            }
        }
    }

    /** A reader without DL4J computes what the list of layers says; it must be what the configuration says. */
    private void requireSameLayers(Model network) {
        ByteBuffer section = head.layers();
        if (section == null) {
            return;
        }
        PortableNetwork listed;
        try {
            listed = PortableNetwork.read(section);
        } catch (PackedFormatException e) {
            // A newer release may know more layers. This release's reader refuses the list too, so serves no other
            // network.
            return;
        }
        if (listed.reason() == null && !listed.equals(PortableExport.of(network, head.parameters()))) {
            throw new IllegalArgumentException("its layers are not those that the file lists for readers without DL4J;"
                    + " the file holds two networks");
        }
    }

    private static boolean matches(NetworkParameter p, ParameterInfo info) {
        return p.id().equals(info.id())
                && p.array().ordering() == info.order()
                && Arrays.stream(p.array().shape()).boxed().toList().equals(info.shape());
    }
}
