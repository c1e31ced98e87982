package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.internal.network.NetworkParameter;
import io.github.dl4jaskew.packed.Coding;
import io.github.dl4jaskew.packed.ParameterInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The memory of a model, parameter by parameter. Prints as a table.
 *
 * @param rows one for each parameter, in network order
 * @param warnings the model's, see {@link QuantizedModel#warnings()}
 */
public record MemoryReport(List<Row> rows, List<String> warnings) {

    /**
     * One parameter.
     *
     * @param layer its layer's name
     * @param parameter its key
     * @param bits bits of a code, or of a number if it is not quantized
     * @param parameters number of elements
     * @param floatBytes bytes in the network as it was trained
     * @param packedBytes bytes of codes and scales; for a parameter that is not quantized, of its numbers
     */
    public record Row(String layer, String parameter, int bits, long parameters, long floatBytes, long packedBytes) {}

    /** Copies the lists. */
    public MemoryReport {
        rows = List.copyOf(rows);
        warnings = List.copyOf(warnings);
    }

    static MemoryReport of(List<NetworkParameter> all, List<QuantizedParameter> parameters, List<String> warnings) {
        List<ParameterInfo> table = ModelWriter.table(all, parameters);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < table.size(); i++) {
            ParameterInfo p = table.get(i);
            Coding coding = p.coding();
            rows.add(new Row(
                    p.layer(),
                    p.key(),
                    coding == null ? Byte.SIZE * p.type().bytes() : coding.bits(),
                    p.size(),
                    p.size() * all.get(i).array().dataType().width(),
                    p.dataBytes()));
        }
        return new MemoryReport(rows, warnings);
    }

    /** {@return the bytes of all parameters in the network as it was trained} */
    public long floatBytes() {
        return rows.stream().mapToLong(Row::floatBytes).sum();
    }

    /** {@return the bytes of all parameters when packed} */
    public long packedBytes() {
        return rows.stream().mapToLong(Row::packedBytes).sum();
    }

    /** {@return how many times smaller the packed parameters are: {@code floatBytes / packedBytes}} */
    public double ratio() {
        return (double) floatBytes() / packedBytes();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        String format = "%-20s %-10s %5s %14s %14s %14s%n";
        text.append(String.format(format, "layer", "parameter", "bits", "parameters", "float bytes", "packed"));
        for (Row r : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    format,
                    r.layer(),
                    r.parameter(),
                    r.bits(),
                    r.parameters(),
                    r.floatBytes(),
                    r.packedBytes()));
        }
        text.append(String.format(
                Locale.ROOT,
                "total: %d bytes, packed %d bytes, %.1f times smaller%n",
                floatBytes(),
                packedBytes(),
                ratio()));
        warnings.forEach(line -> text.append("WARNING: ").append(line).append(System.lineSeparator()));
        return text.toString();
    }
}
