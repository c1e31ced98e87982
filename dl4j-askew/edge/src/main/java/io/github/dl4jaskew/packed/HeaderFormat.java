package io.github.dl4jaskew.packed;

import java.util.ArrayList;
import java.util.List;

/** Reads the payloads of all sections before the parameters' numbers. */
final class HeaderFormat {

    static final String CONF = "CONF";
    static final String PARS = "PARS";
    static final String NORM = "norm";
    static final String LABL = "labl";
    static final String LAYR = "layr";

    static final int MAXIMUM_LABELS = 1 << 20;

    private static final ValueType[] TYPES = ValueType.values();

    private HeaderFormat() {}

    /** Kind and configuration. */
    record Configuration(NetworkKind kind, String json) {}

    static Configuration configuration(byte[] payload) throws PackedFormatException {
        ByteReader in = new ByteReader(CONF, payload);
        NetworkKind kind = in.choice("the kind of network", NetworkKind.values(), 0);
        return new Configuration(kind, in.rest("the configuration"));
    }

    static List<ParameterInfo> parameters(byte[] payload) throws PackedFormatException {
        ByteReader in = new ByteReader(PARS, payload);
        List<List<Double>> grids = new ArrayList<>();
        long gridCount = in.u32("number of grids");
        for (long i = 0; i < gridCount; i++) {
            // Immutable, so that a million parameters share it.
            grids.add(List.copyOf(in.f64s(in.u16("number of levels"), "levels of a grid")));
        }
        List<ParameterInfo> parameters = new ArrayList<>();
        long count = in.u32("number of parameters");
        for (long i = 0; i < count; i++) {
            parameters.add(parameter(in, grids));
        }
        in.end();
        return parameters;
    }

    private static ParameterInfo parameter(ByteReader in, List<List<Double>> grids) throws PackedFormatException {
        String layer = in.string("name of a layer");
        String key = in.string("key of a parameter");
        ValueType type = in.choice("type of a parameter", TYPES, 0);
        char order = (char) in.u8("memory order");
        List<Long> shape = in.shape("shape of a parameter");
        int coding = in.u8("coding");
        try {
            return new ParameterInfo(layer, key, type, order, shape, coding == 0 ? null : coding(in, coding, grids));
        } catch (IllegalArgumentException e) {
            throw in.bad(e);
        }
    }

    private static Coding coding(ByteReader in, int number, List<List<Double>> grids) throws PackedFormatException {
        Packing packing = in.choice("the coding of a parameter", number, Packing.values(), 1);
        long grid = in.u32("index of a grid");
        if (grid >= grids.size()) {
            throw in.bad("grid " + grid + " does not exist; there are " + grids.size());
        }
        return new Coding(
                grids.get((int) grid), packing, (int) in.u32("number of channels"), in.u64("stride of channels"));
    }

    static List<String> labels(byte[] payload) throws PackedFormatException {
        ByteReader in = new ByteReader(LABL, payload);
        List<String> labels = new ArrayList<>();
        long count = in.u32("number of labels");
        if (count > MAXIMUM_LABELS) {
            throw in.bad("number of labels is " + count + "; allowed are at most " + MAXIMUM_LABELS);
        }
        for (long i = 0; i < count; i++) {
            labels.add(in.string("a label"));
        }
        in.end();
        return labels;
    }

    static Normalization normalization(byte[] payload) throws PackedFormatException {
        ByteReader in = new ByteReader(NORM, payload);
        Normalization.Kind kind = in.choice("the kind of normalization", Normalization.Kind.values(), 1);
        List<Double> constants = in.f64s(in.u32("number of constants"), "constants");
        int count = in.u8("number of arrays");
        List<Normalization.Values> arrays = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                arrays.add(values(in));
            }
            in.end();
            return new Normalization(kind, constants, arrays);
        } catch (IllegalArgumentException e) {
            throw in.bad(e);
        }
    }

    private static Normalization.Values values(ByteReader in) throws PackedFormatException {
        ValueType type = in.choice("type of an array", TYPES, 0);
        List<Long> shape = in.shape("shape of an array");
        long count = 1;
        for (long axis : shape) {
            if (axis < 1 || axis > Integer.MAX_VALUE / count) {
                throw in.bad("an array has shape " + shape);
            }
            count *= axis;
        }
        return new Normalization.Values(type, shape, in.f64s(count, "an array"));
    }
}
