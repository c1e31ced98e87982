package io.github.dl4jaskew.examples.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Handwritten digits from the four files in which MNIST is distributed, as they are or gzipped. */
public final class Mnist {

    /** Pixels of a side of an image. */
    public static final int SIDE = 28;

    /** Digits. */
    public static final int CLASSES = 10;

    private static final float WHITE = 255;

    private Mnist() {}

    /**
     * Reads {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and {@code
     * t10k-labels-idx1-ubyte}, each of which may end in {@code .gz}.
     *
     * @param directory where they are
     * @return pixels in [0, 1], one image a row, and one-hot labels
     * @throws IOException if a file is missing or damaged, or images and labels do not fit; names the file
     */
    public static Split read(Path directory) throws IOException {
        return new Split(part(directory, "train"), part(directory, "t10k"));
    }

    private static DataSet part(Path directory, String name) throws IOException {
        Path imageFile = find(directory, name + "-images-idx3-ubyte");
        Path labelFile = find(directory, name + "-labels-idx1-ubyte");
        IdxFile images = IdxFile.read(imageFile, 3);
        IdxFile labels = IdxFile.read(labelFile, 1);
        int count = images.shape().get(0);
        if (images.shape().get(1) != SIDE || images.shape().get(2) != SIDE) {
            throw new IOException(imageFile + ": images are " + images.shape().get(1) + " x "
                    + images.shape().get(2) + " pixels; expected are 28 x 28");
        }
        if (labels.shape().get(0) != count) {
            throw new IOException(labelFile + " has " + labels.shape().get(0) + " labels, but " + imageFile + " has "
                    + count + " images");
        }
        return new DataSet(
                Nd4j.create(pixels(images.values()), new long[] {count, SIDE * SIDE}, 'c'),
                Nd4j.create(oneHot(labelFile, labels.values()), new long[] {count, CLASSES}, 'c'));
    }

    private static Path find(Path directory, String name) throws IOException {
        for (String ending : new String[] {"", ".gz"}) {
            Path file = directory.resolve(name + ending);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new NoSuchFileException(directory.resolve(name).toString(), null, "no such file, nor one ending in .gz");
    }

    private static float[] pixels(byte[] values) {
        float[] pixels = new float[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Byte.toUnsignedInt(values[i]) / WHITE;
        }
        return pixels;
    }

    private static float[] oneHot(Path file, byte[] labels) throws IOException {
        float[] rows = new float[labels.length * CLASSES];
        for (int i = 0; i < labels.length; i++) {
            int label = Byte.toUnsignedInt(labels[i]);
            if (label >= CLASSES) {
                throw new IOException(file + ": label " + i + " is " + label + "; allowed are 0 to 9");
            }
            rows[i * CLASSES + label] = 1;
        }
        return rows;
    }
}
