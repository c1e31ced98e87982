package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.packed.ValueType;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;

/** ND4J's types and the file's. */
final class ModelTypes {

    private static final Map<DataType, ValueType> TYPES = Map.of(
            DataType.FLOAT, ValueType.FLOAT32,
            DataType.DOUBLE, ValueType.FLOAT64,
            DataType.FLOAT16, ValueType.FLOAT16,
            DataType.BFLOAT16, ValueType.BFLOAT16);

    private ModelTypes() {}

    /** The file's type, if there is one. */
    static ValueType of(DataType type) {
        ValueType found = TYPES.get(type);
        if (found == null) {
            throw new IllegalArgumentException("arrays of type " + type + " cannot be packed");
        }
        return found;
    }

    static DataType of(ValueType type) {
        return TYPES.entrySet().stream()
                .filter(e -> e.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }
}
