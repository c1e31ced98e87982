package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.Normalization;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PackedModel;
import io.github.dl4jaskew.packed.PortableNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A packed network that predicts in plain Java, without ND4J and without native code: what Deeplearning4j's {@code
 * output} gives for one example, within 1e-5 of the largest output (or of 1). Quantized activations are rounded as there, bit for
 * bit; but a sum that differs in its last bit can lie on the other side of the middle between two levels.
 *
 * <p>Supported are dense, convolution (1D and 2D; depthwise, separable, transposed), pooling, batch-norm, activation, dropout,
 * padding, cropping, upsampling, PReLU, embedding, LSTM, SimpleRnn, bidirectional and output layers, in chains and in graphs
 * with branches that are added or merged; on features, images {@code [channels, height, width]} or {@code [height, width,
 * channels]}, and sequences {@code [channels, length]} or {@code [length, channels]}, as the network has them. Layers
 * with up to 4 levels stay packed in memory, 1 to 2 bits a weight, and are computed on their codes: dense layers of 32 units or
 * more by table look-up; dense layers of levels -v and v directly behind a sign, of 64 inputs or more, by counting bits; plain convolutions of 16
 * output channels or more, if their levels are symmetric, by sums that output channels share. Others become floats, 4
 * bytes a weight ({@link #bytes()} says how much it is in all): the more bits, the more tables look-up needs, and the longer
 * it takes, while floats take the same time.
 *
 * <p>Loading takes memory in proportion to the file: most networks a few times its bytes, binary layers of a single input or
 * output up to 300 times. What a session takes, and how long it computes, depends on the images that the layers make of
 * their input; a small file from an untrusted source may make them large.
 *
 * <p>Immutable and thread safe. Threads that predict much should each hold a {@link #newSession() session}.
 */
public final class EdgeModel {

    private final Program program;
    private final List<String> labels;
    private final float threshold;
    private final @Nullable Normalization normalization;
    private final AtomicReference<@Nullable EdgeSession> idle = new AtomicReference<>();

    private EdgeModel(Program program, List<String> labels, float threshold, @Nullable Normalization normalization) {
        this.program = program;
        this.labels = labels;
        this.threshold = threshold;
        this.normalization = normalization;
    }

    /**
     * Reads a packed file, which tells the shape of its input.
     *
     * @param in is read to the end of the model, and not closed
     * @return the model
     * @throws PackedFormatException if this is no packed file; if its network has an unsupported layer (the message names
     *     it); or if the file does not tell the size of the input images or sequences
     * @throws IOException if the stream fails
     */
    public static EdgeModel load(InputStream in) throws IOException {
        return of(PackedModel.read(in));
    }

    /**
     * Reads a packed file whose network takes images or sequences of any size, for those of one size.
     *
     * @param in is read to the end of the model, and not closed
     * @param size height and width of the images, or the length of the sequences, at least 1 each
     * @return the model
     * @throws IllegalArgumentException if the file says another size, or its network takes features
     * @throws PackedFormatException if this is no packed file, or its network has an unsupported layer
     * @throws IOException if the stream fails
     */
    public static EdgeModel load(InputStream in, int... size) throws IOException {
        return of(PackedModel.read(in), size);
    }

    /**
     * Reads a packed file, which tells the shape of its input.
     *
     * @param file a packed file, and nothing else behind it
     * @return the model
     * @throws PackedFormatException if this is no packed file; if its network has an unsupported layer (the message names
     *     it); or if the file does not tell the size of the input images or sequences
     * @throws IOException if it cannot be read
     */
    public static EdgeModel load(Path file) throws IOException {
        return of(PackedModel.read(file));
    }

    /**
     * Reads a packed file whose network takes images or sequences of any size, for those of one size.
     *
     * @param file a packed file, and nothing else behind it
     * @param size height and width of the images, or the length of the sequences, at least 1 each
     * @return the model
     * @throws IllegalArgumentException if the file says another size, or its network takes features
     * @throws PackedFormatException if this is no packed file, or its network has an unsupported layer
     * @throws IOException if it cannot be read
     */
    public static EdgeModel load(Path file, int... size) throws IOException {
        return of(PackedModel.read(file), size);
    }

    private static EdgeModel of(PackedModel model, int... size) throws PackedFormatException {
        ByteBuffer section = model.head().layers();
        if (section == null) {
            throw new PackedFormatException("the file has no list of layers; it serves Deeplearning4j alone");
        }
        PortableNetwork network = PortableNetwork.read(section);
        if (network.reason() != null) {
            throw new PackedFormatException("this network serves Deeplearning4j alone: " + network.reason());
        }
        Program program =
                Compiler.compile(network, shape(network.inputShape(), size), new Parameters(model.parameters()));
        List<String> stored = model.head().labels();
        List<String> labels = stored == null ? List.of() : stored;
        int outputs = program.outputs();
        boolean binary = outputs == 1 && labels.size() == 2;
        if (!labels.isEmpty() && labels.size() != outputs && !binary) {
            throw new PackedFormatException("there are " + labels.size() + " labels for " + outputs + " outputs");
        }
        float threshold = Threshold.of(network.layers(), binary);
        return new EdgeModel(program, labels, threshold, model.head().normalization());
    }

    private static List<Integer> shape(List<Integer> stored, int... size) throws PackedFormatException {
        boolean images = stored.size() == 3;
        boolean open = stored.size() > 1 && stored.get(1) == 0;
        if (size.length == 0) {
            if (open) {
                throw new PackedFormatException("this network takes " + (images ? "images with " : "sequences with ")
                        + stored.get(0) + " channels of any size; load it with the "
                        + (images ? "height and width" : "length") + " of yours");
            }
            return stored;
        }
        List<Integer> given = new ArrayList<>(List.of(stored.get(0)));
        for (int extent : size) {
            if (extent < 1) {
                throw new IllegalArgumentException(
                        "the size is " + Arrays.toString(size) + "; allowed is at least 1 each");
            }
            given.add(extent);
        }
        if (open ? given.size() != stored.size() : !given.equals(stored)) {
            throw new IllegalArgumentException(
                    "the size is " + Arrays.toString(size) + ", but the input has shape " + stored);
        }
        return given;
    }

    /**
     * The same network behind the normalization that the file describes: it then takes features as they were before the
     * training's normalizer. Without this call, features are expected to be normalized already.
     *
     * @return a model that normalizes by itself
     * @throws IllegalStateException if the file describes no normalization, or one that does not fit the input, or
     *     this model normalizes already
     */
    public EdgeModel normalizing() {
        if (normalization == null) {
            throw new IllegalStateException("there is no normalization to apply");
        }
        try {
            List<Step> steps = new ArrayList<>();
            steps.add(FeatureScaling.of(normalization, program.shape(), program.inputs()));
            steps.addAll(program.steps());
            Program scaled = new Program(
                    program.shape(),
                    program.inputs(),
                    program.outputs(),
                    program.largest(),
                    program.cost(),
                    steps,
                    program.time(),
                    program.whole());
            return new EdgeModel(scaled, labels, threshold, null);
        } catch (PackedFormatException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * {@return whether {@link #normalizing()} has something to apply; false if the file describes no normalization, or
     * this model normalizes already}
     */
    public boolean hasNormalization() {
        return normalization != null;
    }

    /**
     * {@return the shape of the input, {@code [features]}, {@code [channels, height, width]} or {@code [channels, length]}; of a
     * network with channels last, {@code [height, width, channels]} or {@code [length, channels]}; a new array}
     */
    public int[] inputShape() {
        return program.shape().stream().mapToInt(n -> n).toArray();
    }

    /** {@return the number of values of an input, the product of its shape} */
    public int inputSize() {
        return program.inputs();
    }

    /** {@return the number of values of an output, at least 1} */
    public int outputSize() {
        return program.outputs();
    }

    /**
     * {@return the names of the outputs: one for each output; two, of classes 0 and 1, for a single output; empty if
     * the file has none}
     */
    public List<String> labels() {
        return labels;
    }

    /**
     * {@return bytes of weights and tables in memory, at least 0; a session takes its own {@link EdgeSession#bytes()}
     * in addition}
     */
    public long bytes() {
        return program.bytes();
    }

    /**
     * What a prediction takes, known before it: about the number of multiplications and comparisons of numbers; a few 10^8
     * to 10^9 take a second. A small file may ask for years. A prediction of 2^24 or more notices within seconds that its
     * thread is interrupted, and ends with a {@link java.util.concurrent.CancellationException}; the interrupt flag stays.
     *
     * @return at least 1; {@link Long#MAX_VALUE} for that many or more
     */
    public long cost() {
        return program.cost();
    }

    /**
     * Memory to predict with again and again. It holds the largest images between two layers, which a small file may claim to
     * be large: up to 2^26 numbers each. Loading a file takes no such memory.
     *
     * @return a new session, for one thread
     */
    public EdgeSession newSession() {
        return new EdgeSession(program);
    }

    /**
     * The network's output for one example.
     *
     * @param input {@link #inputSize()} finite numbers: features, or an image of {@link #inputShape()}, whose last
     *     axis varies fastest; not changed
     * @return {@link #outputSize()} numbers, in a new array
     * @throws IllegalArgumentException if the length is wrong or an input is not finite
     * @throws java.util.concurrent.CancellationException if the thread is interrupted; see {@link #cost()}
     */
    public float[] predict(float[] input) {
        float[] output = new float[outputSize()];
        predict(input, output);
        return output;
    }

    /**
     * The network's output for a sequence that is shorter than those of {@link #inputShape()}. It is the output for the
     * sequence alone, as if the model had been loaded for its length: what DL4J computes with a mask of the features that
     * ends there. (With that mask, DL4J's LSTM inside a {@code Bidirectional} sees the missing steps all the same; this one does
     * not.) Layers that see several time steps at once, such as convolutions, need all of them.
     *
     * @param input as {@link #predict(float[])}, of full length; what stands behind {@code length} has to be finite, as zeros are,
     *     and has no effect
     * @param length time steps that are there, from the first on, 1 to all
     * @return {@link #outputSize()} numbers, in a new array; if the output is a sequence too, those behind {@code length} have
     *     no meaning
     * @throws IllegalArgumentException if a length is wrong or an input is not finite
     * @throws IllegalStateException if the model takes no sequences, or a layer needs all time steps; the message names it
     * @throws java.util.concurrent.CancellationException if the thread is interrupted; see {@link #cost()}
     */
    public float[] predict(float[] input, int length) {
        float[] output = new float[outputSize()];
        newSession().predict(input, length, output);
        return output;
    }

    /**
     * The network's output for one example; allocates nothing unless several threads do so at once.
     *
     * @param input as {@link #predict(float[])}
     * @param output receives {@link #outputSize()} numbers
     * @throws IllegalArgumentException if a length is wrong or an input is not finite
     * @throws java.util.concurrent.CancellationException if the thread is interrupted; see {@link #cost()}
     */
    public void predict(float[] input, float[] output) {
        EdgeSession taken = idle.getAndSet(null);
        EdgeSession session = taken == null ? newSession() : taken;
        session.predict(input, output);
        idle.set(session);
    }

    /**
     * The index of the largest output; of equal ones, the first. If there is one output, the class 1 if it is above a
     * threshold and else 0: above 0.5 behind sigmoid and hard sigmoid, as DL4J's {@code Evaluation} counts; above 0 behind
     * tanh and its kin and the sign. Without an activation it may be a regression, and is compared with 0 only if the file has
     * two labels.
     *
     * @param input as {@link #predict(float[])}
     * @return 0 to {@code outputSize() - 1}; 0 or 1 if there is one output: an index of {@link #labels()}, of which a lone
     *     one names class 1
     * @throws IllegalArgumentException if the length is wrong or an input is not finite
     * @throws IllegalStateException if the only output is that of a regression or of another activation; or if an output is
     *     not a number, because numbers on the way were too large
     * @throws java.util.concurrent.CancellationException if the thread is interrupted; see {@link #cost()}
     */
    public int classify(float[] input) {
        if (outputSize() == 1 && Float.isNaN(threshold)) {
            throw new IllegalStateException(
                    "the only output has no threshold between two classes, as in a regression; use"
                            + " predict, or end the network with a sigmoid, or with no activation and two labels in the file");
        }
        float[] output = predict(input);
        int best = 0;
        for (int i = 0; i < output.length; i++) {
            if (Float.isNaN(output[i])) {
                throw new IllegalStateException("output " + i + " is not a number");
            }
            best = output[i] > output[best] ? i : best;
        }
        return output.length > 1 ? best : output[0] > threshold ? 1 : 0;
    }

    @Override
    public String toString() {
        return "EdgeModel " + Arrays.toString(inputShape()) + " to " + outputSize() + " outputs, " + bytes() + " bytes";
    }
}
