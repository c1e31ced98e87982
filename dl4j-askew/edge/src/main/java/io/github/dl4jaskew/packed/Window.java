package io.github.dl4jaskew.packed;

/**
 * How a kernel slides over an image: {@code [height, width]} of each quantity, in this order.
 *
 * <p>With {@code e = k + (k - 1)(d - 1)}, an axis of {@code n} numbers gives {@code (n + 2 p - e) / s + 1} positions, the first
 * at {@code -p}. In mode {@code same} it gives {@code ceil(n / s)}, the first at {@code -((out - 1) s + e - n) / 2}, and the
 * stored padding is not used. Both divisions round towards zero. Immutable, thread safe.
 *
 * @param kernelHeight 1 to {@link #MAXIMUM}, as all but the padding
 * @param kernelWidth columns of the kernel
 * @param strideHeight rows from one position to the next
 * @param strideWidth columns from one position to the next
 * @param paddingHeight rows of padding at the top and at the bottom, 0 to {@link #MAXIMUM}
 * @param paddingWidth columns of padding at each side, 0 to {@link #MAXIMUM}
 * @param dilationHeight rows from one row of the kernel to the next
 * @param dilationWidth columns from one column of the kernel to the next
 * @param same whether the padding follows from the size
 */
public record Window(
        int kernelHeight,
        int kernelWidth,
        int strideHeight,
        int strideWidth,
        int paddingHeight,
        int paddingWidth,
        int dilationHeight,
        int dilationWidth,
        boolean same) {

    /** The largest value of each number. */
    public static final int MAXIMUM = 1 << 15;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public Window {
        range("kernel height", kernelHeight, 1);
        range("kernel width", kernelWidth, 1);
        range("stride height", strideHeight, 1);
        range("stride width", strideWidth, 1);
        range("padding height", paddingHeight, 0);
        range("padding width", paddingWidth, 0);
        range("dilation height", dilationHeight, 1);
        range("dilation width", dilationWidth, 1);
    }

    static Window read(ByteReader in) throws PackedFormatException {
        return new Window(
                in.i32("kernel height"),
                in.i32("kernel width"),
                in.i32("stride height"),
                in.i32("stride width"),
                in.i32("padding height"),
                in.i32("padding width"),
                in.i32("dilation height"),
                in.i32("dilation width"),
                in.flag("mode same"));
    }

    void write(FieldWriter out) {
        out.u32(kernelHeight).u32(kernelWidth).u32(strideHeight).u32(strideWidth);
        out.u32(paddingHeight).u32(paddingWidth).u32(dilationHeight).u32(dilationWidth);
        out.flag(same);
    }

    private static void range(String name, int value, int from) {
        Ranges.check(name, value, from, MAXIMUM);
    }

    /**
     * Number of vertical positions.
     *
     * @param height rows of the image
     * @return at most 0 if the kernel does not fit
     */
    public int outputHeight(int height) {
        return output(height, kernelHeight, strideHeight, paddingHeight, dilationHeight);
    }

    /**
     * Number of horizontal positions.
     *
     * @param width columns of the image
     * @return at most 0 if the kernel does not fit
     */
    public int outputWidth(int width) {
        return output(width, kernelWidth, strideWidth, paddingWidth, dilationWidth);
    }

    /**
     * Rows of padding above the image.
     *
     * @param height rows of the image
     * @return negative if the first position lies inside the image, which DL4J refuses
     */
    public int top(int height) {
        return same ? before(height, kernelHeight, strideHeight, dilationHeight) : paddingHeight;
    }

    /**
     * Columns of padding left of the image.
     *
     * @param width columns of the image
     * @return negative if the first position lies inside the image, which DL4J refuses
     */
    public int left(int width) {
        return same ? before(width, kernelWidth, strideWidth, dilationWidth) : paddingWidth;
    }

    private int output(int size, int kernel, int stride, int padding, int dilation) {
        if (same) {
            return Math.toIntExact(((long) size + stride - 1) / stride);
        }
        long span = size + 2L * padding - extent(kernel, dilation);
        return span < 0 ? 0 : Math.toIntExact(span / stride + 1);
    }

    private int before(int size, int kernel, int stride, int dilation) {
        long out = ((long) size + stride - 1) / stride;
        return Math.toIntExact(((out - 1) * stride + extent(kernel, dilation) - size) / 2);
    }

    private static long extent(int kernel, int dilation) {
        return kernel + (kernel - 1L) * (dilation - 1);
    }
}
