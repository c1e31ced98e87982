package io.github.dl4jaskew.export;

import io.github.dl4jaskew.internal.rule.ArrayWeights;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer on its way into the graph.
 *
 * @param graph where it goes
 * @param parameters adds its parameters
 * @param name its name
 * @param prefix what stands before its keys in the table: "f" or "b" in a bidirectional layer
 * @param table its parameters
 */
record OnnxLayer(OnnxGraph graph, OnnxParameters parameters, String name, String prefix, Map<String, INDArray> table) {

    OnnxLayer part(String itsPrefix) {
        return new OnnxLayer(graph, parameters, name, prefix + itsPrefix, table);
    }

    boolean has(String key) {
        return table.containsKey(prefix + key);
    }

    INDArray array(String key) {
        INDArray array = table.get(prefix + key);
        if (array == null) {
            throw new IllegalArgumentException("layer '" + name + "' has no parameter '" + prefix + key + "'");
        }
        return array;
    }

    /** A parameter with its axes in this order. */
    String parameter(String key, int... axes) {
        INDArray array = array(key);
        return parameter(key, OnnxParameters.shape(array, axes), OnnxParameters.permuted(array, axes));
    }

    String parameter(String key, long[] shape, LongUnaryOperator memory) {
        return parameters.add(name, prefix + key, array(key), shape, memory);
    }

    /** A parameter as a vector, in the order of its memory. */
    String vector(String key) {
        return parameter(key, new long[] {array(key).length()}, i -> i);
    }

    double[] numbers(String key) {
        INDArray array = array(key);
        ArrayWeights weights = new ArrayWeights(array);
        return LongStream.range(0, array.length()).mapToDouble(weights::at).toArray();
    }

    String node(String op, String... inputs) {
        return graph.node(op, name, inputs);
    }

    String node(String op, Map<String, ?> attributes, String... inputs) {
        return graph.node(op, name, attributes, inputs);
    }

    String scalar(double value) {
        return graph.scalar(name + "/number", value);
    }

    /** That a layer or vertex cannot be exported. */
    IllegalArgumentException refusal(Object configuration, String reason) {
        return refusal(name, configuration, reason);
    }

    static IllegalArgumentException refusal(String name, Object configuration, String reason) {
        return new IllegalArgumentException("cannot be exported to ONNX: layer '" + name + "', a "
                + configuration.getClass().getSimpleName() + ": " + reason);
    }
}
