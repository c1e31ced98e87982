package io.github.dl4jaskew.examples;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Small files in the shape of MNIST: the digit k is a bright bar in row 2k + 4 of a noisy image. */
public final class MnistFiles {

    private static final int SIDE = 28;

    private MnistFiles() {}

    /** Writes the four files; those to train on are gzipped. */
    public static void write(Path directory, int train, int test) throws IOException {
        part(directory, "train", ".gz", train, 1);
        part(directory, "t10k", "", test, 2);
    }

    private static void part(Path directory, String name, String ending, int count, long seed) throws IOException {
        Random random = new Random(seed);
        byte[] labels = new byte[count];
        byte[] pixels = new byte[count * SIDE * SIDE];
        random.nextBytes(pixels);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (pixels[i] & 0x3F);
        }
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) random.nextInt(10);
            int row = (i * SIDE + 2 * labels[i] + 4) * SIDE;
            for (int x = 4; x < SIDE - 4; x++) {
                pixels[row + x] = (byte) 0xFF;
            }
        }
        Files.write(
                directory.resolve(name + "-images-idx3-ubyte" + ending),
                zipped(ending, idx(pixels, count, SIDE, SIDE)));
        Files.write(directory.resolve(name + "-labels-idx1-ubyte" + ending), zipped(ending, idx(labels, count)));
    }

    /** A file's bytes. */
    public static byte[] idx(byte[] values, int... shape) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x0800 | shape.length);
        for (int size : shape) {
            out.writeInt(size);
        }
        out.write(values);
        return bytes.toByteArray();
    }

    private static byte[] zipped(String ending, byte[] content) throws IOException {
        if (ending.isEmpty()) {
            return content;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
