package io.github.dl4jaskew.quantized;

/** A network that is no chain of simple layers; never leaves this package. */
final class NotPortableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotPortableException(String reason) {
        super(reason);
    }
}
