package io.github.dl4jaskew.internal.install;

/** Errors of the maths with the place where they happened. */
final class Named {

    private Named() {}

    static IllegalArgumentException exception(
            String layer, String parameter, int iteration, IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "layer '" + layer + "', parameter '" + parameter + "', iteration " + iteration + ": "
                        + cause.getMessage(),
                cause);
    }
}
