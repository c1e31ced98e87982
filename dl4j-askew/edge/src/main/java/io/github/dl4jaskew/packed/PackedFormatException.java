package io.github.dl4jaskew.packed;

import java.io.IOException;

/** Input that is no packed file of a known version, or a damaged, incomplete or hostile one. The message says why. */
public final class PackedFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * With a reason.
     *
     * @param message what is wrong, and where
     */
    public PackedFormatException(String message) {
        super(message);
    }

    /**
     * With a reason and its cause.
     *
     * @param message what is wrong, and where
     * @param cause what noticed it
     */
    public PackedFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
