package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.internal.network.NetworkParameter;
import io.github.dl4jaskew.packed.NetworkKind;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PackedHead;
import io.github.dl4jaskew.packed.PackedParameter;
import io.github.dl4jaskew.packed.PackedReader;
import io.github.dl4jaskew.packed.ParameterId;
import io.github.dl4jaskew.packed.ParameterInfo;
import io.github.dl4jaskew.packed.PortableNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.array.SingleThreadArrayHolder;
import org.nd4j.graph.FlatGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Packed files of SameDiff graphs: the graph without its floating numbers in the head, and these as parameters. */
final class SameDiffFile {

    /** What stands in place of a layer's name. */
    private static final String LAYER = "SameDiff";

    private SameDiffFile() {}

    /** Variables and constants of a floating type with at least one axis, by name. Everything else stays in the graph. */
    static List<NetworkParameter> parameters(SameDiff graph) {
        List<NetworkParameter> found = new ArrayList<>();
        for (SDVariable variable : graph.variables()) {
            INDArray array = holdsNumbers(variable) ? variable.getArr() : null;
            if (array != null && array.rank() > 0 && array.length() > 0) {
                found.add(new NetworkParameter(new ParameterId(LAYER, variable.name()), array));
            }
        }
        return found;
    }

    /** Those that were trained. An infinite constant can be meant, such as that of a mask. */
    private static List<NetworkParameter> variables(SameDiff graph) {
        return parameters(graph).stream()
                .filter(p -> graph.getVariable(p.id().key()).getVariableType() == VariableType.VARIABLE)
                .toList();
    }

    private static boolean holdsNumbers(SDVariable variable) {
        VariableType kind = variable.getVariableType();
        return (kind == VariableType.VARIABLE || kind == VariableType.CONSTANT)
                && variable.dataType().isFPType();
    }

    static ModelWriter writer(SameDiff graph, List<QuantizedParameter> quantized) {
        FiniteNumbers.require(variables(graph));
        String skeleton = Base64.getEncoder().encodeToString(withoutNumbers(graph));
        return new ModelWriter(
                parameters(graph),
                quantized,
                table -> new PackedHead(
                        NetworkKind.SAME_DIFF,
                        skeleton,
                        table,
                        null,
                        null,
                        ByteBuffer.wrap(
                                PortableNetwork.refused("a SameDiff graph").write())));
    }

    private static byte[] withoutNumbers(SameDiff graph) {
        SameDiff copy = QuantizedSameDiff.copyOf(graph);
        copy.setTrainingConfig(null);
        List<String> packed = parameters(copy).stream().map(p -> p.id().key()).toList();
        SingleThreadArrayHolder variables = new SingleThreadArrayHolder();
        SingleThreadArrayHolder constants = new SingleThreadArrayHolder();
        for (SDVariable variable : copy.variables()) {
            if (variable.getVariableType() == VariableType.ARRAY || packed.contains(variable.name())) {
                continue;
            }
            INDArray array = variable.getArr();
            if (array != null && variable.getVariableType() == VariableType.CONSTANT) {
                constants.setArray(variable.name(), array);
            } else if (array != null && variable.getVariableType() == VariableType.VARIABLE) {
                variables.setArray(variable.name(), array);
            }
        }
        copy.setArrayHolders(variables, constants, false);
        ByteBuffer buffer = copy.asFlatBuffers(false);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    static QuantizedSameDiff read(InputStream in) throws IOException {
        PackedReader reader = new PackedReader(in);
        PackedHead head = reader.head();
        if (head.kind() != NetworkKind.SAME_DIFF) {
            throw new PackedFormatException("the file holds a " + head.kind() + "; load it with QuantizedModel");
        }
        ByteBuffer layers = head.layers();
        if (layers != null && PortableNetwork.read(layers).reason() == null) {
            throw new PackedFormatException(
                    "the file has a SameDiff graph and a list of layers, which may be two networks");
        }
        SameDiff graph = skeleton(head.configuration());
        List<QuantizedParameter> quantized = new ArrayList<>();
        for (ParameterInfo info : head.parameters()) {
            requirePlaceFor(info, graph);
            ModelVector vector = new ModelVector(ModelTypes.of(info.type()), info.size());
            if (info.coding() == null) {
                reader.readRaw((first, block, n) -> vector.put(first, block, n, reader.position()));
            } else {
                PackedParameter parameter = reader.readParameter();
                ModelReader.decode(parameter, vector, 0, reader.position());
                quantized.add(ModelReader.quantized(parameter));
            }
            long[] shape = info.shape().stream().mapToLong(n -> n).toArray();
            // SameDiff copies views, and then into c order.
            graph.setArrayForVariable(
                    info.key(), vector.array().reshape(info.order(), shape).dup(info.order()));
        }
        reader.end();
        requireComplete(graph);
        try {
            FiniteNumbers.require(variables(graph));
        } catch (IllegalArgumentException e) {
            throw new PackedFormatException(String.valueOf(e.getMessage()), e);
        }
        return QuantizedSameDiff.of(graph, quantized);
    }

    private static SameDiff skeleton(String configuration) throws PackedFormatException {
        try {
            byte[] bytes = Base64.getDecoder().decode(configuration);
            FlatGraph flat = FlatGraph.getRootAsFlatGraph(ByteBuffer.wrap(bytes));
            // Its JSON names classes, which ND4J would instantiate.
            if (flat.trainingConfig() != null || flat.updaterStateLength() > 0) {
                throw new IllegalArgumentException("it has a training configuration");
            }
            if (flat.nodesLength() > bytes.length || flat.variablesLength() > bytes.length) {
                throw new IllegalArgumentException("it announces more than its bytes can hold");
            }
            return SameDiff.fromFlatBuffers(ByteBuffer.wrap(bytes), false);
        } catch (IOException | RuntimeException e) {
            throw new PackedFormatException("the file's graph is refused: " + e.getMessage(), e);
        }
    }

    private static void requirePlaceFor(ParameterInfo info, SameDiff graph) throws PackedFormatException {
        if (!info.layer().equals(LAYER)
                || !graph.hasVariable(info.key())
                || !holdsNumbers(graph.getVariable(info.key()))
                || graph.getVariable(info.key()).dataType() != ModelTypes.of(info.type())) {
            throw new PackedFormatException(info + " of type " + info.type() + " has no place in the file's graph");
        }
    }

    private static void requireComplete(SameDiff graph) throws PackedFormatException {
        for (SDVariable variable : graph.variables()) {
            if (holdsNumbers(variable) && variable.getArr() == null) {
                throw new PackedFormatException("the file has no numbers for variable '" + variable.name() + "'");
            }
        }
    }
}
