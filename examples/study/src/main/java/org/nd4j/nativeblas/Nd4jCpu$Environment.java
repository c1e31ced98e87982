package org.nd4j.nativeblas;

/**
 * Stands in for a class that DL4J's oneDNN helpers ask whether they may work, and that ND4J 1.0.0-M2.1 no longer has.
 * Without it they never do. Only the study switches them on.
 */
@SuppressWarnings({"checkstyle:TypeName", "TypeNameShadowing"})
public final class Nd4jCpu$Environment {

    private static final Nd4jCpu$Environment INSTANCE = new Nd4jCpu$Environment();

    private Nd4jCpu$Environment() {}

    /**
     * The environment.
     *
     * @return the only instance
     */
    public static Nd4jCpu$Environment getInstance() {
        return INSTANCE;
    }

    /**
     * Whether the helpers may work.
     *
     * @return true; {@code org.eclipse.deeplearning4j.helpers.disable} says no before this is asked
     */
    public boolean isUseMKLDNN() {
        return true;
    }
}
