package io.github.dl4jaskew.plan;

import io.github.dl4jaskew.Askew;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Which variables of a SameDiff graph a recipe claims: the counterpart of {@link Layers}, which selects layers of DL4J's
 * networks. A selection that claims nothing, or names a variable that is not there or not trained, is an error at {@link
 * Askew#install(org.nd4j.autodiff.samediff.SameDiff)}. Immutable and thread safe if its predicates are.
 *
 * <p>SameDiff does not say which variables are weights. A variable counts as one if it has two axes or more and is longer
 * than 1 along at least two of them, or is a column {@code [n, 1]}; others, such as {@code [n]} and {@code [1, n]}, are
 * taken for biases and gains, which only {@link #named} and predicates claim.
 */
public final class Variables extends Selection<Variables.VariableInfo, Variables> {

    /**
     * What a predicate sees of a variable.
     *
     * @param name its name
     * @param shape its shape
     * @param type its data type
     * @param isWeight whether its shape is that of a weight rather than of a bias or gain
     * @param isFirst whether it is the first weight, in the order of the operations that read them
     * @param isLast whether it is the last weight
     */
    public record VariableInfo(
            String name, List<Long> shape, DataType type, boolean isWeight, boolean isFirst, boolean isLast) {

        /** Copies the shape. */
        public VariableInfo {
            shape = List.copyOf(shape);
        }
    }

    private final Map<String, Integer> axes;

    private Variables(Choice<VariableInfo> choice) {
        this(choice, Map.of());
    }

    private Variables(Choice<VariableInfo> choice, Map<String, Integer> axes) {
        super(choice);
        this.axes = axes;
    }

    @Override
    Variables with(Choice<VariableInfo> choice) {
        return new Variables(choice, axes);
    }

    /** {@return a selection of every weight} */
    public static Variables all() {
        return new Variables(new Choice<>(VariableInfo::isWeight, "all"));
    }

    /**
     * Variables by name, whatever their shape.
     *
     * @param names names of trained variables, which must exist in the graph
     * @return the selection
     */
    public static Variables named(String... names) {
        return new Variables(Choice.named(VariableInfo::name, names));
    }

    /**
     * Weights whose whole name matches a regular expression, such as {@code "encoder/.*"}.
     *
     * @param regex a regular expression of {@link Pattern}
     * @return the selection
     * @throws java.util.regex.PatternSyntaxException if it is none
     */
    public static Variables matching(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return new Variables(new Choice<>(
                variable ->
                        variable.isWeight() && pattern.matcher(variable.name()).matches(),
                "matching " + regex));
    }

    /**
     * Variables by a condition, whatever their shape.
     *
     * @param predicate true for variables to claim
     * @return the selection
     */
    public static Variables matching(Predicate<VariableInfo> predicate) {
        return new Variables(new Choice<>(predicate, "matching a predicate"));
    }

    /** {@return a selection of the first and the last weight} Most useful in {@code all().except(firstAndLast())}. */
    public static Variables firstAndLast() {
        return new Variables(Choice.firstAndLast(VariableInfo::isFirst, VariableInfo::isLast));
    }

    /**
     * These variables without some others.
     *
     * @param names names of trained variables, which must exist in the graph
     * @return a new selection
     */
    public Variables except(String... names) {
        return except(named(names));
    }

    /**
     * These variables and some others.
     *
     * @param others selection to add; where both give a variable's axis, this one's counts
     * @return a new selection
     */
    @Override
    public Variables or(Variables others) {
        Map<String, Integer> both = new LinkedHashMap<>(others.axes);
        both.putAll(axes);
        return new Variables(super.or(others).choice(), both);
    }

    /**
     * Says along which axis the output channels of a variable lie, for scales per channel.
     *
     * <p>Without it, the operation that reads the variable decides where it is a matrix product or a convolution:
     *
     * <table>
     * <caption>Axes of the output channels</caption>
     * <tr><th>operation</th><th>shape</th><th>channels</th></tr>
     * <tr><td>{@code mmul(x, W)}, {@code linear}</td><td>[in, out]</td><td>out</td></tr>
     * <tr><td>{@code mmul(x, W)} transposed, {@code mmul(W, x)}</td><td>[out, in]</td><td>out</td></tr>
     * <tr><td>convolutions</td><td>[k..., in, out]; OIYX and OYXI: [out, ...]</td><td>out</td></tr>
     * <tr><td>{@code deconv2d}, {@code deconv3d}</td><td>[k..., out, in]</td><td>out</td></tr>
     * <tr><td>{@code depthWiseConv2d}, depth weights of {@code separableConv2d}</td><td>[kH, kW, in, mult]</td>
     *     <td>in x mult</td></tr>
     * <tr><td>all others</td><td>[..., out]</td><td>the last axis</td></tr>
     * </table>
     *
     * @param name name of a trained variable, which must exist in the graph
     * @param axis from 0, or from -1 for the last axis
     * @return a new selection of the same variables
     */
    public Variables axis(String name, int axis) {
        Map<String, Integer> more = new LinkedHashMap<>(axes);
        more.put(name, axis);
        return new Variables(choice().requiring(Set.of(name)), more);
    }

    /**
     * Finds the axis of a variable's output channels.
     *
     * @param name the variable's name
     * @return the axis, or null if it was not given
     */
    @Nullable
    public Integer axisOf(String name) {
        return axes.get(name);
    }
}
