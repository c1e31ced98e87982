package io.github.dl4jaskew.export;

import io.github.dl4jaskew.packed.Normalization;
import io.github.dl4jaskew.packed.Normalization.Kind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The normalization of features before the network: {@code (x - a) * b + c}. */
final class NormalizationNodes {

    private NormalizationNodes() {}

    /** The numbers, for the model's metadata. */
    static Map<String, Object> describe(Normalization n) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("kind", n.kind().name());
        description.put("constants", n.constants());
        description.put(
                "arrays", n.arrays().stream().map(Normalization.Values::numbers).toList());
        return description;
    }

    /** Adds it behind an input of this shape, along whose second axis the numbers lie, or over all of an example. */
    static String add(OnnxLayer layer, Normalization n, List<String> shape, String x) {
        boolean ofArrays = n.kind() == Kind.STANDARDIZE || n.kind() == Kind.MIN_MAX;
        List<Double> c = n.constants();
        int groups = n.kind() == Kind.IMAGE_RANGE
                ? 1
                : ofArrays ? n.arrays().get(0).numbers().size() : c.size();
        double[] a = new double[groups];
        double[] b = new double[groups];
        double[] shift = new double[groups];
        for (int g = 0; g < groups; g++) {
            if (n.kind() == Kind.STANDARDIZE) {
                a[g] = number(n, 0, g);
                b[g] = 1 / number(n, 1, g);
            } else if (n.kind() == Kind.IMAGE_MEAN) {
                a[g] = c.get(g);
                b[g] = 1;
            } else {
                boolean ofRange = n.kind() == Kind.IMAGE_RANGE;
                a[g] = ofRange ? 0 : number(n, 0, g);
                double range = ofRange ? c.get(2) : number(n, 1, g) - a[g];
                b[g] = (c.get(1) - c.get(0)) / range;
                shift[g] = c.get(0);
            }
        }
        long[] broadcast = new long[groups == 1 ? 0 : shape.size() - 1];
        Arrays.fill(broadcast, 1);
        if (groups > 1) {
            String known = shape.get(1);
            if (Character.isDigit(known.charAt(0)) && Integer.parseInt(known) != groups) {
                throw new IllegalArgumentException("cannot be exported to ONNX: the normalization has " + groups
                        + " numbers, which do not fit an input of shape " + shape);
            }
            broadcast[0] = groups;
        }
        String centred = layer.node("Sub", x, layer.graph().floats(layer.name() + "/offset", a, broadcast));
        String scaled = layer.node("Mul", centred, layer.graph().floats(layer.name() + "/factor", b, broadcast));
        return layer.node("Add", scaled, layer.graph().floats(layer.name() + "/shift", shift, broadcast));
    }

    private static double number(Normalization n, int array, int at) {
        return n.arrays().get(array).numbers().get(at);
    }
}
