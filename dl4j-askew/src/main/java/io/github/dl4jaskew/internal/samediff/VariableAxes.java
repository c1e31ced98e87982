package io.github.dl4jaskew.internal.samediff;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.internal.install.OutputChannels;
import io.github.dl4jaskew.plan.Variables;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** Where the output channels of a SameDiff variable lie; see {@link Variables#axis}. */
final class VariableAxes {

    /** Where convolutions keep the layout of their weights among their integer arguments. */
    private static final int WEIGHTS_FORMAT = 10;

    private VariableAxes() {}

    static Channels of(SameDiff graph, String name, INDArray weights, @Nullable Integer chosen) {
        int rank = weights.rank();
        if (chosen != null) {
            int axis = chosen < 0 ? rank + chosen : chosen;
            if (axis < 0 || axis >= rank) {
                throw new IllegalArgumentException("axis is " + chosen + "; allowed is " + -rank + " to " + (rank - 1)
                        + " for shape " + ConstrainedVariable.shapeOf(weights));
            }
            return OutputChannels.axes(weights, axis);
        }
        SameDiffOp reader = readerOf(graph, name);
        if (reader != null && reader.getOp() instanceof DynamicCustomOp op) {
            boolean left = isInput(reader, 0, name);
            return switch (op.opName()) {
                case "matmul" -> {
                    boolean transposed = argument(op, left ? 0 : 1) == 1;
                    int axis = left == transposed ? rank - 1 : rank - 2;
                    yield OutputChannels.axes(weights, axis);
                }
                case "conv2d" -> OutputChannels.axes(weights, argument(op, WEIGHTS_FORMAT) == 0 ? rank - 1 : 0);
                case "deconv2d" ->
                    OutputChannels.axes(
                            weights,
                            switch (argument(op, WEIGHTS_FORMAT)) {
                                case 0 -> 2;
                                case 1 -> 1;
                                default -> 3;
                            });
                case "deconv3d" -> OutputChannels.axes(weights, rank - 2);
                case "sconv2d" ->
                    isInput(reader, 1, name)
                            ? OutputChannels.axes(weights, 2, 3)
                            : OutputChannels.axes(weights, rank - 1);
                case "depthwise_conv2d" ->
                    switch (argument(op, WEIGHTS_FORMAT)) {
                        case 0 -> OutputChannels.axes(weights, 2, 3);
                        case 1 -> OutputChannels.axes(weights, 0, 1);
                        default ->
                            throw new IllegalArgumentException("the channels of a depthwise convolution in format OYXI"
                                    + " do not lie side by side; use a scale per tensor, or choose an axis");
                    };
                default -> OutputChannels.axes(weights, rank - 1);
            };
        }
        return OutputChannels.axes(weights, rank - 1);
    }

    private static @Nullable SameDiffOp readerOf(SameDiff graph, String name) {
        Variable variable = graph.getVariables().get(name);
        List<String> readers = variable == null ? null : variable.getInputsForOp();
        return readers == null || readers.isEmpty() ? null : graph.getOps().get(readers.get(0));
    }

    private static boolean isInput(SameDiffOp op, int place, String name) {
        return name.equals(op.getInputsToOp().get(place));
    }

    private static int argument(DynamicCustomOp op, int index) {
        return op.numIArguments() > index ? op.getIArgument(index).intValue() : 0;
    }
}
