package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PortableLayer;

/** The shape between two layers: an image, or features, which count as channels of one pixel. */
record Extent(boolean image, int channels, int height, int width) {

    static Extent features(long size) throws PackedFormatException {
        return checked(false, size, 1, 1);
    }

    static Extent image(long channels, long height, long width) throws PackedFormatException {
        return checked(true, channels, height, width);
    }

    Extent withChannels(long count) throws PackedFormatException {
        return checked(image, count, height, width);
    }

    private static Extent checked(boolean image, long channels, long height, long width) throws PackedFormatException {
        // Each factor is limited first, so that the product of three does not overflow.
        if (outside(channels)
                || outside(height)
                || outside(width)
                || outside(channels * height)
                || outside(channels * height * width)) {
            throw new PackedFormatException("activations have shape " + channels + " x " + height + " x " + width
                    + "; allowed are positive numbers whose product is at most " + PortableLayer.MAXIMUM_SIZE);
        }
        return new Extent(image, (int) channels, (int) height, (int) width);
    }

    private static boolean outside(long size) {
        return size < 1 || size > PortableLayer.MAXIMUM_SIZE;
    }

    int size() {
        return channels * height * width;
    }

    int pixels() {
        return height * width;
    }

    Extent requireImage(String layer) throws PackedFormatException {
        if (!image) {
            throw new PackedFormatException(layer + " needs an image, but its input has " + channels + " features");
        }
        return this;
    }

    Extent requireChannels(String layer, int expected) throws PackedFormatException {
        if (channels != expected) {
            throw new PackedFormatException(
                    layer + " is for " + expected + " features or channels, but its input has " + channels);
        }
        return this;
    }

    @Override
    public String toString() {
        return image ? "[" + channels + ", " + height + ", " + width + "]" : "[" + channels + "]";
    }
}
