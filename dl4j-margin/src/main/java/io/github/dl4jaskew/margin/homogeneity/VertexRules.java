package io.github.dl4jaskew.margin.homogeneity;

import io.github.dl4jaskew.margin.homogeneity.Reason.Kind;
import java.util.List;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;

/** What each vertex of a graph that holds no layer does to the degrees of its inputs. */
final class VertexRules {

    private static final List<Class<? extends GraphVertex>> LINEAR = List.of(
            ElementWiseVertex.class,
            MergeVertex.class,
            StackVertex.class,
            UnstackVertex.class,
            SubsetVertex.class,
            ReshapeVertex.class,
            PoolHelperVertex.class,
            PreprocessorVertex.class,
            ScaleVertex.class,
            L2Vertex.class,
            LastTimeStepVertex.class,
            ReverseTimeSeriesVertex.class,
            DuplicateToTimeSeriesVertex.class);

    private VertexRules() {}

    /**
     * The degree behind a vertex.
     *
     * @param name of the vertex
     * @param vertex its configuration, without a layer
     * @param inputs degrees, at least one
     */
    static Flow apply(String name, GraphVertex vertex, List<Integer> inputs) {
        if (vertex instanceof FrozenVertex frozen) {
            return apply(name, frozen.getUnderlying(), inputs);
        }
        int largest = inputs.stream().mapToInt(d -> d).max().orElse(0);
        if (largest == 0 && vertex.numParams(true) == 0) {
            return Flow.of(0);
        } else if (vertex instanceof ElementWiseVertex it && it.getOp() == ElementWiseVertex.Op.Product) {
            return Flow.of(inputs.stream().mapToInt(d -> d).sum());
        } else if (vertex instanceof L2NormalizeVertex) {
            return Flow.of(0);
        } else if (vertex instanceof ShiftVertex shift) {
            return shift.getShiftFactor() == 0
                    ? Flow.of(largest)
                    : broken(largest, name, Kind.BROKEN, "adds the constant " + shift.getShiftFactor());
        } else if (LINEAR.stream().noneMatch(type -> type.isInstance(vertex))) {
            String type = vertex.getClass().getSimpleName();
            return broken(
                    largest, name, Kind.UNKNOWN, "vertices of class " + type + " are not known to be homogeneous");
        }
        TreeSet<Integer> degrees = new TreeSet<>(inputs);
        return degrees.size() == 1
                ? Flow.of(largest)
                : broken(largest, name, Kind.BROKEN, "joins inputs of different degrees, " + degrees);
    }

    private static Flow broken(int degree, String name, Kind kind, String text) {
        return Flow.of(degree, new Reason(name, kind, text));
    }
}
