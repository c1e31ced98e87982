package io.github.dl4jaskew.quantized;

/** A network that has other than simple layers; never leaves this package. */
final class NotPortableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotPortableException(String reason) {
        super(reason);
    }
}
