package io.github.dl4jaskew.packed;

import java.util.Arrays;
import java.util.List;

/**
 * One layer of a network in simple terms. A parameter is named by its index in the file's table; {@link #NONE} stands for a
 * parameter that the layer does not have. Numbers are laid out as {@code [features]} or {@code [channels, height, width]},
 * the last varying fastest. Each record refuses numbers out of range with an {@link IllegalArgumentException}. Immutable,
 * thread safe.
 */
public sealed interface PortableLayer {

    /** The index of a parameter that the layer does not have. */
    int NONE = -1;

    /** The largest number of features, channels, rows or columns. */
    int MAXIMUM_SIZE = 1 << 26;

    /** {@return indices of the layer's parameters in the file's table, none of them {@link #NONE}} */
    default List<Integer> parameters() {
        return List.of();
    }

    private static List<Integer> present(int... indices) {
        return Arrays.stream(indices).filter(i -> i != NONE).boxed().toList();
    }

    /**
     * {@code y_j = sum_i W_ij x_i + b_j} on features.
     *
     * @param inputs number of features, at least 1
     * @param outputs number of units, at least 1
     * @param weights parameter of shape {@code [inputs, outputs]}
     * @param bias parameter of {@code outputs} elements, or {@link #NONE}
     */
    record Dense(int inputs, int outputs, int weights, int bias) implements PortableLayer {
        /** Checks the ranges. */
        public Dense {
            Ranges.size("inputs", inputs);
            Ranges.size("outputs", outputs);
            Ranges.parameter("weights", weights, 0);
            Ranges.parameter("bias", bias, NONE);
        }

        @Override
        public List<Integer> parameters() {
            return present(weights, bias);
        }
    }

    /**
     * Cross-correlation of an image with a kernel for each output channel.
     *
     * @param inputs number of input channels, at least 1
     * @param outputs number of output channels, at least 1
     * @param window how the kernel slides; padding counts as 0
     * @param weights parameter of shape {@code [outputs, inputs, kernelHeight, kernelWidth]}
     * @param bias parameter of {@code outputs} elements, or {@link #NONE}
     */
    record Convolution(int inputs, int outputs, Window window, int weights, int bias) implements PortableLayer {
        /** Checks the ranges. */
        public Convolution {
            Ranges.size("input channels", inputs);
            Ranges.size("output channels", outputs);
            Ranges.parameter("weights", weights, 0);
            Ranges.parameter("bias", bias, NONE);
        }

        @Override
        public List<Integer> parameters() {
            return present(weights, bias);
        }
    }

    /**
     * Pooling of an image, each channel by itself.
     *
     * @param kind any but {@link PoolingKind#SUM}
     * @param power p of the norm, at least 1; 1 for other kinds
     * @param window how the kernel slides
     */
    record Pooling(PoolingKind kind, int power, Window window) implements PortableLayer {
        /** Checks kind and power. */
        public Pooling {
            Ranges.check("power", power, 1, Window.MAXIMUM);
            if (kind == PoolingKind.SUM) {
                throw new IllegalArgumentException("pooling is SUM; allowed are MAX, MEAN, MEAN_WITH_PADDING, NORM");
            }
        }
    }

    /**
     * Pooling of each channel of an image to one feature.
     *
     * @param kind any but {@link PoolingKind#MEAN_WITH_PADDING}
     * @param power p of the norm, at least 1; 1 for other kinds
     */
    record GlobalPooling(PoolingKind kind, int power) implements PortableLayer {
        /** Checks kind and power. */
        public GlobalPooling {
            Ranges.check("power", power, 1, Window.MAXIMUM);
            if (kind == PoolingKind.MEAN_WITH_PADDING) {
                throw new IllegalArgumentException("pooling is MEAN_WITH_PADDING; allowed are MAX, MEAN, NORM, SUM");
            }
        }
    }

