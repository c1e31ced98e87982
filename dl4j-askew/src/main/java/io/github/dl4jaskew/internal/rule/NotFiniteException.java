package io.github.dl4jaskew.internal.rule;

/** Names the first element that is not finite. */
final class NotFiniteException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final long element;

    NotFiniteException(String what, long element, double value) {
        super(what + " of element " + element + " is " + value + "; it must be finite");
        this.element = element;
    }

    static void require(String what, long element, double value) {
        if (!Double.isFinite(value)) {
            throw new NotFiniteException(what, element, value);
        }
    }

    long element() {
        return element;
    }
}
