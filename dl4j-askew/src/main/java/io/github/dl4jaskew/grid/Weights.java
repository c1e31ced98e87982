package io.github.dl4jaskew.grid;

/** The weights of one parameter, read one by one in memory order, so that no copy is needed. */
public interface Weights {

    /** {@return the number of weights} */
    long size();

    /**
     * One weight.
     *
     * @param element index in memory order, 0 to {@code size() - 1}
     * @return its value
     */
    double at(long element);

    /**
     * Weights held in an array.
     *
     * @param values the weights; not copied
     * @return a view of them
     */
    static Weights of(double... values) {
        return new Weights() {
            @Override
            public long size() {
                return values.length;
            }

            @Override
            public double at(long element) {
                return values[Math.toIntExact(element)];
            }
        };
    }
}
