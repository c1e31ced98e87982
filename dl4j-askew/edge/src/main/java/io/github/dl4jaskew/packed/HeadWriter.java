package io.github.dl4jaskew.packed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what {@link HeaderFormat} reads. Not part of the edge artifact, which only reads. */
final class HeadWriter {

    private HeadWriter() {}

    static byte[] configuration(NetworkKind kind, String json) {
        return new FieldWriter().u8(kind.number()).text(json).toByteArray();
    }

    static byte[] parameters(List<ParameterInfo> parameters) {
        Map<List<Double>, Integer> grids = new LinkedHashMap<>();
        FieldWriter table = new FieldWriter();
        for (ParameterInfo p : parameters) {
            Coding coding = p.coding();
            table.string(p.layer()).string(p.key());
            table.u8(p.type().number()).u8(p.order()).shape(p.shape());
            table.u8(coding == null ? 0 : coding.packing().number());
            if (coding != null) {
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
        FieldWriter out = new FieldWriter().u8(normalization.kind().number());
        out.u32(normalization.constants().size()).f64s(normalization.constants());
        out.u8(normalization.arrays().size());
        for (Normalization.Values array : normalization.arrays()) {
            out.u8(array.type().number()).shape(array.shape()).f64s(array.numbers());
        }
        return out.toByteArray();
    }
}
