package foreign;

import org.nd4j.linalg.activations.impl.ActivationReLU;

/** A class that nobody may load but a hostile file. Sings if it happens. */
public final class Canary extends ActivationReLU {

    private static final long serialVersionUID = 1L;

    static {
        System.setProperty("foreign.touched", "yes");
    }
}
