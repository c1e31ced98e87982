package io.github.dl4jaskew.pages;

/**
 * A question that cannot be answered; the message goes to who asked.
 *
 * @serial exclude
 */
public final class BadQueryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** As in HTTP. */
    private final int status;

    /**
     * Refuses a question.
     *
     * @param message names the parameter, its value and what is allowed
     */
    public BadQueryException(String message) {
        this(400, message);
    }

    BadQueryException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** As in HTTP. */
    int status() {
        return status;
    }
}
