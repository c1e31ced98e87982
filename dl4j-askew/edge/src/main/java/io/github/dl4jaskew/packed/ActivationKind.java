package io.github.dl4jaskew.packed;

/**
 * Activation functions, as DL4J computes them. The number stored in a file is the position here, so that new ones
 * come last. Immutable, thread safe.
 */
public enum ActivationKind {
    /** x; no arguments. */
    IDENTITY(0),
    /** {@code min(m, x < t ? s (x - t) : x)}; arguments m (infinity for none), t, s. */
    RELU(3),
    /** {@code x < 0 ? a (exp(x) - 1) : x}; argument a. */
    ELU(1),
    /** ELU with fixed constants; no arguments. */
    SELU(0),
    /** {@code 1 / (1 + exp(-x))}; no arguments. */
    SIGMOID(0),
    /** tanh(x); no arguments. */
    TANH(0),
    /** {@code min(1, max(-1, x))}; no arguments. */
    HARD_TANH(0),
    /** {@code min(1, max(0, 0.2 x + 0.5))}; no arguments. */
    HARD_SIGMOID(0),
    /** {@code log(1 + exp(x))}; no arguments. */
    SOFTPLUS(0),
    /** {@code x / (1 + |x|)}; no arguments. */
    SOFTSIGN(0),
    /** {@code x sigmoid(x)}; no arguments. */
    SWISH(0),
    /** {@code x sigmoid(1.702 x)}; no arguments. */
    GELU(0),
    /** {@code x > t ? x : 0}; argument t. */
    THRESHOLDED_RELU(1),
    /** {@code x^3}; no arguments. */
    CUBE(0),
    /** {@code 1.7159 f(2 x / 3)} with {@code f(y) = sign(y) (1 - 1 / (1 + |y| + y^2 + 1.41645 y^4))}; no arguments. */
    RATIONAL_TANH(0),
    /** {@code max(0, tanh(x))}; no arguments. */
    RECTIFIED_TANH(0),
    /** {@code x tanh(log(1 + exp(x)))}; no arguments. */
    MISH(0),
    /** {@code exp(x_i) / sum_j exp(x_j)} over the features, or over the channels of each pixel; no arguments. */
    SOFTMAX(0),
    /**
     * {@code s min(n, max(m, floor(x r + 1/2)))} with {@code s = c / n} and {@code r = n / c}, both in the network's type, or 0
     * if r is infinite in float32; arguments c, n, m.
     */
    LEVELS(3),
    /** {@code x >= 0 ? 1 : -1}; no arguments. */
    SIGN(0);

    private final int arguments;

    ActivationKind(int arguments) {
        this.arguments = arguments;
    }

    /** {@return how many numbers the function needs, 0 to 3} */
    public int arguments() {
        return arguments;
    }
}