    /**
     * {@code y = (x - mean) / sqrt(variance + eps) * gamma + beta} for each feature, or channel of an image.
     *
     * @param channels number of features or channels, at least 1; each parameter has as many elements
     * @param mean parameter
     * @param variance parameter
     * @param logarithm whether {@code variance} holds {@code log10} of the deviation instead
     * @param gamma parameter, or {@link #NONE} for 1
     * @param beta parameter, or {@link #NONE} for 0
     * @param eps at least 0
     */
    record BatchNorm(int channels, int mean, int variance, boolean logarithm, int gamma, int beta, double eps)
            implements PortableLayer {
        /** Checks the ranges. */
        public BatchNorm {
            Ranges.size("channels", channels);
            Ranges.parameter("mean", mean, 0);
            Ranges.parameter("variance", variance, 0);
            Ranges.parameter("gamma", gamma, NONE);
            Ranges.parameter("beta", beta, NONE);
            if (!(eps >= 0 && eps < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("eps is " + eps + "; allowed are finite numbers of at least 0");
            }
        }

        @Override
        public List<Integer> parameters() {
            return present(mean, variance, gamma, beta);
        }
    }

    /**
     * A function of each number, or softmax.
     *
     * @param kind the function
     * @param arguments as many as it takes; not NaN
     */
    record Activation(ActivationKind kind, List<Double> arguments) implements PortableLayer {
        private static final int MAXIMUM_LEVEL = 255;

        /** Checks and copies the arguments. */
        public Activation {
            arguments = List.copyOf(arguments);
            if (arguments.size() != kind.arguments() || arguments.contains(Double.NaN)) {
                throw new IllegalArgumentException(
                        kind + " has arguments " + arguments + "; it takes " + kind.arguments() + " that are numbers");
            }
            if (kind == ActivationKind.LEVELS) {
                checkLevels(arguments.get(0), arguments.get(1), arguments.get(2));
            }
        }

        private static void checkLevels(double clip, double above, double least) {
            if (!(clip >= 0 && clip <= Float.MAX_VALUE)
                    || !(above >= 1 && above <= MAXIMUM_LEVEL && above == Math.rint(above))
                    || (least != 0 && least != -above)) {
                throw new IllegalArgumentException("levels have clip " + clip + ", n " + above + " and m " + least
                        + "; allowed are a finite clip of at least 0, n of 1 to " + MAXIMUM_LEVEL + ", m of 0 or -n");
            }
        }
    }

    /**
     * {@code y = x < 0 ? alpha x : x}.
     *
     * @param alpha parameter of the shape of the input, with 1 along axes that share it
     */
    record ParametricRelu(int alpha) implements PortableLayer {
        /** Checks the index. */
        public ParametricRelu {
            Ranges.parameter("alpha", alpha, 0);
        }

        @Override
        public List<Integer> parameters() {
            return List.of(alpha);
        }
    }

    /**
     * Zeros around an image; negative numbers cut rows and columns off.
     *
     * @param top rows above, -{@link Window#MAXIMUM} to {@link Window#MAXIMUM}, as all
     * @param bottom rows below
     * @param left columns at the left
     * @param right columns at the right
     */
    record Padding(int top, int bottom, int left, int right) implements PortableLayer {
        /** Checks the ranges. */
        public Padding {
            Ranges.check("top", top, -Window.MAXIMUM, Window.MAXIMUM);
            Ranges.check("bottom", bottom, -Window.MAXIMUM, Window.MAXIMUM);
            Ranges.check("left", left, -Window.MAXIMUM, Window.MAXIMUM);
            Ranges.check("right", right, -Window.MAXIMUM, Window.MAXIMUM);
        }
    }

    /**
     * Repeats each row and column of an image.
     *
     * @param height how many times a row, 1 to {@link Window#MAXIMUM}
     * @param width how many times a column, 1 to {@link Window#MAXIMUM}
     */
    record Upsampling(int height, int width) implements PortableLayer {
        /** Checks the ranges. */
        public Upsampling {
            Ranges.check("height", height, 1, Window.MAXIMUM);
            Ranges.check("width", width, 1, Window.MAXIMUM);
        }
    }

    /**
     * Features become an image of as many numbers; nothing moves.
     *
     * @param channels at least 1
     * @param height at least 1
     * @param width at least 1
     */
    record ToImage(int channels, int height, int width) implements PortableLayer {
        /** Checks the ranges. */
        public ToImage {
            Ranges.size("channels", channels);
            Ranges.size("height", height);
            Ranges.size("width", width);
        }
    }

    /** An image becomes features; nothing moves. */
    record ToFeatures() implements PortableLayer {}
}
