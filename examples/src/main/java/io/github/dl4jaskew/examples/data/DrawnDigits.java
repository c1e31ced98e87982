package io.github.dl4jaskew.examples.data;

import java.util.List;
import java.util.Random;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Digits drawn by a program, in the shape of MNIST, for when MNIST is not at hand: the seven segments of a pocket
 * calculator's display, shifted, slanted, of changing thickness and brightness, in noise.
 */
public final class DrawnDigits {

    private static final int SIDE = Mnist.SIDE;
    private static final int LEFT = 9;
    private static final int TOP = 5;
    private static final int LENGTH = 9;
    private static final int LARGEST_SHIFT = 3;
    private static final double LARGEST_SLANT = 0.25;
    private static final double NOISE = 0.3;

    /** For each digit its segments: top, middle, bottom, upper left, upper right, lower left, lower right. */
    private static final List<String> SEGMENTS = List.of(
            "1011111", "0000101", "1110110", "1110101", "0101101", "1111001", "1111011", "1000101", "1111111",
            "1111101");

    private final Random random;

    private DrawnDigits(long seed) {
        random = new Random(seed);
    }

    /**
     * Draws digits.
     *
     * @param train how many to train on, at least 1
     * @param test how many to test on, at least 1
     * @param seed decides all of them
     * @return pixels in [0, 1], one image a row, and one-hot labels
     * @throws IllegalArgumentException if a number is below 1
     */
    public static Split generate(int train, int test, long seed) {
        if (train < 1 || test < 1) {
            throw new IllegalArgumentException(
                    "train is " + train + " and test is " + test + "; both must be at least 1");
        }
        DrawnDigits digits = new DrawnDigits(seed);
        return new Split(digits.draw(train), digits.draw(test));
    }

    private DataSet draw(int count) {
        float[][] images = new float[count][];
        float[][] labels = new float[count][Mnist.CLASSES];
        for (int i = 0; i < count; i++) {
            int digit = random.nextInt(Mnist.CLASSES);
            images[i] = image(SEGMENTS.get(digit));
            labels[i][digit] = 1;
        }
        return new DataSet(Nd4j.create(images), Nd4j.create(labels));
    }

    private float[] image(String segments) {
        float[] image = new float[SIDE * SIDE];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) (NOISE * random.nextDouble());
        }
        int left = LEFT + random.nextInt(2 * LARGEST_SHIFT + 1) - LARGEST_SHIFT;
        int top = TOP + random.nextInt(2 * LARGEST_SHIFT + 1) - LARGEST_SHIFT;
        int thickness = 1 + random.nextInt(3);
        double slant = LARGEST_SLANT * (2 * random.nextDouble() - 1);
        float brightness = (float) (0.5 + 0.5 * random.nextDouble());
        for (int s = 0; s < segments.length(); s++) {
            if (segments.charAt(s) == '1') {
                for (int along = 0; along < LENGTH; along++) {
                    for (int across = 0; across < thickness; across++) {
                        int row = top + row(s, along, across);
                        int column = left + column(s, along, across) + (int) Math.round(slant * (SIDE / 2.0 - row));
                        image[row * SIDE + Math.max(0, Math.min(SIDE - 1, column))] = brightness;
                    }
                }
            }
        }
        return image;
    }

    /** Segments 0 to 2 lie, 3 and 4 stand above, 5 and 6 below the middle. */
    private static int row(int segment, int along, int across) {
        return segment < 3 ? segment * (LENGTH - 1) + across : (segment < 5 ? 0 : LENGTH - 1) + along;
    }

    private static int column(int segment, int along, int across) {
        return segment < 3 ? along : (segment % 2 == 1 ? 0 : LENGTH - 1) + across;
    }
}
