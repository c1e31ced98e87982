package io.github.dl4jaskew.packed;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One layer of a network in simple terms. A parameter is named by its index in the file's table; {@link #NONE} stands for a
 * parameter that the layer does not have. Numbers are laid out as {@code [features]} or {@code [channels, height, width]},
 * the last varying fastest; a sequence is an image of height 1. Each record refuses numbers out of range with an {@link IllegalArgumentException}. Immutable,
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
        return List.of(Arrays.stream(indices).filter(i -> i != NONE).boxed().toArray(Integer[]::new));
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

    /** Numbers of an image that lie as {@code [height, width, channels]} are laid as {@code [channels, height, width]}. */
    record ChannelsFirst() implements PortableLayer {}

    /**
     * Numbers of an image are laid as {@code [height, width, channels]}: before {@link ToFeatures}, or at the end of a network.
     */
    record ChannelsLast() implements PortableLayer {}

    /** An image becomes features; nothing moves. */
    record ToFeatures() implements PortableLayer {}

    /**
     * Cross-correlation of an image, or of the images of each group of channels, with kernels that lie anywhere in a parameter.
     *
     * @param inputs number of input channels, a multiple of the groups
     * @param outputs number of output channels, a multiple of the groups
     * @param groups at least 1; those of the output see only those of the input at the same place
     * @param window how the kernel slides; padding counts as 0
     * @param weights parameter of {@code inputs / groups * outputs * kernelHeight * kernelWidth} elements
     * @param layout where each of them lies
     * @param bias parameter of {@code outputs} elements, or {@link #NONE}
     */
    record GroupedConvolution(
            int inputs, int outputs, int groups, Window window, int weights, KernelLayout layout, int bias)
            implements PortableLayer {
        /** Checks the ranges. */
        public GroupedConvolution {
            Ranges.size("input channels", inputs);
            Ranges.size("output channels", outputs);
            Ranges.check("groups", groups, 1, Math.min(inputs, outputs));
            if (inputs % groups != 0 || outputs % groups != 0) {
                throw new IllegalArgumentException("groups are " + groups + "; allowed are numbers that divide "
                        + inputs + " input and " + outputs + " output channels");
            }
            Ranges.parameter("weights", weights, 0);
            Ranges.parameter("bias", bias, NONE);
        }

        @Override
        public List<Integer> parameters() {
            return present(weights, bias);
        }
    }

    /**
     * Rows and columns of zeros between those of an image.
     *
     * @param height from one row to the next, 1 to {@link Window#MAXIMUM}
     * @param width from one column to the next, 1 to {@link Window#MAXIMUM}
     */
    record Spread(int height, int width) implements PortableLayer {
        /** Checks the ranges. */
        public Spread {
            Ranges.check("height", height, 1, Window.MAXIMUM);
            Ranges.check("width", width, 1, Window.MAXIMUM);
        }
    }

    /**
     * A recurrent layer along the width of an image of height 1, whose state begins with zeros. Without gates it is
     * {@code h_t = f(W x_t + R h_(t-1) + b)}. With gates, the rows of W, R and b are those of candidate a, forget gate f, output
     * gate o and input gate i, of {@code outputs} each: {@code c_t = f_t c_(t-1) + i_t a_t}, {@code h_t = o_t cell(c_t)}.
     *
     * @param gated whether it is an LSTM
     * @param inputs number of input channels, at least 1
     * @param outputs number of units, 1 to 2^24
     * @param weights parameter of shape {@code [inputs, outputs]}, or {@code [inputs, 4 outputs]}
     * @param recurrent parameter of shape {@code [outputs, outputs]}, or {@code [outputs, 4 outputs]}
     * @param bias parameter of {@code outputs} or {@code 4 outputs} elements
     * @param cell function of each number for candidate and cell; neither softmax nor levels
     * @param gate the same for gates
     */
    record Recurrent(
            boolean gated,
            int inputs,
            int outputs,
            int weights,
            int recurrent,
            int bias,
            Activation cell,
            Activation gate)
            implements PortableLayer {
        private static final int GATES = 4;

        /** Checks the ranges. */
        public Recurrent {
            Ranges.size("input channels", inputs);
            Ranges.check("units", outputs, 1, MAXIMUM_SIZE / GATES);
            Ranges.parameter("weights", weights, 0);
            Ranges.parameter("recurrent weights", recurrent, 0);
            Ranges.parameter("bias", bias, 0);
            requireSimple(cell);
            requireSimple(gate);
        }

        private static void requireSimple(Activation function) {
            if (function.kind == ActivationKind.SOFTMAX || function.kind == ActivationKind.LEVELS) {
                throw new IllegalArgumentException(
                        "a recurrent layer has the function " + function.kind + "; allowed are those of one number");
            }
        }

        /** {@return outputs, or four times as many with gates} */
        public int rows() {
            return gated ? GATES * outputs : outputs;
        }

        @Override
        public List<Integer> parameters() {
            return present(weights, recurrent, bias);
        }
    }

    /**
     * The row of a matrix whose number the input is, for each pixel of an image of one channel or for one feature.
     *
     * @param inputs number of rows, at least 1; an input outside 0 to {@code inputs - 1} is an error
     * @param outputs number of columns, at least 1
     * @param weights parameter of shape {@code [inputs, outputs]}
     * @param bias parameter of {@code outputs} elements, or {@link #NONE}
     */
    record Embedding(int inputs, int outputs, int weights, int bias) implements PortableLayer {
        /** Checks the ranges. */
        public Embedding {
            Ranges.size("rows", inputs);
            Ranges.size("columns", outputs);
            Ranges.parameter("weights", weights, 0);
            Ranges.parameter("bias", bias, NONE);
        }

        @Override
        public List<Integer> parameters() {
            return present(weights, bias);
        }
    }

    /** Of an image of height 1, the last column: its channels become features. */
    record LastStep() implements PortableLayer {}

    /** Columns of an image from the last to the first. */
    record Reverse() implements PortableLayer {}

    /** What is computed so far goes on, and is kept for {@link Combine} under the number of such layers before this one. */
    record Keep() implements PortableLayer {}

    /**
     * Goes on with what is made of kept numbers, instead of those of the layer before.
     *
     * @param kind how
     * @param kept numbers of layers {@link Keep} before this one; one at least, two for a difference. Their shapes are the same,
     *     but for the channels of a concatenation
     */
    record Combine(CombinationKind kind, List<Integer> kept) implements PortableLayer {
        static final int MAXIMUM_PARTS = 4096;

        /** Checks and copies the list. */
        public Combine {
            kept = List.copyOf(kept);
            Ranges.check("number of parts", kept.size(), 1, MAXIMUM_PARTS);
            if (kind == CombinationKind.SUBTRACT) {
                Ranges.check("number of parts of a difference", kept.size(), 2, 2);
            }
            kept.forEach(k -> Ranges.check("part", k, 0, PortableNetwork.MAXIMUM_LAYERS));
        }
    }

    /**
     * Some of the features, or of the channels of an image.
     *
     * @param from the first, from 0
     * @param to the last, not below the first
     */
    record Subset(int from, int to) implements PortableLayer {
        /** Checks the range. */
        public Subset {
            Ranges.check("first", from, 0, MAXIMUM_SIZE - 1);
            Ranges.check("last", to, from, MAXIMUM_SIZE - 1);
        }
    }

    /**
     * Axes of an image change places: axis {@code first} of {@code [channels, height, width]} becomes the channels, {@code second}
     * the height, {@code third} the width.
     *
     * @param first 0 to 2, as all, and each once
     * @param second becomes the height
     * @param third becomes the width
     */
    record Permute(int first, int second, int third) implements PortableLayer {
        /** Checks the axes. */
        public Permute {
            if (!Arrays.equals(IntStream.of(first, second, third).sorted().toArray(), new int[] {0, 1, 2})) {
                throw new IllegalArgumentException("axes are " + List.of(first, second, third)
                        + "; allowed are 0, 1 and 2, each once, in any order");
            }
        }
    }

    /**
     * {@code y = (x - mean) / deviation * gain} for each pixel of an image, or of features: mean and deviation (of the population)
     * are those of its channels. Where the deviation is 0, y is 0.
     *
     * @param channels number of features or channels, at least 1
     * @param gain parameter of as many elements
     * @param bias parameter of as many elements that is then added, or {@link #NONE}
     */
    record LayerNorm(int channels, int gain, int bias) implements PortableLayer {
        /** Checks the ranges. */
        public LayerNorm {
            Ranges.size("channels", channels);
            Ranges.parameter("gain", gain, 0);
            Ranges.parameter("bias", bias, NONE);
        }

        @Override
        public List<Integer> parameters() {
            return present(gain, bias);
        }
    }
}
