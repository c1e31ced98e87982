package io.github.dl4jaskew.packed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what {@link HeaderFormat} reads. */
final class HeadWriter {

    private HeadWriter() {}

    static byte[] configuration(NetworkKind kind, String json) {
        return new FieldWriter().choice(kind, 0).text(json).toByteArray();
    }

    static byte[] parameters(List<ParameterInfo> parameters) {
        Map<List<Double>, Integer> grids = new LinkedHashMap<>();
        FieldWriter table = new FieldWriter();
        for (ParameterInfo p : parameters) {
            Coding coding = p.coding();
            table.string(p.layer()).string(p.key());
            table.choice(p.type(), 0).u8(p.order()).shape(p.shape());
            if (coding == null) {
                table.u8(0);
            } else {
                table.choice(coding.packing(), 1);
                Integer known = grids.putIfAbsent(coding.levels(), grids.size());
                table.u32(known == null ? grids.size() - 1 : known);
                table.u32(coding.channels()).u64(coding.stride());
            }
        }
        FieldWriter out = new FieldWriter().u32(grids.size());
        grids.keySet().forEach(levels -> out.u16(levels.size()).f64s(levels));
        return out.u32(parameters.size()).bytes(table.toByteArray()).toByteArray();
    }

    static byte[] labels(List<String> labels) {
        Ranges.check("number of labels", labels.size(), 0, HeaderFormat.MAXIMUM_LABELS);
        FieldWriter out = new FieldWriter().u32(labels.size());
        labels.forEach(out::string);
        return out.toByteArray();
    }

    static byte[] normalization(Normalization normalization) {
        FieldWriter out = new FieldWriter().choice(normalization.kind(), 1);
        out.u32(normalization.constants().size()).f64s(normalization.constants());
        out.u8(normalization.arrays().size());
        for (Normalization.Values array : normalization.arrays()) {
            out.choice(array.type(), 0).shape(array.shape()).f64s(array.numbers());
        }
        return out.toByteArray();
    }
}
