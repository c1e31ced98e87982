package io.github.dl4jaskew.packed;

/**
 * Where the weights of a convolution lie in a parameter: output o of group g, for input i of the group, row y and column x of
 * the kernel, is element {@code offset + g group + o output + i input + y row + x column} in the order of the memory. Immutable,
 * thread safe.
 *
 * @param offset of the first
 * @param group from one group to the next
 * @param output from one output channel of a group to the next
 * @param input from one input channel of a group to the next
 * @param row from one row of the kernel to the next; may be negative, as that of columns
 * @param column from one column of the kernel to the next
 */
public record KernelLayout(int offset, int group, int output, int input, int row, int column) {

    static KernelLayout read(ByteReader in) throws PackedFormatException {
        return new KernelLayout(
                in.i32("offset"),
                in.i32("group's stride"),
                in.i32("output's stride"),
                in.i32("input's stride"),
                in.i32("row's stride"),
                in.i32("column's stride"));
    }

    void write(FieldWriter out) {
        out.u32(offset).u32(group).u32(output).u32(input).u32(row).u32(column);
    }

    /**
     * The place of a weight.
     *
     * @param g group
     * @param o output channel of the group
     * @param i input channel of the group
     * @param y row of the kernel
     * @param x column of the kernel
     * @return where it lies, which may be outside the parameter if the file is wrong
     */
    public long at(int g, int o, int i, int y, int x) {
        return offset + (long) g * group + (long) o * output + (long) i * input + (long) y * row + (long) x * column;
    }
}
